// A page of a list, and where the next one begins. Called by the stores and triggers whose lists have a nextLink.
import type { z } from 'zod';
import type { Stored } from '../../domain/text/stored.ts';
import type { Tables } from '../../ports/tables.ts';
import { type Codec, valueIfRead } from './readRow.ts';

export type Page<T> = { readonly values: readonly T[]; readonly next?: string };

/** What a caller asks for; `from`: the key at which the page before ended. */
export type PageRequest = { readonly limit: number; readonly from?: string | undefined };

export function pageOfList<T>(list: readonly T[], keyOf: (one: T) => string, { limit, from = '' }: PageRequest) {
  const rest = list.filter((one) => keyOf(one) >= from);
  const next = rest[limit];
  return { values: rest.slice(0, limit), ...(next && { next: keyOf(next) }) };
}

/** A page of the rows of a partition whose keys begin with `prefix`, its last ones; those that can't be read are left out. */
export async function pageOfRows<Schema extends z.ZodType>(
  tables: Tables,
  codec: Codec<Schema>,
  partition: string,
  prefix: string,
  { limit, from = prefix }: PageRequest,
): Promise<Page<Stored<Schema>>> {
  const values: Stored<Schema>[] = [];
  // A cursor that somebody made up leads to no other rows.
  for await (const row of tables.query(codec.table, partition, { from: from > prefix ? from : prefix })) {
    const value = valueIfRead(codec, row);
    if (value === undefined) continue;
    if (values.length === limit) return { values, next: row.rowKey };
    values.push(value);
  }
  return { values };
}
