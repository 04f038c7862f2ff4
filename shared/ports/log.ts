// What the app says to whoever runs it.

export type Log = {
  readonly info: (message: string) => void;
  readonly warn: (message: string) => void;
};
