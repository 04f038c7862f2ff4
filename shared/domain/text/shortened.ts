// Texts of Azure's may be of any length, and a row of storage is not. Called wherever such a text is kept or shown.

/** The text, cut so that its JSON has at most `max` characters or so; one that was cut says how long it was. */
export function shortened(text: string, max: number): string {
  let kept = text.slice(0, max);
  while (JSON.stringify(kept).length > max + 2) kept = kept.slice(0, Math.floor(kept.length / 2));
  return kept.length === text.length ? text : `${kept.toWellFormed()}… (${text.length} characters)`;
}
