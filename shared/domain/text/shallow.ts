// JSON from outside may be nested so deep that nothing can write it again. Called where events and messages come in.

/** As deep as Azure's own host reads JSON. */
const deepest = 64;

/** The value itself, or a copy in which text stands for what is nested deeper than that. @param value what JSON.parse made */
export function shallow(value: unknown): unknown {
  return isDeeper(value, deepest) ? cut(value, deepest) : value;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((one) => isDeeper(one, levels - 1));
}

function cut(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return `… (nested deeper than ${deepest} levels)`;
  if (Array.isArray(value)) return value.map((one) => cut(one, levels - 1));
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, cut(one, levels - 1)]));
}
