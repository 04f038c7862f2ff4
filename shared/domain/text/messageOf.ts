// What went wrong, in words. Called wherever what was thrown is told to people.

/** The message of an error; of whatever else was thrown, its text. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Texts of Azure's and of people end with a full stop or without. */
export function withoutFullStop(text: string): string {
  return text.trimEnd().replace(/\.$/, '');
}
