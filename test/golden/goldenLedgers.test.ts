// Ledgers and digests that the code of 58470a6 wrote (how: goldenRows.test.ts) verify, and show what is changed in them.
import { describe, expect, it } from 'vitest';
import { createMemoryDocuments } from '../../shared/adapters/storage/memoryDocuments.ts';
import type { Tables } from '../../shared/ports/tables.ts';
import { checkRecord } from '../../shared/usecases/history/checkRecord.ts';
import { projectLedger } from '../../shared/usecases/observe/projectLedger.ts';
import { digestsWith, type GoldenRow, rowsOfRun, tablesWith } from './goldenRows.ts';

type StoredEntry = Readonly<Record<string, unknown>> & { readonly cluster: string; readonly sequence: number };

const isEntry = ({ table, rowKey }: GoldenRow) => table === 'Ledger' && rowKey.startsWith('log|');
const entryOf = ({ value }: GoldenRow) => value as StoredEntry;
const [subscription = ''] = (rowsOfRun('seed 2').find(isEntry)?.partition ?? '').split('|');

const verify = (tables: Tables, names: { readonly cluster?: string } = {}, digests = createMemoryDocuments()) =>
  checkRecord({ tables, digests, subscriptions: [subscription] }, names);

/** How many entries each cluster has, by its ARM id. */
function lengths(rows: readonly GoldenRow[]): ReadonlyMap<string, number> {
  const byCluster = Map.groupBy(rows.filter(isEntry), (row) => entryOf(row).cluster);
  return new Map([...byCluster].map(([cluster, entries]) => [cluster, entries.length]));
}

describe('a whole fleet with its digests (seed 2)', () => {
  const rows = rowsOfRun('seed 2');

  it('is whole, every cluster of it, and the digests agree', async () => {
    const { verdicts, digests } = await verify(await tablesWith(rows), {}, await digestsWith());
    expect(verdicts.map(({ whole, firstBreak }) => ({ whole, firstBreak }))).toEqual([
      { whole: true, firstBreak: undefined },
      { whole: true, firstBreak: undefined },
    ]);
    expect(new Map(verdicts.map(({ cluster, entries }) => [cluster, entries]))).toEqual(lengths(rows));
    expect(digests).toMatchObject({ whole: true, compared: 4 });
    expect(digests.problems).toBeUndefined();
  });

  it.each(rows.filter(isEntry).map((row) => [row.partition.split('|')[2], entryOf(row).sequence, row] as const))(
    'shows one character changed in entry %s/%i',
    async (_cluster, sequence, changed) => {
      const value = { ...entryOf(changed), observedAt: changeDigit(entryOf(changed)['observedAt'] as string) };
      const tables = await tablesWith(rows.map((row) => (row === changed ? { ...row, value } : row)));
      const { verdicts } = await verify(tables, {}, await digestsWith());
      expect(verdicts.filter(({ whole }) => !whole).map(({ cluster, firstBreak }) => [cluster, firstBreak])).toEqual([
        [value.cluster, { sequence, problem: `Entry ${sequence} does not match its hash.` }],
      ]);
    },
  );

  it('shows a digest that was changed', async () => {
    const digests = await digestsWith((text, name) => (name === '2027-W03.json' ? text.replace(/:0/, ':1') : text));
    expect((await verify(await tablesWith(rows), {}, digests)).digests.whole).toBe(false);
  });

  it('shows a head that a digest does not name', async () => {
    const digests = await digestsWith((text) =>
      text.replaceAll(/(?<="hash":")./g, (digit) => (digit === '0' ? '1' : '0')),
    );
    const { verdicts } = await verify(await tablesWith(rows), {}, digests);
    expect(verdicts.map(({ whole }) => whole)).toEqual([false, false]);
  });
});

describe('ledgers without their views (seed 26)', () => {
  const rows = rowsOfRun('seed 26');

  it('are whole, and so are the views that are made of them now', async () => {
    const tables = await tablesWith(rows);
    for (const [cluster, entries] of lengths(rows)) {
      const { verdicts } = await verify(tables, { cluster });
      expect(verdicts).toMatchObject([{ cluster, whole: true, entries, projectedTo: 0 }]);
      await projectLedger({ tables }, { clusterId: cluster });
    }
    const { verdicts } = await verify(tables);
    expect(new Map(verdicts.map(({ cluster, projectedTo }) => [cluster, projectedTo]))).toEqual(lengths(rows));
    expect(verdicts.map(({ whole }) => whole)).toEqual([true, true]);
  });
});

const changeDigit = (time: string) => time.replace(/\d(?=Z$)/, (digit) => String((Number(digit) + 1) % 10));
