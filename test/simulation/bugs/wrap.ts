// Puts a bug between the keeper and one of its ports: one method becomes a function of the honest one. Used by the tables of
// bugs.
import type { Row, RowChange, TableName, Tables } from '../../../shared/ports/tables.ts';
import type { Dependencies } from '../../../shared/usecases/dependencies.ts';
import type { FunctionName, Invocation } from '../record/record.ts';
import { type Bug, noBug } from './bug.ts';

/** What an invocation is given, from the honest ports; called anew for each, so that what it remembers is the invocation's. */
export type Change = Bug['dependencies'];
type Port = 'arm' | 'capacity' | 'kubernetes' | 'tables' | 'queues' | 'clock';

/** @param wrap makes the method out of the honest one */
export function on<P extends Port, M extends keyof Dependencies[P]>(
  port: P,
  method: M,
  wrap: (honest: Dependencies[P][M], all: Dependencies, invocation: Invocation) => Dependencies[P][M],
): Change {
  return (all, invocation) => {
    const changed = { ...all[port], [method]: wrap(all[port][method], all, invocation) };
    return { ...all, [port]: changed };
  };
}

/** One change over the other: the last is nearest to the keeper. */
export function both(...changes: readonly Change[]): Change {
  return (honest, invocation) => changes.reduce((ports, change) => change(ports, invocation), honest);
}

export function during(names: readonly FunctionName[], change: Change): Change {
  return (honest, invocation) => (names.includes(invocation.name) ? change(honest, invocation) : honest);
}

/** What is written to a table is changed, or left out where `to` gives nothing. */
export function writing(
  name: TableName,
  to: (change: RowChange, invocation: Invocation) => RowChange | undefined,
): Change {
  return on('tables', 'write', (write, _all, invocation) => (table, partition, changes) => {
    if (table !== name) return write(table, partition, changes);
    const changed = changes.flatMap((change) => to(change, invocation) ?? []);
    return changed.length > 0 ? write(table, partition, changed) : Promise.resolve('written');
  });
}

/** What queries of a table show is changed, or left out where `to` gives nothing. */
export function querying(name: TableName, to: (row: Row, partition: string) => Row | undefined): Change {
  return on('tables', 'query', (query) => (table, partition, range) => {
    const rows = query(table, partition, range);
    return table === name ? mapped(rows, (row) => to(row, partition)) : rows;
  });
}

export function getting(name: TableName, to: (row: Row) => Row): Change {
  return on('tables', 'get', (get) => async (table, partition, rowKey) => {
    const row = await get(table, partition, rowKey);
    return row && table === name ? to(row) : row;
  });
}

export function wrong(name: string, dependencies: Change): Bug {
  return { ...noBug, name, dependencies };
}

async function* mapped(rows: ReturnType<Tables['query']>, to: (row: Row) => Row | undefined): AsyncGenerator<Row> {
  for await (const row of rows) {
    const changed = to(row);
    if (changed) yield changed;
  }
}
