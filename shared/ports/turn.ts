// Lets others have their turn of the event loop between slices of long work. Called by the adapters of storage and by checks.

let last = Promise.resolve();

/** One slice a turn, whoever waits: fifty callers who go on in the same turn would block it as one long slice does. */
export function turn(): Promise<void> {
  last = last.then(() => new Promise((resolve) => setImmediate(resolve)));
  return last;
}
