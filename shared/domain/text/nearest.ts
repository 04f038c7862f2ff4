// What somebody may have meant who misspelled a name. Called where a name matches nothing.

const maxNamed = 3;

/** The names that are most like `wanted`, ignoring case, the likest first; none that differs in more than about a third of its letters. */
export function nearest(wanted: string, names: Iterable<string>): readonly string[] {
  const text = wanted.toLowerCase();
  const most = Math.ceil(text.length / 3);
  return [...new Set(names)]
    .map((name) => ({ name, edits: editsBetween(text, name.toLowerCase()) }))
    .filter(({ edits }) => edits <= most)
    .sort((a, b) => a.edits - b.edits || (a.name < b.name ? -1 : 1))
    .slice(0, maxNamed)
    .map(({ name }) => name);
}

/** How many letters are added, dropped or changed (Levenshtein). */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [index, letter] of a.split('').entries()) {
    const next = [index + 1];
    for (const [at, other] of b.split('').entries()) {
      const changed = (row[at] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
