// Reads that end: a storage call that hangs fails after a while. Called by getHistory for what it streams.
import type { Tables } from '../../ports/tables.ts';

/** Storage answers a query within 5 s or gives a part of it, so that this is no slow answer but none. */
const maxMilliseconds = 20_000;

/** @throws from `get` and `query`, when storage is silent for longer than that */
export function boundedReads(tables: Tables, milliseconds = maxMilliseconds): Tables {
  return {
    ...tables,
    get: (...row) => inTime(tables.get(...row), milliseconds),
    query: async function* (...asked) {
      const rows = tables.query(...asked)[Symbol.asyncIterator]();
      for (;;) {
        const next = await inTime(rows.next(), milliseconds);
        if (next.done) return;
        yield next.value;
      }
    },
  };
}

async function inTime<T>(answer: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const silent = new Error(`Storage has not answered for ${milliseconds / 1000} s.`);
    timer = setTimeout(() => reject(silent), milliseconds);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
