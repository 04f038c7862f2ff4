// The checker's own reading of name patterns. Used by the judges.

/** `*` stands for any characters and `?` for one, whatever the case. */
export function fits(pattern: string | undefined, name: string): boolean {
  if (pattern === undefined) return true;
  const text = pattern.replace(/[^\w\s]/g, (one) => (one === '*' ? '.*' : one === '?' ? '.' : `\\${one}`));
  return new RegExp(`^${text}$`, 'is').test(name);
}

/** An image by its whole name or by its release alone. */
export function fitsImage(pattern: string, image: string): boolean {
  return fits(pattern, image) || fits(pattern, image.slice(image.lastIndexOf('-') + 1));
}
