import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryTables } from '../../../shared/adapters/storage/memoryTables.ts';
import { clusterKey } from '../../../shared/domain/cluster/clusterId.ts';
import { termsOf } from '../../../shared/domain/ledger/historyFilter.ts';
import { isRoll, timeOf } from '../../../shared/domain/ledger/historyRow.ts';
import type { FoldedRoll, HistoryRow } from '../../../shared/domain/ledger/ledger.ts';
import type { Tables } from '../../../shared/ports/tables.ts';
import { project } from '../../../shared/stores/views/historyStore.ts';
import { type HistoryFilter, queryHistory, readHistory } from '../../../shared/usecases/history/queryHistory.ts';
import { aRollEntry } from '../../builders.ts';
import { clusterIdOf, newImage, oldImage, subscription } from '../fleets.ts';

const other = '22222222-2222-4333-8444-555555555555';
const windowsImage = 'AKSWindows-2022-containerd-20348.4529.251212';

function row(cluster: string, sequence: number, completedAt: string, fields: Partial<FoldedRoll> = {}): HistoryRow {
  const place = { cluster, sequence, completedAt, observedAt: completedAt };
  const entry = aRollEntry({ ...place, from: oldImage, to: newImage });
  return { id: `${clusterKey(cluster)}|${sequence}`, ...entry, ...fields };
}

function seen(cluster: string, sequence: number, observedAt: string, nodePool = 'apps'): HistoryRow {
  const place = { sequence, recordedAt: observedAt, previousHash: '', hash: '' };
  const id = `${clusterKey(cluster)}|${sequence}`;
  return { id, kind: 'firstSeen', cluster, nodePool, nodeImageVersion: oldImage, observedAt, ...place };
}

function gone(cluster: string, sequence: number, observedAt: string): HistoryRow {
  const place = { sequence, recordedAt: observedAt, previousHash: '', hash: '' };
  return { id: `${clusterKey(cluster)}|${sequence}`, kind: 'gone', cluster, observedAt, reason: '404', ...place };
}

const shop = clusterIdOf('shop');
const bank = clusterIdOf('bank').replace(subscription, other).replace('rg-shop', 'rg-bank');
const rows = [
  seen(shop, 1, '2026-08-01T00:00:00Z'),
  row(shop, 2, '2026-08-31T23:59:59.999Z', { cause: 'manual', outcome: 'failed' }),
  row(shop, 3, '2026-09-01T00:00:00Z', { nodePool: 'jobs', inWindow: false }),
  seen(bank, 1, '2026-08-02T00:00:00Z', 'win'),
  row(bank, 2, '2026-09-01T00:00:00Z', { nodePool: 'win', from: windowsImage, to: windowsImage, kind: 'rolled' }),
  row(shop, 4, '2026-11-03T10:00:00.5Z', { cause: 'keeper', inWindow: true }),
  row(bank, 3, '2026-11-03T10:00:00.501Z', { cause: 'keeper', inWindow: true, outcome: 'partial' }),
  row(shop, 5, '2026-11-19T10:00:00Z', { inWindow: false }),
  gone(bank, 4, '2026-11-20T00:00:00Z'),
];
const newestFirst = ['shop 5', 'bank 3', 'shop 4', 'shop 3', 'bank 2', 'shop 2'];

const start = { sequence: 0, indexed: 0, byTarget: 0 };
async function fill(tables: Tables, some: readonly HistoryRow[]): Promise<void> {
  for (const one of some)
    await project(tables, clusterKey(one.cluster), [{ row: one, terms: termsOf(one) }], start, one.sequence);
}

async function ask(filter: Partial<HistoryFilter> & { limit?: number } = {}, all: readonly HistoryRow[] = rows) {
  const tables = createMemoryTables();
  await fill(tables, all);
  const page = async (after?: string) => {
    const parts = { tables, subscriptions: [subscription, other] };
    const { rows: some, next } = await queryHistory(parts, { limit: 100, ...filter, after });
    return { rows: some.filter(({ kind }) => kind !== 'unreadable') as readonly HistoryRow[], next };
  };
  return { tables, page };
}

type Ask = Awaited<ReturnType<typeof ask>>['page'];

/** All rows, a page after the other; `between` happens after each. */
async function readPages(page: Ask, between: () => Promise<void> = async () => {}): Promise<readonly HistoryRow[]> {
  const found: HistoryRow[] = [];
  for (let after: string | undefined, more = true; more; ) {
    const { rows: some, next } = await page(after);
    found.push(...some);
    after = next;
    more = next !== undefined;
    await between();
  }
  return found;
}

const nameOf = ({ cluster, sequence }: HistoryRow) => `${cluster.split('/').at(-1)} ${sequence}`;
const numbers = (found: readonly HistoryRow[]) => found.map(nameOf);

describe('the history', () => {
  it.each<[string, Partial<HistoryFilter>, string[]]>([
    ['all, newest completion first, over subscriptions and months', {}, newestFirst],
    ['a cluster by name', { cluster: 'SHOP' }, ['shop 5', 'shop 4', 'shop 3', 'shop 2']],
    ['clusters by pattern', { cluster: 'b*' }, ['bank 3', 'bank 2']],
    ['a cluster by its ARM id in any case', { cluster: bank.toUpperCase() }, ['bank 3', 'bank 2']],
    ['a pool', { nodePool: 'Jobs' }, ['shop 3']],
    ['pools by pattern', { nodePool: '?o*' }, ['shop 3']],
    ['a subscription', { subscription: other }, ['bank 3', 'bank 2']],
    ['a resource group in any case', { resourceGroup: 'RG-Bank' }, ['bank 3', 'bank 2']],
    ['resource groups by pattern', { resourceGroup: 'rg-s*' }, ['shop 5', 'shop 4', 'shop 3', 'shop 2']],
    ['an image, before or after', { image: windowsImage.toLowerCase() }, ['bank 2']],
    ['images by pattern', { image: 'AKSWindows-*' }, ['bank 2']],
    ['a release, before or after', { release: '202610.05.0' }, ['shop 5', 'bank 3', 'shop 4', 'shop 3', 'shop 2']],
    ['releases by pattern', { release: '20348.*' }, ['bank 2']],
    ['an outcome', { outcome: 'failed' }, ['shop 2']],
    ['a cause', { cause: 'keeper' }, ['bank 3', 'shop 4']],
    ['in the window', { inWindow: true }, ['bank 3', 'shop 4']],
    ['not in the window', { inWindow: false }, ['shop 5', 'shop 3']],
    ['nobody knows whether in the window', { inWindow: 'unknown' }, ['bank 2', 'shop 2']],
    ['first sightings', { kinds: ['firstSeen'] }, ['bank 1', 'shop 1']],
    ['what covers the record', { kinds: ['firstSeen', 'gone'] }, ['bank 4', 'bank 1', 'shop 1']],
    ['what ended a pool, its cluster with it', { kinds: ['gone'], nodePool: 'win' }, ['bank 4']],
    ['first sightings by image', { kinds: ['firstSeen', 'gone'], image: oldImage }, ['bank 1', 'shop 1']],
    [
      'an outcome, which a first sighting has not',
      { kinds: ['firstSeen', 'transition'], outcome: 'failed' },
      ['shop 2'],
    ],
    ['rolls alone', { kinds: ['rolled'] }, ['bank 2']],
    ['since is included', { since: '2026-11-03T10:00:00.500Z' }, ['shop 5', 'bank 3', 'shop 4']],
    ['until is not', { until: '2026-11-03T10:00:00.501Z' }, ['shop 4', 'shop 3', 'bank 2', 'shop 2']],
    ['both, to the millisecond', { since: '2026-08-31T23:59:59.999Z', until: '2026-09-01T00:00:00.000Z' }, ['shop 2']],
    [
      'both, of one cluster',
      { cluster: shop, since: '2026-09-01T00:00:00.000Z', until: '2026-11-01T00:00:00.000Z' },
      ['shop 3'],
    ],
    ['since before time began', { since: '0001-01-01T00:00:00.000Z' }, newestFirst],
    ['until before time began', { until: '0001-01-01T00:00:00.000Z' }, []],
    ['until the end of time', { until: '9999-12-31T23:59:59.999Z' }, newestFirst],
    ['a cluster of another subscription', { cluster: shop, subscription: other }, []],
    ['nothing', { cluster: 'none' }, []],
  ])('%s', async (_what, filter, expected) => {
    const { page } = await ask(filter);
    expect(numbers((await page()).rows)).toEqual(expected);
  });

  it.each([1, 2, 3, 5, 6])('is the same in pages of %i', async (limit) => {
    const { page } = await ask({ limit });
    const found: HistoryRow[] = [];
    let after: string | undefined;
    do {
      const { rows: some, next } = await page(after);
      expect(some.length).toBeLessThanOrEqual(limit);
      found.push(...some);
      after = next;
    } while (after !== undefined);
    expect(numbers(found)).toEqual(newestFirst);
  });

  it('is there for a subscription that is no longer kept, when it is named', async () => {
    const { tables } = await ask();
    const page = await queryHistory({ tables, subscriptions: [] }, { limit: 10, subscription: other });
    expect(numbers(page.rows as readonly HistoryRow[])).toEqual(['bank 3', 'bank 2']);
  });

  it('has a row that ended in a month to come, by a clock ahead of ours', async () => {
    const { page } = await ask({ limit: 1 }, [...rows, row(shop, 6, '2027-01-01T00:00:00.1Z')]);
    expect(numbers((await page()).rows)).toEqual(['shop 6']);
  });

  it.each(['x', '0', "it's", '999999999999999', '000000000000000|x'])('takes any cursor: %j', async (after) => {
    const { page } = await ask();
    expect((await page(after)).rows.length).toBeLessThanOrEqual(rows.length);
  });

  it('is empty where nothing ever happened', async () => {
    const tables = createMemoryTables();
    expect(await queryHistory({ tables, subscriptions: [subscription] }, { limit: 10 })).toEqual({ rows: [] });
  });
});

describe('where the history is read from', () => {
  /** The partitions of rows that a query reads. */
  async function partitions(filter: Partial<HistoryFilter> & { limit?: number }, all = rows) {
    const { tables } = await ask({}, all);
    const read: string[] = [];
    const query: Tables['query'] = (table, partition, range) => {
      if (partition.startsWith('history|')) read.push(partition.slice('history|'.length));
      return tables.query(table, partition, range);
    };
    await queryHistory(
      { tables: { ...tables, query }, subscriptions: [subscription, other] },
      { limit: 100, ...filter },
    );
    return read.toSorted();
  }
  const months = [`${subscription}|2026-08`, `${subscription}|2026-09`, `${subscription}|2026-11`];

  it.each<[string, Partial<HistoryFilter> & { limit?: number }, string[]]>([
    ['a cluster by its ARM id from its partition', { cluster: shop }, [clusterKey(shop)]],
    ['a cluster by its name too', { cluster: 'shop' }, [clusterKey(shop)]],
    ['the pools of a name from the clusters that have it', { nodePool: 'win' }, [clusterKey(bank)]],
    ['a resource group from its clusters', { resourceGroup: 'rg-bank' }, [clusterKey(bank)]],
    ['a name that nobody has from nowhere', { cluster: 'none' }, []],
    ['a subscription from its months', { subscription }, months],
    [
      'a time from the months that it touches',
      { subscription, since: '2026-08-15T00:00:00Z', until: '2026-10-01T00:00:00Z' },
      months.slice(0, 2),
    ],
    ['a first page from the newest month alone', { subscription, limit: 1 }, months.slice(2)],
  ])('reads %s', async (_what, filter, expected) => {
    expect(await partitions(filter)).toEqual(expected);
  });

  it('goes on from a cursor without the months behind it', async () => {
    const { page } = await ask({ subscription, limit: 3 });
    const { next } = await page();
    expect(await partitions({ subscription, after: next, limit: 1 })).toEqual(months.slice(0, 2));
  });

  it('reads the months where a name means many clusters', async () => {
    const many = Array.from({ length: 30 }, (_, index) => row(clusterIdOf(`shop-${index}`), 1, '2026-11-03T10:00:00Z'));
    expect(await partitions({ cluster: 'shop-*' }, many)).toEqual([`${subscription}|2026-11`]);
  });
});

describe('filters', () => {
  const clusters = [shop, bank, clusterIdOf('shop-2'), clusterIdOf('lab')];
  const anInstant = fc
    .integer({ min: Date.UTC(2026, 6), max: Date.UTC(2026, 9) })
    .map((time) => new Date(time).toISOString());
  const aRow = fc
    .record({
      cluster: fc.constantFrom(...clusters),
      at: anInstant,
      nodePool: fc.constantFrom('apps', 'jobs'),
      to: fc.constantFrom(newImage, windowsImage),
      kind: fc.constantFrom('transition', 'rolled', 'firstSeen', 'gone'),
      cause: fc.constantFrom<FoldedRoll['cause']>('keeper', 'manual', 'unknown'),
      outcome: fc.constantFrom<FoldedRoll['outcome']>('succeeded', 'failed'),
      inWindow: fc.constantFrom<FoldedRoll['inWindow']>(true, false, 'unknown'),
    })
    .map(({ cluster, at, kind, ...fields }) => (sequence: number): HistoryRow => {
      if (kind === 'firstSeen') return seen(cluster, sequence, at, fields.nodePool);
      if (kind === 'gone') return gone(cluster, sequence, at);
      return row(cluster, sequence, at, { ...fields, kind });
    });
  const someRows = fc.array(aRow, { maxLength: 40 }).map((makers) => makers.map((make, index) => make(index + 1)));
  const aFilter = fc.record(
    {
      kinds: fc.subarray<HistoryRow['kind']>(['transition', 'rolled', 'firstSeen', 'gone'], { minLength: 1 }),
      subscription: fc.constantFrom(subscription, other),
      resourceGroup: fc.constantFrom('rg-shop', 'RG-*'),
      cluster: fc.constantFrom('shop', 'shop*', shop, bank),
      nodePool: fc.constantFrom('apps', 'job?'),
      image: fc.constantFrom(newImage, 'AKSWindows*'),
      release: fc.constantFrom('202610.26.0', '20348*'),
      outcome: fc.constantFrom<FoldedRoll['outcome']>('succeeded', 'failed'),
      cause: fc.constantFrom<FoldedRoll['cause']>('keeper', 'manual'),
      inWindow: fc.constantFrom<FoldedRoll['inWindow']>(true, 'unknown'),
      since: anInstant,
      until: anInstant,
    },
    { requiredKeys: [] },
  );

  /** Every field for itself, on the row as it is, without the code under test. */
  function isAsked(one: HistoryRow, filter: Partial<HistoryFilter>): boolean {
    const like = (pattern: string | undefined, text: string) =>
      pattern === undefined ||
      new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i').test(text);
    const [, , sub = '', , group = '', , , , name = ''] = one.cluster.split('/');
    const images = isRoll(one) ? [one.from, one.to] : one.kind === 'firstSeen' ? [one.nodeImageVersion] : [];
    const roll: Partial<FoldedRoll> = isRoll(one) ? one : {};
    return (
      (filter.kinds ?? ['transition', 'rolled']).includes(one.kind) &&
      like(filter.subscription, sub) &&
      like(filter.resourceGroup, group) &&
      like(filter.cluster, filter.cluster?.startsWith('/') ? one.cluster : name) &&
      (one.nodePool === undefined || like(filter.nodePool, one.nodePool)) &&
      (filter.image === undefined || images.some((image) => like(filter.image, image))) &&
      (filter.release === undefined || images.some((image) => like(filter.release, image.split('-').at(-1) ?? ''))) &&
      (filter.outcome === undefined || roll.outcome === filter.outcome) &&
      (filter.cause === undefined || roll.cause === filter.cause) &&
      (filter.inWindow === undefined || roll.inWindow === filter.inWindow) &&
      (filter.since === undefined || timeOf(one) >= filter.since) &&
      (filter.until === undefined || timeOf(one) < filter.until)
    );
  }

  const inOrder = (all: readonly HistoryRow[]) =>
    all.toSorted(
      (a, b) =>
        Date.parse(timeOf(b)) - Date.parse(timeOf(a)) ||
        (clusterKey(a.cluster) < clusterKey(b.cluster) ? -1 : clusterKey(a.cluster) > clusterKey(b.cluster) ? 1 : 0) ||
        b.sequence - a.sequence,
    );

  it('mean the same alone and together, in pages and as a stream', async () => {
    await fc.assert(
      fc.asyncProperty(someRows, aFilter, fc.integer({ min: 1, max: 10 }), async (all, filter, limit) => {
        const expected = numbers(inOrder(all.filter((one) => isAsked(one, filter))));
        const { tables, page } = await ask({ ...filter, limit }, all);
        const found = await readPages(page);
        expect(numbers(found)).toEqual(expected);
        const streamed: HistoryRow[] = [];
        for await (const one of readHistory({ tables, subscriptions: [subscription, other] }, filter))
          if (one.kind !== 'unreadable') streamed.push(one);
        expect(numbers(streamed)).toEqual(expected);
      }),
    );
  });

  it('skip and repeat nothing while rows arrive, whenever those ended', async () => {
    await fc.assert(
      fc.asyncProperty(someRows, someRows, fc.integer({ min: 1, max: 7 }), async (there, arriving, limit) => {
        const { tables, page } = await ask({ limit }, there);
        const late = arriving.map((one) => ({ ...one, sequence: one.sequence + 100 }));
        const found = await readPages(page, () => fill(tables, late.splice(0, 3)));
        const names = numbers(found);
        expect(new Set(names).size).toBe(names.length);
        expect(names).toEqual(expect.arrayContaining(numbers(there.filter(isRoll))));
        expect(names).toEqual(numbers(inOrder(found)));
      }),
    );
  });
});
