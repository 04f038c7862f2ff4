// Name patterns as people write them in a policy or a query.

/** Ignores case; `*` stands for any run of characters, `?` for one. In time pattern × name: queries bring their own. */
export function globMatches(pattern: string, name: string): boolean {
  const wanted = pattern.toLowerCase();
  const found = name.toLowerCase();
  let star = -1;
  let resumeAt = 0;
  let next = 0;
  for (let index = 0; index < found.length; ) {
    if (wanted[next] === '*') {
      star = next;
      resumeAt = index;
      next += 1;
    } else if (wanted[next] === '?' || wanted[next] === found[index]) {
      next += 1;
      index += 1;
    } else if (star >= 0) {
      // The last star takes one character more; the earlier ones need not.
      resumeAt += 1;
      index = resumeAt;
      next = star + 1;
    } else {
      return false;
    }
  }
  return wanted.slice(next).replaceAll('*', '') === '';
}
