// JSON from outside. Called by the adapters.

/** Undefined where there is no text, or no JSON in it. */
export function jsonIn(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
