// The checker's own reading and order of node image versions; not a line of it shared with the keeper.

type Image = { readonly family: string; readonly numbers: readonly number[] };

const known = new Map<string, Image | undefined>();

function read(image: string): Image | undefined {
  if (!known.has(image)) known.set(image, parse(image));
  return known.get(image);
}

function parse(image: string): Image | undefined {
  const found = /^(?<family>.+?)-(?<release>\d{6}\.\d{2}\.\d+|\d{4}\.\d{2}\.\d{2}|\d{5}\.\d+\.\d{6})$/.exec(
    image,
  )?.groups;
  if (!found) return undefined;
  const { family = '', release = '' } = found;
  const parts = release.split('.');
  const [first = '', ...rest] = parts;
  const numbers = first.length === 6 ? [first.slice(0, 4), first.slice(4), ...rest] : parts;
  return { family, numbers: numbers.map(Number) };
}

/** Undefined: an image that can't be read, or two families. */
function order(a: string, b: string): number | undefined {
  const [one, other] = [read(a), read(b)];
  if (!one || !other || one.family !== other.family) return undefined;
  for (const [index, number] of one.numbers.entries()) {
    const difference = number - (other.numbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** True only where both can be read, and the first is of the same family and newer. */
export function isNewer(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && (order(a, b) ?? 0) > 0;
}

/**
 * True when the release is the later one: in a family by its numbers, over families by its day, and on Linux by the number
 * of that day.
 */
export function isLaterRelease(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  if (isSameFamily(a, b)) return isNewer(a, b);
  const [day, other] = [releasedOn(a) ?? Number.NaN, releasedOn(b) ?? Number.NaN];
  if (day !== other) return day > other;
  const [one, two] = [read(a), read(b)];
  return one?.numbers.length === 4 && (one.numbers[3] ?? 0) > (two?.numbers[3] ?? 0);
}

export function isOtherFamily(a: string, b: string): boolean {
  return read(a)?.family !== read(b)?.family;
}

/** Can no longer be upgraded, as AKS makes no newer one. */
export function isRetired(image: string): boolean {
  return /^AKSUbuntu-1804|^AKSCBLMariner/.test(image);
}

export function isSameFamily(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && read(a) !== undefined && read(a)?.family === read(b)?.family;
}

/** The day in the image's name, as epoch milliseconds. */
export function releasedOn(image: string): number | undefined {
  const { family = '', numbers = [] } = read(image) ?? {};
  const windows = /^(\d\d)(\d\d)(\d\d)$/.exec(String(numbers[2] ?? ''));
  const [year, month, day] =
    family.startsWith('AKSWindows') && windows ? [`20${windows[1]}`, windows[2], windows[3]] : numbers;
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day));
  return Number.isNaN(at) ? undefined : at;
}
