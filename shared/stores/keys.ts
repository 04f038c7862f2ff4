// Row keys that sort the newest first. Called by the stores.

const largest = 999_999_999_999_999;

/** 15 digits; a larger number sorts earlier. For sequences, and for times in epoch milliseconds. */
export function descending(value: number): string {
  return String(largest - value).padStart(15, '0');
}
