// What went wrong, in words. Called wherever people read of what was thrown.

export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Texts of Azure's and of people end with a full stop or without. */
export function withoutFullStop(text: string): string {
  return text.trimEnd().replace(/\.$/, '');
}
