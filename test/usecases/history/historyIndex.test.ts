// The index by value answers what the months answer, whatever is learnt later, whoever is late, and however old the rows are.
import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { createMemoryDocuments } from '../../../shared/adapters/storage/memoryDocuments.ts';
import { createMemoryTables } from '../../../shared/adapters/storage/memoryTables.ts';
import { clusterKey } from '../../../shared/domain/cluster/clusterId.ts';
import { type RowFilter, termsEver } from '../../../shared/domain/ledger/historyFilter.ts';
import { historyRows, isRoll } from '../../../shared/domain/ledger/historyRow.ts';
import { causes, type EntryBody, outcomes } from '../../../shared/domain/ledger/ledger.ts';
import type { Tables } from '../../../shared/ports/tables.ts';
import { listEntries } from '../../../shared/stores/ledgerStore.ts';
import { project, readCursor } from '../../../shared/stores/views/historyStore.ts';
import { listTerms, readComplete, termPartition } from '../../../shared/stores/views/historyTerms.ts';
import { checkRecord } from '../../../shared/usecases/history/checkRecord.ts';
import { indexHistory } from '../../../shared/usecases/history/indexHistory.ts';
import { queryHistory } from '../../../shared/usecases/history/queryHistory.ts';
import type { IndexMessage } from '../../../shared/usecases/messages.ts';
import { projectLedger } from '../../../shared/usecases/observe/projectLedger.ts';
import { aTransition } from '../../builders.ts';
import { appendEntries, record } from '../../ledgers.ts';
import { clusterIdOf, newImage, oldImage, subscription } from '../fleets.ts';

const shop = clusterIdOf('shop');
const inWindows = [true, false, 'unknown'] as const;
const images = [oldImage, newImage, 'AKSWindows-2022-containerd-20348.4529.251212', 'odd image/1', 'a:b'];

const rolls = fc.record({
  cluster: fc.constantFrom('shop', 'bank', 'mill').map(clusterIdOf),
  kind: fc.constantFrom('transition' as const, 'rolled' as const),
  from: fc.constantFrom(...images),
  to: fc.constantFrom(...images),
  target: fc.option(fc.constantFrom(...images), { nil: undefined }),
  cause: fc.constantFrom(...causes),
  outcome: fc.constantFrom(...outcomes),
  inWindow: fc.constantFrom(...inWindows),
  month: fc.integer({ min: 1, max: 12 }),
});
const learnt = fc.record(
  {
    cause: fc.constantFrom(...causes),
    outcome: fc.constantFrom(...outcomes),
    inWindow: fc.constantFrom(...inWindows),
  },
  { requiredKeys: [] },
);

const several: fc.Arbitrary<RowFilter> = fc.record(
  {
    outcome: fc.constantFrom(...outcomes),
    cause: fc.constantFrom(...causes),
    inWindow: fc.constantFrom(...inWindows),
    image: fc.constantFrom(...images, 'a-b', oldImage.toUpperCase(), 'AKSUbuntu-*', '*/1', '202*'),
    release: fc.constantFrom('20348.*', '20348.4529.251212', '*', '2026??.*', 'none'),
    kinds: fc.constantFrom(['rolled'] as const, ['transition'] as const, ['firstSeen', 'gone'] as const),
    cluster: fc.constantFrom('s*', 'bank', '*'),
  },
  { requiredKeys: [] },
);

/** Also of one field alone: of several the rarest is looked up, and hides the others. */
const filters = fc.oneof(
  several,
  fc.tuple(several, fc.nat()).map(([filter, drawn]): RowFilter => {
    const fields = Object.entries(filter);
    return Object.fromEntries(fields.slice(drawn % fields.length || 0).slice(0, 1));
  }),
);

const rollOf = ({ month, ...fields }: typeof rolls extends fc.Arbitrary<infer Roll> ? Roll : never, index: number) => {
  const completedAt = `2026-${String(month).padStart(2, '0')}-03T10:00:${String(index).padStart(2, '0')}Z`;
  return aTransition({ ...fields, completedAt, observedAt: completedAt });
};

const amendment = (amends: number, said: object, cluster = shop): EntryBody => ({
  kind: 'amendment',
  cluster,
  nodePool: 'apps',
  amends,
  observedAt: '2026-12-01T00:00:00Z',
  source: { name: 'x', id: `${amends} ${JSON.stringify(said)}` },
  actor: { kind: 'person', name: 'zoe' },
  ...said,
});

async function answer(tables: Tables, filter: RowFilter) {
  const { rows } = await queryHistory({ tables, subscriptions: [subscription] }, { ...filter, limit: 500 });
  return rows.map(({ id, ...row }) => `${id} ${'cause' in row ? `${row.cause} ${row.outcome} ${row.inWindow}` : ''}`);
}

const verify = async (tables: Tables) =>
  (await checkRecord({ tables, digests: createMemoryDocuments(), subscriptions: [subscription] }, {})).verdicts;

async function forgetIndex(tables: Tables): Promise<void> {
  const drop = async (partition: string) => {
    for await (const { rowKey, etag } of tables.query('HistoryIndex', partition)) {
      await tables.write('HistoryIndex', partition, [{ kind: 'delete', rowKey, etag }]);
    }
  };
  const terms = (await listTerms(tables, subscription)).map((term) => termPartition(subscription, term));
  for (const partition of [...terms, `images|${subscription}`, `index|${subscription}`]) await drop(partition);
}

/** As code does that knows no targets: it writes the row without the term of its target, and a cursor that says nothing of them. */
async function projectAsBefore(tables: Tables, cluster: string): Promise<void> {
  const key = clusterKey(cluster);
  const cursor = await readCursor(tables, key);
  const entries = await listEntries(tables, key);
  const before = entries.map((entry) => (isRoll(entry) ? { ...entry, target: undefined } : entry));
  const rows = historyRows(entries).map((row, index) => ({
    row,
    terms: termsEver(historyRows(before)[index] ?? row, before),
  }));
  const sequence = entries.length;
  expect(await project(tables, key, rows, cursor, sequence)).toBe('written');
  const value = { sequence, indexed: sequence };
  await tables.write('Views', `history|${key}`, [{ kind: 'upsert', rowKey: 'cursor', value }]);
}

/** As code that knew no index left it. */
async function forgetCursor(tables: Tables, cluster: string): Promise<void> {
  const partition = `history|${clusterKey(cluster)}`;
  const { sequence } = await readCursor(tables, clusterKey(cluster));
  await tables.write('Views', partition, [{ kind: 'upsert', rowKey: 'cursor', value: { sequence } }]);
}

function indexer(tables: Tables, start = '2026-12-02T00:00:00Z') {
  let now = Temporal.Instant.from(start);
  const sent: { message: IndexMessage; delaySeconds: number }[] = [];
  const warnings: string[] = [];
  const parts = {
    tables,
    clock: { now: () => now },
    queues: {
      countPoisoned: async () => 0,
      send: async (_queue: string, message: unknown, delaySeconds: number) => {
        sent.push({ message: message as IndexMessage, delaySeconds });
      },
    },
    log: { info: () => {}, warn: (line: string) => void warnings.push(line) },
  };
  const run = async () => {
    await indexHistory(parts, { subscription });
    for (let next = sent.shift(); next; next = sent.shift()) {
      now = now.add({ seconds: next.delaySeconds });
      await indexHistory(parts, next.message);
    }
  };
  return { run, warnings };
}

describe('the index of the history', () => {
  it('answers as the months do, and verify finds nothing wrong in it', async () => {
    const drawn = fc.array(rolls, { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        drawn,
        fc.array(learnt, { maxLength: 4 }),
        fc.array(filters, { minLength: 6 }),
        async (some, news, asked) => {
          const tables = createMemoryTables();
          for (const [index, roll] of some.entries()) await record(tables, [rollOf(roll, index)]);
          for (const [index, said] of news.entries()) {
            const { cluster } = some[index % some.length] as { cluster: string };
            await record(tables, [amendment(1, said, cluster)]);
          }
          expect((await verify(tables)).filter(({ whole }) => !whole)).toEqual([]);
          const found = await Promise.all(asked.map((filter) => answer(tables, filter)));
          await forgetIndex(tables);
          expect(found).toEqual(await Promise.all(asked.map((filter) => answer(tables, filter))));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('reads no month for what few rows have', async () => {
    const tables = createMemoryTables();
    await record(tables, [aTransition({ cluster: shop, outcome: 'failed', from: oldImage, to: newImage })]);
    const read = new Set<string>();
    const watched: Tables = {
      ...tables,
      query: (table, partition, range) => {
        read.add(`${table} ${partition}`);
        return tables.query(table, partition, range);
      },
    };
    expect(await answer(watched, { outcome: 'failed' })).toHaveLength(1);
    expect([...read]).toEqual([`HistoryIndex ${subscription}|outcome|failed`]);
  });

  it('does not show what a projection that was held up wrote last', async () => {
    const tables = createMemoryTables();
    const key = clusterKey(shop);
    await appendEntries(tables, [aTransition({ cluster: shop, outcome: 'failed' })]);
    const cursor = await readCursor(tables, key);
    const before = await listEntries(tables, key);
    await record(tables, [amendment(1, { outcome: 'succeeded' })]);
    const late = historyRows(before).map((row) => ({ row, terms: termsEver(row, before) }));
    expect(await project(tables, key, late, cursor, 1)).toBe('conflict');
    expect(await answer(tables, { outcome: 'failed' })).toEqual([]);
    expect(await verify(tables)).toMatchObject([{ whole: true }]);
  });

  it('drops a row from what it was no earlier than a day after it changed', async () => {
    const tables = createMemoryTables();
    await record(tables, [aTransition({ cluster: shop, outcome: 'failed' })]);
    await record(tables, [amendment(1, { outcome: 'succeeded' })]);
    const failed = () => Array.fromAsync(tables.query('HistoryIndex', `${subscription}|outcome|failed`));
    // The ledger of these tests is written on 20 November.
    await indexer(tables, '2026-11-20T23:00:00Z').run();
    expect(await failed()).toHaveLength(1);
    await indexer(tables, '2026-11-21T01:00:00Z').run();
    expect(await failed()).toHaveLength(0);
    expect(await verify(tables)).toMatchObject([{ whole: true }]);
  });

  it('is made of rows of before it, which the months answer until then', async () => {
    const tables = createMemoryTables();
    for (const name of ['shop', 'bank']) {
      await record(tables, [
        {
          kind: 'firstSeen',
          cluster: clusterIdOf(name),
          nodePool: 'apps',
          nodeImageVersion: oldImage,
          observedAt: '2026-01-01T00:00:00Z',
        },
        aTransition({ cluster: clusterIdOf(name), outcome: 'failed' }),
      ]);
      await forgetCursor(tables, clusterIdOf(name));
    }
    await forgetIndex(tables);
    const asked: string[] = [];
    const onUnindexed = async (one: string) => void asked.push(one);
    const query = () =>
      queryHistory({ tables, subscriptions: [subscription], onUnindexed }, { outcome: 'failed', limit: 10 });
    expect((await query()).rows).toHaveLength(2);
    expect(asked).toEqual([subscription]);
    await indexer(tables).run();
    expect(await readComplete(tables, subscription)).toMatchObject({ except: [] });
    expect((await query()).rows).toHaveLength(2);
    expect(asked).toHaveLength(1);
    expect((await verify(tables)).every(({ whole }) => whole)).toBe(true);
  });

  it('takes in what an instance of the version before wrote meanwhile', async () => {
    const tables = createMemoryTables();
    await record(tables, [aTransition({ cluster: shop, outcome: 'failed' })]);
    await forgetIndex(tables);
    await forgetCursor(tables, shop);
    await appendEntries(tables, [amendment(1, { outcome: 'canceled' })]);
    await projectLedger({ tables }, { clusterId: shop });
    expect(await readCursor(tables, clusterKey(shop))).toMatchObject({ sequence: 2, indexed: 2 });
    await indexer(tables).run();
    expect(await answer(tables, { outcome: 'canceled' })).toHaveLength(1);
  });

  it('finds a row by its target that an instance of before projected, once one of now has', async () => {
    const tables = createMemoryTables();
    const [asked, byTarget] = ['202611.02.0', { release: '202611.02.0' }];
    const target = oldImage.replace(/[^-]+$/, asked);
    await record(tables, [aTransition({ cluster: shop, from: oldImage, to: newImage })]);
    await appendEntries(tables, [aTransition({ cluster: shop, from: newImage, to: newImage, kind: 'rolled', target })]);
    await projectAsBefore(tables, shop);
    expect(await verify(tables)).toMatchObject([{ whole: true }]);
    await projectLedger({ tables }, { clusterId: shop });
    expect(await answer(tables, byTarget)).toHaveLength(1);
    expect(await verify(tables)).toMatchObject([{ whole: true }]);
    await appendEntries(tables, [amendment(2, { outcome: 'failed' })]);
    await projectAsBefore(tables, shop);
    expect(await verify(tables)).toMatchObject([{ whole: true }]);
    await indexer(tables).run();
    expect(await answer(tables, byTarget)).toEqual([expect.stringContaining('failed')]);
    const [row] = await Array.fromAsync(tables.query('HistoryIndex', `${subscription}|image|${asked}`));
    await tables.write('HistoryIndex', `${subscription}|image|${asked}`, [
      { kind: 'delete', rowKey: row?.rowKey ?? '', etag: row?.etag ?? '' },
    ]);
    expect((await verify(tables))[0]?.firstBreak?.problem).toContain('has no row');
  });

  it('writes no row of before targets again: their terms are what they were', async () => {
    const tables = createMemoryTables();
    const bodies = Array.from({ length: 5 }, () => aTransition({ cluster: shop, from: oldImage, to: newImage }));
    await appendEntries(tables, bodies);
    await projectAsBefore(tables, shop);
    const written: string[] = [];
    const watched: Tables = {
      ...tables,
      write: (table, partition, changes) => {
        written.push(...changes.map(({ rowKey }) => rowKey));
        return tables.write(table, partition, changes);
      },
    };
    await projectLedger({ tables: watched }, { clusterId: shop });
    expect(written).toEqual(['cursor']);
    expect(await readCursor(tables, clusterKey(shop))).toMatchObject({ sequence: 5, indexed: 5, byTarget: 5 });
    expect(await verify(tables)).toMatchObject([{ whole: true }]);
  });

  it('is made without a cluster whose ledger can’t be read, whose rows are found all the same', async () => {
    const tables = createMemoryTables();
    const seen = (cluster: string): EntryBody => {
      return {
        kind: 'firstSeen',
        cluster,
        nodePool: 'apps',
        nodeImageVersion: oldImage,
        observedAt: '2026-01-01T00:00:00Z',
      };
    };
    for (const cluster of [shop, clusterIdOf('bank')]) {
      await record(tables, [seen(cluster), aTransition({ cluster, outcome: 'failed' })]);
      await forgetCursor(tables, cluster);
    }
    await forgetIndex(tables);
    await tables.write('Ledger', clusterKey(shop), [{ kind: 'upsert', rowKey: 'log|999999999999997', value: {} }]);
    const { run, warnings } = indexer(tables);
    await run();
    expect(await readComplete(tables, subscription)).toMatchObject({ except: [clusterKey(shop)] });
    expect(warnings[0]).toContain(shop);
    expect(await answer(tables, { outcome: 'failed' })).toHaveLength(2);
  });
});
