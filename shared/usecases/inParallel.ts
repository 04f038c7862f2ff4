// Work on many clusters at once, without opening a thousand connections. Called by the planner.

/** Maps in order, with at most `width` under way. The first error is thrown once those under way have ended. */
export async function inParallel<T, R>(items: readonly T[], width: number, work: (item: T) => Promise<R>) {
  const results: R[] = [];
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const index = next;
      next += 1;
      results[index] = await work(items[index] as T);
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(width, items.length) }, lane));
  const failed = ended.find((lane) => lane.status === 'rejected');
  if (failed) throw failed.reason;
  return results;
}
