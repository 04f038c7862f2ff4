// Marks of clusters, and which strangers were asked about lately: a partition of Facts a subscription, a row a cluster. Called by
// markClusters and turn.
import { createHash } from 'node:crypto';
import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { type ClusterKey, subscriptionOf } from '../domain/cluster/clusterId.ts';
import { isAbsent, Mark, waits } from '../domain/observe/mark.ts';
import { Instant } from '../domain/text/stored.ts';
import type { Row, Tables } from '../ports/tables.ts';
import { deleteRows, listRows } from './rows/listRows.ts';
import { valueIfRead } from './rows/readRow.ts';
import { replaceRow } from './rows/replaceRow.ts';

const markRows = { table: 'Facts', schema: Mark } as const;
const partitionOf = (subscription: string) => `marks|${subscription}`;

const Strangers = z.looseObject({ since: Instant, admitted: z.array(z.string()), refused: z.number() });
const strangerRows = { table: 'Facts', schema: Strangers } as const;
const strangersRow = 'strangers';
/** Clusters that neither the ledger nor ARM may know, whom events name in ten minutes. */
export const maxStrangers = 200;
const strangersSeconds = 600;

/** A mark that can't be read is none: whatever it held, ARM shows more. */
export async function readMark(tables: Tables, key: ClusterKey): Promise<Mark | undefined> {
  return valueIfRead(markRows, await tables.get('Facts', partitionOf(subscriptionOf(key)), key));
}

/** @param change undefined: the mark stays as it is. It is asked again where somebody else came first */
export function changeMark(tables: Tables, key: ClusterKey, change: (mark: Mark | undefined) => Mark | undefined) {
  const make = (row: Row | undefined) => change(valueIfRead(markRows, row));
  return replaceRow(tables, ['Facts', partitionOf(subscriptionOf(key)), key], make);
}

/** Those of clusters that the ledger doesn't know, as far as there is room for them; the others are counted. */
export async function admitStrangers(
  tables: Tables,
  subscription: string,
  keys: readonly ClusterKey[],
  now: Temporal.Instant,
): Promise<{ readonly admitted: ReadonlySet<ClusterKey>; readonly refused: number; readonly isNewTime: boolean }> {
  const named = new Map(keys.map((key) => [digestOf(key), key]));
  let result = { admitted: new Set<ClusterKey>(), refused: 0, isNewTime: false };
  await replaceRow(tables, ['Facts', partitionOf(subscription), strangersRow], (row) => {
    const before = valueIfRead(strangerRows, row);
    const seconds = before ? Math.abs(before.since.until(now).total('seconds')) : Number.POSITIVE_INFINITY;
    const known = before && seconds < strangersSeconds ? before : { since: now, admitted: [], refused: 0 };
    const fresh = [...named.keys()].filter((digest) => !known.admitted.includes(digest));
    const admitted = [...known.admitted, ...fresh].slice(0, maxStrangers);
    const refused = fresh.length - (admitted.length - known.admitted.length);
    const isIn = new Set(admitted);
    result = {
      admitted: new Set([...named].flatMap(([digest, key]) => (isIn.has(digest) ? [key] : []))),
      refused,
      isNewTime: known !== before,
    };
    return fresh.length === 0 && known === before
      ? undefined
      : { ...known, admitted, refused: known.refused + refused };
  });
  return result;
}

function digestOf(key: ClusterKey): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 16);
}

/** Forgets clusters that ARM did not know some time ago. @returns whose marks are gone */
export async function deleteAbsent(tables: Tables, subscription: string, now: Temporal.Instant) {
  const rows = (await listRows(tables, 'Facts', partitionOf(subscription))).filter((row) => {
    const mark = row.rowKey === strangersRow ? undefined : valueIfRead(markRows, row);
    return mark?.absentAt !== undefined && !isAbsent(mark, now) && !waits(mark, now);
  });
  await deleteRows(tables, 'Facts', partitionOf(subscription), rows);
  return rows.map(({ rowKey }): ClusterKey => rowKey);
}
