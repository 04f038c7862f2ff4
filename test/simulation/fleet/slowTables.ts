// Tables in memory that take their time, a page of a query at a time, and count requests by who makes them. Used by runFleet.
import type { Tables } from '../../../shared/ports/tables.ts';
import type { Schedule } from '../world/schedule.ts';

const requestMs = 10;
/** Azure gives no more rows at once. */
const maxPage = 1000;

export function slowTables(tables: Tables, schedule: Schedule, count: () => void): Tables {
  const request = () => {
    count();
    return schedule.wait(requestMs);
  };
  return {
    get: async (...of) => {
      await request();
      return tables.get(...of);
    },
    query: async function* (table, partition, range) {
      const size = Math.min(range?.pageSize ?? maxPage, maxPage);
      await request();
      let rows = 0;
      for await (const row of tables.query(table, partition, range)) {
        // What says that there is more comes with a page, so the row after it costs the next request.
        if (rows > 0 && rows % size === 0) await request();
        rows += 1;
        yield row;
      }
    },
    write: async (...of) => {
      await request();
      return tables.write(...of);
    },
  };
}
