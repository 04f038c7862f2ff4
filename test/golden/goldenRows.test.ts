// Rows and digests that the code of 58470a6 wrote, in its own simulation: all that seed 2 had stored when it had the most kinds
// of rows (of decisions one of each reason), the ledgers of two clusters of seed 26, and of seeds 1, 2, 11, 12, 23, 24, 26, 28, 34
// and 36 single rows of other kinds. No run makes a stuck attempt, its notification or a parked event: functions of 58470a6 were
// called for those.
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import type { Tables } from '../../shared/ports/tables.ts';
import { park } from '../../shared/stores/parkedStore.ts';
import { insertAttempt } from '../../shared/stores/starts/startsStore.ts';
import { anAttempt } from '../builders.ts';
import { type GoldenRow, goldenGroups, goldenRows, listOf, tablesWith } from './goldenRows.ts';
import { type Kind, kinds } from './kinds.ts';

/** Rows that no store answers with: what they do is judged at the end. */
const apart = (row: GoldenRow) => row.table === 'Parked' || (row.table === 'Starts' && row.rowKey.startsWith('ring|'));

const isOfKind = ([, table, partition, rowKey]: Kind, row: GoldenRow) =>
  row.table === table && partition.test(row.partition) && rowKey.test(row.rowKey);

/** What the stores answer with, of all partitions that hold rows of a kind; text as it would be in JSON. */
async function answers([, , , , read]: Kind, rows: readonly GoldenRow[], tables: Tables): Promise<readonly unknown[]> {
  const partitions = [...new Set(rows.map(({ partition }) => partition))];
  const found = await Promise.all(partitions.map((partition) => read(tables, partition)));
  return JSON.parse(JSON.stringify(found.flat())) as readonly unknown[];
}

/** Which of the rows the stores don't answer with, to the letter. */
async function missing(kind: Kind, rows: readonly GoldenRow[], tables: Tables): Promise<readonly GoldenRow[]> {
  const [, , , , , answered = ({ value }: GoldenRow) => value] = kind;
  const left = [...(await answers(kind, rows, tables))];
  return rows.filter((row) => {
    const at = left.findIndex((one) => holds(one, answered(row)));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** True when a value has everything that was stored; it may have more, as an ETag. */
function holds(value: unknown, stored: unknown): boolean {
  if (typeof stored !== 'object' || stored === null) return value === stored;
  if (typeof value !== 'object' || value === null || Array.isArray(value) !== Array.isArray(stored)) return false;
  const fields = fieldsOf(value);
  return Object.entries(stored).every(([name, field]) => holds(fields[name], field));
}

const fieldsOf = (value: unknown) => value as Readonly<Record<string, unknown>>;

describe.each(kinds.map((kind) => [kind[1], kind[0], kind] as const))('%s: %s', (_table, name, kind) => {
  const groups = goldenGroups.map((group) => ({ group, rows: group.filter((row) => isOfKind(kind, row)) }));
  const { group = [], rows = [] } = groups.find((one) => one.rows.length > 0) ?? {};
  const [first] = rows;

  it('is read, and nothing of it is dropped', async () => {
    expect(first).toBeDefined();
    for (const one of groups) {
      const tables = await tablesWith(one.group);
      expect(await missing(kind, one.rows, tables)).toEqual([]);
      expect(await answers(kind, one.rows, tables)).toHaveLength(one.rows.length);
    }
  });

  it('would be missed if it were away', async () => {
    const tables = await tablesWith(group.filter((row) => row !== first));
    expect(await missing(kind, rows, tables).catch(() => [first])).toContain(first);
  });

  // Of a month the key says all.
  if (name === 'month') return;
  it('would be missed if it held something else', async () => {
    const tables = await tablesWith(group.map((row) => (row === first ? { ...row, value: {} } : row)));
    expect(await missing(kind, rows, tables).catch(() => [first])).toContain(first);
  });
});

it.each([
  ['Ledger', 'kind', ['amendment', 'firstSeen', 'gap', 'gone', 'rolled', 'transition']],
  ['Starts', 'state', ['intended', 'running', 'unclear']],
  ['Facts', 'reason', ['clusterBusy', 'preflightFailed', 'retryLater', 'unsupportedPool']],
  ['Evidence', 'kind', ['operation', 'scheduled']],
] as const)('%s: there is one of every %s', (table, field, expected) => {
  const values = goldenRows.filter((row) => row.table === table).map(({ value }) => fieldsOf(value)[field]);
  expect(new Set(values.filter((value) => value !== undefined))).toEqual(new Set(expected));
});

it.each([
  ['chain head', 'gapsTo unlistedSince gone resourceUid'],
  ['pool head', 'rolling rolledBackFrom lastAttempt runs openProof nodesBehind batchMinutes kubernetesVersion'],
  ['attempt', 'acceptedAt operationUrl eTag progress stuckAt willOverrun'],
  ['verdict', 'refused conflicts'],
  ['pass', 'listedAt problem'],
  ['hold', 'owner until ring release nodePool failures'],
])('%s: every optional field is there', (name, fields) => {
  const kind = kinds.find(([one]) => one === name) as Kind;
  const found = goldenRows.filter((row) => isOfKind(kind, row)).flatMap(({ value }) => Object.keys(fieldsOf(value)));
  expect(found).toEqual(expect.arrayContaining(fields.split(' ')));
});

it('every row is of one kind', () => {
  const counts = goldenRows.map((row) => kinds.filter((kind) => isOfKind(kind, row)).length + (apart(row) ? 1 : 0));
  expect(counts.filter((count) => count !== 1)).toEqual([]);
});

it('an event that was parked and comes again is the same row', async () => {
  const parked = goldenRows.filter(({ table }) => table === 'Parked');
  expect(parked.length).toBeGreaterThan(2);
  const tables = await tablesWith(parked);
  for (const { value } of parked) {
    const { parkedAt, reason, event } = value as Readonly<Record<'parkedAt' | 'reason' | 'event', string>>;
    await park(tables, Temporal.Instant.from(parkedAt), [{ event: JSON.parse(event), reason }]);
  }
  const rows = await listOf(tables.query('Parked', parked[0]?.partition ?? ''));
  expect(rows.map(({ rowKey, value }) => ({ rowKey, value }))).toEqual(
    parked.map(({ rowKey, value }) => ({ rowKey, value })),
  );
});

it("a ring's guard lets a start through, and is replaced by it", async () => {
  const guards = goldenRows.filter(({ table, rowKey }) => table === 'Starts' && rowKey.startsWith('ring|'));
  expect(guards).toHaveLength(1);
  const [guard] = guards as [GoldenRow];
  const tables = await tablesWith([guard]);
  const limit = { ring: guard.rowKey.slice('ring|'.length), concurrency: 1, isInRing: () => true };
  expect(await insertAttempt(tables, anAttempt(), limit)).toBe('inserted');
  expect((await tables.get('Starts', guard.partition, guard.rowKey))?.value).not.toEqual(guard.value);
});
