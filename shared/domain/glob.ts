// Name patterns as people write them in a policy or a query.

/** True when `name` matches `pattern`, ignoring case; `*` stands for any run of characters, `?` for one. */
export function globMatches(pattern: string, name: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'is').test(name);
}
