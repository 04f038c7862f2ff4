// A page of a list, and where the next one begins. Called by the stores and triggers whose lists have a nextLink.
import type { Row, Tables } from '../../ports/tables.ts';

export type Page<T> = { readonly values: readonly T[]; readonly next?: string };

/** What a caller asks for; `from`: the key at which the page before ended. */
export type PageRequest = { readonly limit: number; readonly from?: string | undefined };

type Keyed<T> = { readonly key: string; readonly value: T };

/** The first `limit` of `items`; `next`: the key of the one after them. */
async function pageOf<T>(items: AsyncIterable<Keyed<T>> | Iterable<Keyed<T>>, limit: number): Promise<Page<T>> {
  const values: T[] = [];
  for await (const { key, value } of items) {
    if (values.length === limit) return { values, next: key };
    values.push(value);
  }
  return { values };
}

/** A page of a list that was read whole, in the order of its keys. */
export function pageOfList<T>(
  list: readonly T[],
  keyOf: (one: T) => string,
  { limit, from = '' }: PageRequest,
): Promise<Page<T>> {
  const keyed = list.map((value) => ({ key: keyOf(value), value })).filter(({ key }) => key >= from);
  return pageOf(
    keyed.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    limit,
  );
}

/** A page of the rows of the table Policy whose keys begin with `prefix`, the last of its partition; those that hold no object are left out. */
export function pageOfRows<T>(
  tables: Tables,
  partition: string,
  prefix: string,
  { limit, from = prefix }: PageRequest,
): Promise<Page<T>> {
  // A cursor that somebody made up leads to no other rows.
  const rows = tables.query('Policy', partition, { from: from > prefix ? from : prefix });
  return pageOf(values(rows), limit);
}

async function* values<T>(rows: AsyncIterable<Row>): AsyncIterable<Keyed<T>> {
  for await (const { rowKey, value } of rows) {
    if (typeof value === 'object' && value !== null) yield { key: rowKey, value: value as T };
  }
}
