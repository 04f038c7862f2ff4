// The check of the whole record, which many messages make: its parts as they come, and what the last one found. Called by the use
// cases of the history, and by whoever tells how the app is.
import { z } from 'zod';
import { Instant, type Stored } from '../../domain/text/stored.ts';
import type { Row, Tables } from '../../ports/tables.ts';
import { deleteRows, listRows } from '../rows/listRows.ts';
import { valueIfRead, valueOrThrow } from '../rows/readRow.ts';
import { insertOrReplace } from '../rows/replaceRow.ts';

const Check = z.looseObject({ id: z.string().min(1), startedAt: Instant, of: z.int().min(1) });
export type Check = Stored<typeof Check>;

const Broken = z.looseObject({ cluster: z.string(), problem: z.string() });
const LastCheck = z.looseObject({ checkedAt: Instant, broken: z.array(Broken) });
/** `broken`: the clusters whose record is not whole, or digests, and why; at most {@link maxBroken}. */
export type LastCheck = Stored<typeof LastCheck>;

/** One of the `rows` of a part. */
const PartRow = z.looseObject({ part: z.int(), row: z.int(), rows: z.int(), at: Instant, value: z.unknown() });

const partition = 'check';
const [currentRow, lastRow, partPrefix] = ['current', 'last', 'part|'];
const checks = { table: 'Reports', schema: Check } as const;
const lastChecks = { table: 'Reports', schema: LastCheck } as const;
const partRows = { table: 'Reports', schema: PartRow } as const;
const partsOf = (id: string) => ({ from: `${partPrefix}${id}|`, to: `${partPrefix}${id}}` });
const maxBroken = 20;

export async function readCheck(
  tables: Tables,
): Promise<{ readonly check?: Check | undefined; readonly etag?: string }> {
  const row = await tables.get('Reports', partition, currentRow);
  return row ? { check: valueIfRead(checks, row), etag: row.etag } : {};
}

/** `conflict`: somebody else began one since the ETag was read. */
export function writeCheck(tables: Tables, check: Check, etag: string | undefined): Promise<'written' | 'conflict'> {
  return tables.write('Reports', partition, [insertOrReplace(currentRow, check, etag)]);
}

/** What a part found, in values small enough for a row each; a second time changes nothing. */
export async function writePart(
  tables: Tables,
  { id }: Check,
  part: number,
  at: Stored<typeof Instant>,
  values: readonly unknown[],
): Promise<void> {
  const rows = values.map((value, row) => ({ part, row, rows: values.length, at, value }));
  // The first row last: with it the part is there.
  for (const value of rows.toReversed()) {
    const rowKey = `${partsOf(id).from}${part}|${value.row}`;
    await tables.write('Reports', partition, [{ kind: 'upsert', rowKey, value }]);
  }
}

export type PartRead = {
  readonly part: number;
  readonly at: Stored<typeof Instant>;
  readonly values: readonly unknown[];
};

/** Those that are there. */
export async function readParts(tables: Tables, { id }: Check): Promise<readonly PartRead[]> {
  const stored = await listRows(tables, 'Reports', partition, partsOf(id));
  const read = stored.map((row) => valueOrThrow(partRows, row));
  return read
    .filter(({ row }) => row === 0)
    .map(({ part, at, rows }) => {
      const own = read.filter((one) => one.part === part && one.row < rows);
      return { part, at, values: own.map(({ value }) => value) };
    });
}

/** Keeps what a check of the whole record found, in short. */
export async function keepLastCheck(tables: Tables, { checkedAt, broken }: LastCheck): Promise<void> {
  const value = { checkedAt, broken: broken.slice(0, maxBroken) } satisfies LastCheck;
  await tables.write('Reports', partition, [{ kind: 'upsert', rowKey: lastRow, value }]);
}

/** The same where it was made in parts, of which those of checks before it are dropped. */
export async function endCheck(tables: Tables, { id }: Check, found: LastCheck): Promise<void> {
  await keepLastCheck(tables, found);
  const isOlder = ({ rowKey }: Row) => rowKey.startsWith(partPrefix) && !rowKey.startsWith(partsOf(id).from);
  await deleteRows(tables, 'Reports', partition, (await listRows(tables, 'Reports', partition)).filter(isOlder));
}

/** What the last check of the whole record found that was completed; undefined: none was yet. */
export async function readLastCheck(tables: Tables): Promise<LastCheck | undefined> {
  return valueIfRead(lastChecks, await tables.get('Reports', partition, lastRow));
}
