// Reads that end: a storage call that hangs fails after a while. Called by getHistory for what it streams.
import type { Tables } from '../../ports/tables.ts';

/** Storage answers a query within 5 s or gives a part of it, so that this is no slow answer but none. */
const maxMilliseconds = 20_000;

/** @throws from `get` and `query`, when storage is silent for longer than that */
export function boundedReads(tables: Tables, milliseconds = maxMilliseconds): Tables {
  return {
    ...tables,
    get: async (...row) => {
      const { within, end } = boundary(milliseconds);
      return within(() => tables.get(...row)).finally(end);
    },
    query: async function* (...asked) {
      const rows = tables.query(...asked)[Symbol.asyncIterator]();
      const { within, end } = boundary(milliseconds);
      try {
        for (;;) {
          const next = await within(() => rows.next());
          if (next.done) return;
          yield next.value;
        }
      } finally {
        end();
      }
    },
  };
}

/** Bounds one call after another by one timer: a timer for each row would take as long as the row. */
function boundary(milliseconds: number) {
  let fail: (late: Error) => void = () => undefined;
  const timer = setTimeout(
    () => fail(new Error(`Storage has not answered for ${milliseconds / 1000} s.`)),
    milliseconds,
  );
  // Queries that nobody reads to their end must not keep a process.
  timer.unref();
  const within = <T>(call: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      fail = reject;
      timer.refresh();
      call().then(resolve, reject);
    });
  return { within, end: () => clearTimeout(timer) };
}
