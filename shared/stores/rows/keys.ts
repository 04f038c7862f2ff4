// Row keys that sort the newest first. Called by the stores.

const largest = 999_999_999_999_999;

/** 15 digits; a larger number sorts earlier. For sequences, and for times in epoch milliseconds. */
export function descending(value: number): string {
  return String(largest - value).padStart(15, '0');
}

export function ascending(value: number): string {
  return String(value).padStart(15, '0');
}

/** The number that a key made by {@link descending} begins with; NaN where it begins with none. */
export function numberIn(key: string): number {
  return largest - Number(key.slice(0, 15) || Number.NaN);
}
