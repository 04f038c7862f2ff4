// HTTP requests and answers as values, so that everything but the listening is a function from one to the other.
// Used by httpServer.ts and by all that answers.

export type HttpInput = {
  /** In upper case. */
  readonly method: string;
  readonly url: URL;
  /** By lower-case name; repeated headers joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
};

export type HttpAnswer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: Uint8Array;
};

export function textAnswer(status: number, text: string): HttpAnswer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: Buffer.from(text) };
}

export function jsonAnswer(status: number, value: unknown): HttpAnswer {
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  return { status, headers, body: Buffer.from(JSON.stringify(value)) };
}
