// Texts of Azure's may be of any length, and a row of storage is not. Called wherever such a text is kept or told.

/** The text, cut so that its JSON has at most `most` characters or so; one that was cut says how long it was. */
export function shortened(text: string, most: number): string {
  let kept = text.slice(0, most);
  while (JSON.stringify(kept).length > most + 2) kept = kept.slice(0, Math.floor(kept.length / 2));
  return kept.length === text.length ? text : `${kept.toWellFormed()}… (${text.length} characters)`;
}
