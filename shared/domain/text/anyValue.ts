// Values of any shape, for messages and for whoever reads what nobody promises a shape of.

export type Fields = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** ARM sends null for what was not set. */
export function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

export function show(value: unknown): string {
  if (isAbsent(value)) return 'missing';
  if (Array.isArray(value)) return 'a list';
  if (isObject(value)) return 'an object';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return `a ${typeof value}`;
  return JSON.stringify(value.length <= 80 ? value : `${value.slice(0, 80)}…`);
}

/** The fields that are there, to be laid over others. */
export function given<T extends object>(fields: T): { readonly [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
