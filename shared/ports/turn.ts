// Lets others have their turn of the event loop between slices of long work. Called by the adapters of storage and by checks.

let last = Promise.resolve();
let waiting = 0;

/** One slice a turn, whoever waits: fifty callers who go on in the same turn would block it as one long slice does. */
export function turn(): Promise<void> {
  waiting += 1;
  last = after(last);
  return last;
}

/** Who drives time by hand lets none go by meanwhile. */
export const isTurnAwaited = () => waiting > 0;

async function after(before: Promise<void>): Promise<void> {
  await before;
  await new Promise((resolve) => setImmediate(resolve));
  waiting -= 1;
}
