// Words for people: what was thrown, and the names in lists of any length. Called wherever people read of them.

export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Texts of Azure's and of people end with a full stop or without. */
export function withoutFullStop(text: string): string {
  return text.trimEnd().replace(/\.$/, '');
}

export function named(names: readonly string[], max = 10, others = 0): string {
  const more = Math.max(names.length - max, 0) + others;
  return names.slice(0, max).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
