import { describe, expect, it } from 'vitest';
import { createMemoryTables } from '../../shared/adapters/memoryTables.ts';
import { clusterKey } from '../../shared/domain/cluster.ts';
import type { HistoryRow } from '../../shared/domain/ledger.ts';
import { project } from '../../shared/stores/historyStore.ts';
import { type HistoryFilter, queryHistory } from '../../shared/usecases/queryHistory.ts';
import { clusterIdOf, newImage, oldImage, subscription } from './fleets.ts';

const other = '22222222-2222-4333-8444-555555555555';

function row(cluster: string, sequence: number, completedAt: string, nodePool = 'apps'): HistoryRow {
  return {
    id: `${clusterKey(cluster)}|${sequence}`,
    kind: 'transition',
    cluster,
    nodePool,
    from: oldImage,
    to: newImage,
    startedBetween: [null, completedAt],
    completedAt,
    observedAt: completedAt,
    cause: 'unknown',
    inWindow: 'unknown',
    outcome: 'succeeded',
    proof: 'pool',
    sequence,
    recordedAt: completedAt,
    previousHash: '',
    hash: '',
  };
}

const shop = clusterIdOf('shop');
const bank = clusterIdOf('bank').replace(subscription, other);
const rows = [
  row(shop, 2, '2026-08-31T23:59:59.999Z'),
  row(shop, 3, '2026-09-01T00:00:00Z', 'jobs'),
  row(bank, 2, '2026-09-01T00:00:00Z'),
  row(shop, 4, '2026-11-03T10:00:00.5Z'),
  row(bank, 3, '2026-11-03T10:00:00.501Z'),
  row(shop, 5, '2026-11-19T10:00:00Z'),
];

async function ask(filter: Partial<HistoryFilter> = {}, extra: readonly HistoryRow[] = []) {
  const tables = createMemoryTables();
  for (const one of [...rows, ...extra]) {
    const key = clusterKey(one.cluster);
    await project(tables, key, [one], { sequence: 0 }, one.sequence);
  }
  const page = (after?: string) =>
    queryHistory({ tables, subscriptions: [subscription, other] }, { limit: 100, ...filter, after });
  return { tables, page };
}

const numbers = (found: readonly HistoryRow[]) =>
  found.map(({ cluster, sequence }) => `${cluster.split('/').at(-1)} ${sequence}`);

describe('the history', () => {
  it.each<[string, Partial<HistoryFilter>, string[]]>([
    [
      'all, newest completion first, over subscriptions and months',
      {},
      ['shop 5', 'bank 3', 'shop 4', 'shop 3', 'bank 2', 'shop 2'],
    ],
    ['a cluster by name', { cluster: 'SHOP' }, ['shop 5', 'shop 4', 'shop 3', 'shop 2']],
    ['clusters by pattern', { cluster: 'b*' }, ['bank 3', 'bank 2']],
    ['a cluster by its ARM id in any case', { cluster: bank.toUpperCase() }, ['bank 3', 'bank 2']],
    ['a pool', { nodePool: 'Jobs' }, ['shop 3']],
    ['since is included', { since: '2026-11-03T10:00:00.500Z' }, ['shop 5', 'bank 3', 'shop 4']],
    ['until is not', { until: '2026-11-03T10:00:00.501Z' }, ['shop 4', 'shop 3', 'bank 2', 'shop 2']],
    ['both, to the millisecond', { since: '2026-08-31T23:59:59.999Z', until: '2026-09-01T00:00:00.000Z' }, ['shop 2']],
    [
      'both, of one cluster',
      { cluster: shop, since: '2026-09-01T00:00:00.000Z', until: '2026-11-01T00:00:00.000Z' },
      ['shop 3'],
    ],
    ['nothing', { cluster: 'none' }, []],
  ])('%s', async (_what, filter, expected) => {
    const { page } = await ask(filter);
    expect(numbers((await page()).rows)).toEqual(expected);
  });

  it.each([1, 2, 3, 5, 6])('is the same in pages of %i', async (limit) => {
    const { page } = await ask({ limit });
    const seen: HistoryRow[] = [];
    let after: string | undefined;
    do {
      const { rows: some, next } = await page(after);
      expect(some.length).toBeLessThanOrEqual(limit);
      seen.push(...some);
      after = next;
    } while (after !== undefined);
    expect(numbers(seen)).toEqual(['shop 5', 'bank 3', 'shop 4', 'shop 3', 'bank 2', 'shop 2']);
  });

  it('skips and repeats nothing while rows arrive', async () => {
    const { tables, page } = await ask({ limit: 2 });
    const first = await page();
    await project(tables, clusterKey(shop), [row(shop, 6, '2026-11-19T12:00:00Z')], { sequence: 0 }, 6);
    const second = await page(first.next);
    expect(numbers([...first.rows, ...second.rows])).toEqual(['shop 5', 'bank 3', 'shop 4', 'shop 3']);
  });

  it('is empty where nothing ever happened', async () => {
    const tables = createMemoryTables();
    expect(await queryHistory({ tables, subscriptions: [subscription] }, { limit: 10 })).toEqual({ rows: [] });
  });
});
