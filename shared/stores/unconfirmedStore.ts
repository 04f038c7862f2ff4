// The clusters of which events say more than the Activity Log has confirmed as yet, and when the log was last asked: a
// partition a subscription in Evidence. Written by attributeRolls, worked off by confirmEvidence.
import { createHash } from 'node:crypto';
import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { type ClusterKey, idOfKey, subscriptionOf } from '../domain/cluster/clusterId.ts';
import { Instant, isBefore } from '../domain/text/stored.ts';
import type { Row, Tables } from '../ports/tables.ts';
import { listRows } from './rows/listRows.ts';
import { type Codec, valueIfRead } from './rows/readRow.ts';
import { replaceRow } from './rows/replaceRow.ts';

const Unconfirmed = z.looseObject({
  /** The oldest thing that waits: the log is asked from there on. */
  from: Instant,
  /** Asked for until then. */
  until: Instant,
  /** What waits, a short hash each: only news makes it be asked for longer. */
  waits: z.array(z.string()),
});
const Asked = z.looseObject({
  at: Instant,
  /** ARM said 429. */
  closedUntil: Instant.optional(),
  /** Why it could not be read. */
  problem: z.string().optional(),
});
export type Asked = z.output<typeof Asked>;

const unconfirmedRows = { table: 'Evidence', schema: Unconfirmed } satisfies Codec<typeof Unconfirmed>;
const askedRows = { table: 'Evidence', schema: Asked } satisfies Codec<typeof Asked>;
const askedRow = 'asked';
const tries = 5;
const maxWaits = 50;

const partitionOf = (subscription: string) => `unconfirmed|${subscription}`;

/** The same again changes nothing. @param waits names of what waits, newest first @param until how long it is asked for, if any is new */
export async function noteUnconfirmed(
  tables: Tables,
  key: ClusterKey,
  {
    waits,
    from,
    until,
  }: { readonly waits: readonly string[]; readonly from: Temporal.Instant; readonly until: Temporal.Instant },
): Promise<void> {
  const partition = partitionOf(subscriptionOf(key));
  const names = waits.slice(0, maxWaits).map((name) => createHash('sha256').update(name).digest('hex').slice(0, 16));
  await replaceRow(
    tables,
    ['Evidence', partition, key],
    (row: Row | undefined) => {
      const known = valueIfRead(unconfirmedRows, row);
      if (names.every((name) => known?.waits.includes(name))) return undefined;
      const oldest = known && isBefore(known.from, from) && !isBefore(known.until, until) ? known.from : from;
      return { from: oldest, until, waits: names };
    },
    tries,
  );
}

/** The clusters whose time is not over; rows that can't be read are made anew. */
export async function readUnconfirmed(tables: Tables, subscription: string, now: Temporal.Instant) {
  const rows = await listRows(tables, 'Evidence', partitionOf(subscription));
  const clusters = rows.flatMap((row) => {
    const value = valueIfRead(unconfirmedRows, row);
    const clusterId = idOfKey(row.rowKey);
    return value && clusterId && isBefore(now, value.until) ? [{ clusterId, key: row.rowKey, from: value.from }] : [];
  });
  return {
    clusters,
    asked: valueIfRead(
      askedRows,
      rows.find(({ rowKey }) => rowKey === askedRow),
    ),
  };
}

export async function writeAsked(tables: Tables, subscription: string, asked: Asked): Promise<void> {
  const change = { kind: 'upsert', rowKey: askedRow, value: asked } as const;
  await tables.write('Evidence', partitionOf(subscription), [change]);
}
