// The weekly digests, and what a ledger that is held against them shows: what its chain alone can't.
import { randomUUID } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Azurite, startAzurite } from '../../../local/azurite.ts';
import { createAzureDocuments } from '../../../shared/adapters/storage/azureDocuments.ts';
import { createAzureTables } from '../../../shared/adapters/storage/azureTables.ts';
import { createMemoryDocuments } from '../../../shared/adapters/storage/memoryDocuments.ts';
import { createMemoryTables } from '../../../shared/adapters/storage/memoryTables.ts';
import { clusterKey } from '../../../shared/domain/cluster/clusterId.ts';
import { chainEntries } from '../../../shared/domain/ledger/chain.ts';
import { readDigest, sha256 } from '../../../shared/domain/ledger/digest.ts';
import type { Entry, EntryBody } from '../../../shared/domain/ledger/ledger.ts';
import type { Documents } from '../../../shared/ports/documents.ts';
import type { Tables } from '../../../shared/ports/tables.ts';
import { readChain, readEntries } from '../../../shared/stores/ledgerStore.ts';
import { checkRecord } from '../../../shared/usecases/history/checkRecord.ts';
import { writeDigest } from '../../../shared/usecases/history/writeDigest.ts';
import { projectLedger } from '../../../shared/usecases/observe/projectLedger.ts';
import { recordObservation } from '../../../shared/usecases/observe/recordObservation.ts';
import { checkWeekly } from '../../../shared/usecases/report/checkWeekly.ts';
import { record } from '../../ledgers.ts';
import { createTestWorld } from '../../world.ts';
import { clusterIdOf, fleetOf, managedCluster, poolProfile, subscription } from '../fleets.ts';
import {
  aRecord,
  byHand,
  clusterView,
  editEntry,
  entryOf,
  logRow,
  november,
  october,
  type Recorded,
  removeFromIndex,
} from './byHand.ts';

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

const backends: readonly (readonly [string, () => { readonly tables: Tables; readonly digests: Documents }])[] = [
  ['memory', () => ({ tables: createMemoryTables(), digests: createMemoryDocuments() })],
  [
    'Azurite',
    () => {
      const connection = { kind: 'connectionString', value: azurite.connectionString } as const;
      return {
        tables: createAzureTables(connection),
        digests: createAzureDocuments({ ...connection, container: randomUUID() }),
      };
    },
  ],
];

type Made = { readonly tables: Tables; readonly digests: Documents; readonly subscription: string };

/** What the weekly check writes on a Monday. */
const digest = ({ tables, digests, subscription }: Made, monday = '2026-11-16') =>
  writeDigest({
    clock: { now: () => Temporal.Instant.from(`${monday}T06:00:00Z`) },
    tables,
    digests,
    subscriptions: [subscription],
    queues: { send: async () => {}, countPoisoned: async () => 0 },
    log: { info: () => {}, warn: () => {} },
  });
const verify = ({ tables, digests, subscription }: Made, names = {}) =>
  checkRecord({ tables, digests, subscriptions: [subscription] }, names);
const whole = ({ verdicts, digests }: Awaited<ReturnType<typeof verify>>) =>
  verdicts.every((one) => one.whole) && digests.whole !== false;

async function ledgerOf({ tables }: Recorded, cluster: string): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of readEntries(tables, clusterKey(cluster))) entries.unshift(entry);
  return entries;
}

/** The cluster's rows out of all views, and back in by what its ledger says now. */
async function rebuildViews(made: Recorded): Promise<void> {
  const views = byHand(made, 'Views');
  for (const partition of [october(made), november(made)]) {
    const own = (await views.rows(partition)).filter(({ rowKey }) => rowKey.includes(`|${made.key}|`));
    if (own.length > 0) await views.remove(partition, ...own.map(({ rowKey }) => rowKey));
  }
  await removeFromIndex(made);
  await views.remove(clusterView(made));
  await views.remove(`months|${made.subscription}`, '2026-11');
  await views.remove(`known|${made.subscription}`, `${made.key}|apps`);
  await projectLedger(made, { clusterId: made.shop });
}

/** The chain of these entries in the place of the one that is there, with its head and its views. */
async function replaceChain(made: Recorded, bodies: readonly EntryBody[]): Promise<void> {
  const ledger = byHand(made, 'Ledger');
  const head = await readChain(made.tables, made.key);
  await ledger.remove(made.key);
  const entries = chainEntries(undefined, bodies, Temporal.Instant.from('2026-11-15T00:00:00Z'));
  for (const entry of entries) await ledger.put(made.key, logRow(entry.sequence), entry);
  const { sequence = 0, hash = '' } = entries.at(-1) ?? {};
  await ledger.put(made.key, 'head', { ...head, sequence, hash });
  await rebuildViews(made);
}

const bodiesOf = (entries: readonly Entry[]): readonly EntryBody[] =>
  entries.map(
    ({ sequence: _sequence, recordedAt: _recordedAt, previousHash: _previous, hash: _hash, ...body }) => body,
  );

async function removeEverywhere(made: Recorded): Promise<void> {
  await byHand(made, 'Ledger').remove(made.key);
  await rebuildViews(made);
}

type Tampering = readonly [what: string, tamper: (made: Recorded) => Promise<void>, sequence: number, problem: RegExp];

/** What the chain and the views show by themselves, with and without a digest. */
const shownByTheChain: readonly Tampering[] = [
  ['an entry edited', (made) => editEntry(made, 3, { cause: 'manual' }), 3, /does not match its hash/],
  ['an entry removed', (made) => byHand(made, 'Ledger').remove(made.key, logRow(3)), 3, /is missing/],
  [
    'an entry inserted',
    async (made) => {
      const [forged] = chainEntries(
        await entryOf(made, 2),
        [made.rolled(35)],
        Temporal.Instant.from('2026-11-15T00:00:00Z'),
      );
      await byHand(made, 'Ledger').put(made.key, `${logRow(3)}0`, forged);
    },
    4,
    /does not link|in its place stands 3/,
  ],
];

/** What only a digest shows. */
const shownByADigest: readonly Tampering[] = [
  [
    'the tail removed, the head set back, the views to fit',
    async (made) => {
      const { sequence, hash } = await entryOf(made, 5);
      const head = await readChain(made.tables, made.key);
      await byHand(made, 'Ledger').remove(made.key, logRow(6));
      await byHand(made, 'Ledger').put(made.key, 'head', { ...head, sequence, hash, gone: false });
      await rebuildViews(made);
    },
    6,
    /is missing: the digest 2026-W46\.json names 6 entries/,
  ],
  [
    'the whole chain recomputed after an edit',
    async (made) => {
      const bodies = bodiesOf(await ledgerOf(made, made.shop));
      await replaceChain(made, bodies.with(2, made.rolled(4)));
    },
    6,
    /is not the one that the digest 2026-W46\.json names: it, or one before it, was changed/,
  ],
  [
    'an entry taken out and the rest recomputed',
    async (made) => {
      await replaceChain(made, bodiesOf(await ledgerOf(made, made.shop)).toSpliced(4, 1));
    },
    6,
    /is missing: the digest 2026-W46\.json names 6 entries/,
  ],
  [
    'an entry put in and the rest recomputed',
    async (made) => {
      await replaceChain(made, bodiesOf(await ledgerOf(made, made.shop)).toSpliced(2, 0, made.rolled(4)));
    },
    6,
    /is not the one that the digest 2026-W46\.json names/,
  ],
  ['the cluster removed from everywhere', removeEverywhere, 1, /is missing: the digest 2026-W46\.json names 6 entries/],
];

describe.each(backends)('the record in %s', (_backend, createStorage) => {
  async function made() {
    const { tables, digests } = createStorage();
    return aRecord(tables, digests);
  }

  it('is as its digest says, and goes on to be', async () => {
    const record = await made();
    expect(await digest(record)).toBe('2026-W46.json');
    const hash = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(readDigest((await record.digests.read('2026-W46.json')) ?? '')).toEqual({
      kind: 'digest',
      week: '2026-W46',
      at: '2026-11-16T06:00:00Z',
      clusters: [
        { cluster: record.bank, sequence: 1, hash, observedAt: expect.any(String) },
        { cluster: record.shop, sequence: 6, hash, observedAt: expect.any(String) },
      ],
    });
    expect(await verify(record)).toMatchObject({
      verdicts: [{ whole: true }, { whole: true }],
      digests: { whole: true, compared: 1, oldest: '2026-W46.json', newest: { at: '2026-11-16T06:00:00Z' } },
    });
    await addOne(record);
    expect(whole(await verify(record))).toBe(true);
  });

  const addOne = (one: Recorded) => record(one.tables, [one.rolled(35)]);

  it.each(shownByTheChain)('shows by its chain: %s', async (_what, tamper, sequence, problem) => {
    const one = await made();
    await tamper(one);
    const broken = [{ cluster: one.shop, firstBreak: { sequence, problem: expect.stringMatching(problem) } }];
    expect((await verify(one)).verdicts.filter((verdict) => !verdict.whole)).toMatchObject(broken);
  });

  it.each(shownByADigest)('shows by a digest alone: %s', async (_what, tamper, sequence, problem) => {
    const [without, one] = [await made(), await made()];
    await tamper(without);
    expect(whole(await verify(without))).toBe(true);
    await digest(one);
    await tamper(one);
    const { verdicts, digests } = await verify(one);
    expect(verdicts.filter((verdict) => !verdict.whole)).toMatchObject([
      { firstBreak: { sequence, problem: expect.stringMatching(problem) } },
    ]);
    expect(digests.whole).toBe(true);
    // The digest that is written over it changes nothing: the earlier one goes on telling.
    await digest(one, '2026-11-23');
    expect((await verify(one, { cluster: 'shop' })).verdicts).toMatchObject([
      { whole: false, firstBreak: { problem: expect.stringMatching(problem) } },
    ]);
    expect(whole(await verify(one, { cluster: 'bank' }))).toBe(true);
  });

  it('can’t show what was changed since the newest digest', async () => {
    const one = await made();
    await digest(one);
    await record(one.tables, [one.rolled(35)]);
    const bodies = bodiesOf(await ledgerOf(one, one.shop));
    const ledger = byHand(one, 'Ledger');
    const [forged] = chainEntries(
      await entryOf(one, 6),
      [{ ...(bodies[6] as EntryBody), observedAt: '2026-11-15T01:00:00Z' }],
      Temporal.Instant.from('2026-11-15T01:00:00Z'),
    );
    await ledger.put(one.key, logRow(7), forged);
    await ledger.put(one.key, 'head', { ...(await readChain(one.tables, one.key)), hash: forged?.hash });
    await rebuildViews(one);
    expect(whole(await verify(one))).toBe(true);
  });

  it('has one digest a week, whoever comes first', async () => {
    const one = await made();
    const written = await Promise.all([digest(one), digest(one), digest(one)]);
    expect(written.filter((name) => name !== undefined)).toEqual(['2026-W46.json']);
    const first = await one.digests.read('2026-W46.json');
    await record(one.tables, [one.rolled(35)]);
    expect(await digest(one, '2026-11-18')).toBeUndefined();
    expect(await one.digests.read('2026-W46.json')).toBe(first);
    await digest(one, '2026-11-30');
    expect(await one.digests.list()).toEqual(['2026-W46.json', '2026-W48.json']);
    const second = readDigest((await one.digests.read('2026-W48.json')) ?? '');
    expect(second?.previous).toEqual({ name: '2026-W46.json', sha256: sha256(first ?? '') });
    expect(second?.clusters).toMatchObject([{ sequence: 1 }, { sequence: 7 }]);
    expect(await verify(one)).toMatchObject({ digests: { whole: true, compared: 2, oldest: '2026-W46.json' } });
  });
});

describe('a digest of heads that are not all read', () => {
  const headless = async (fails: 'silent' | 'noJson') => {
    const one = await aRecord(createMemoryTables(), createMemoryDocuments());
    const tables: Tables = {
      ...one.tables,
      get: async (table, partition, rowKey) => {
        const row = await one.tables.get(table, partition, rowKey);
        if (table !== 'Ledger' || partition !== one.key) return row;
        if (fails === 'silent') throw new Error('Table storage did not answer.');
        return row && { ...row, value: undefined };
      },
    };
    return { one, broken: { ...one, tables } };
  };

  it('is not kept while storage does not answer, and whole when it does', async () => {
    const { one, broken } = await headless('silent');
    await expect(digest(broken)).rejects.toThrow('did not answer');
    expect(await one.digests.list()).toEqual([]);
    await digest(one);
    expect(readDigest((await one.digests.read('2026-W46.json')) ?? '')?.clusters).toHaveLength(2);
  });

  it('is kept of the others where a row holds no head', async () => {
    const { one, broken } = await headless('noJson');
    expect(await digest(broken)).toBe('2026-W46.json');
    const { clusters } = readDigest((await one.digests.read('2026-W46.json')) ?? '') ?? {};
    expect(clusters).toMatchObject([{ cluster: one.bank }]);
  });

  it('seed 5100063: names a cluster that no pass looks at, whose head was lost, by what its entries say', async () => {
    const one = await aRecord(createMemoryTables(), createMemoryDocuments());
    const head = await one.tables.get('Ledger', one.key, 'head');
    await one.tables.write('Ledger', one.key, [{ kind: 'delete', rowKey: 'head', etag: head?.etag ?? '' }]);
    await digest(one);
    const { clusters } = readDigest((await one.digests.read('2026-W46.json')) ?? '') ?? {};
    const { sequence, hash } = (await ledgerOf(one, one.shop)).at(-1) ?? {};
    expect(clusters).toContainEqual(expect.objectContaining({ cluster: one.shop, sequence, hash }));
    expect((await ledgerOf(one, one.shop)).at(-1)).toMatchObject({ kind: 'gap' });
    expect(whole(await verify(one))).toBe(true);
  });
});

/** Digests of three weeks, and who changes them in a container that is not immutable. */
async function threeWeeks() {
  const texts = new Map<string, string>();
  const digests: Documents = {
    write: async (name, text) => {
      texts.set(name, text);
      return 'written';
    },
    list: async () => [...texts.keys()].sort(),
    read: async (name) => texts.get(name),
  };
  const one = await aRecord(createMemoryTables(), digests);
  for (const monday of ['2026-11-16', '2026-11-23', '2026-11-30']) await digest(one, monday);
  return { ...one, texts };
}
type Weeks = Awaited<ReturnType<typeof threeWeeks>>;

describe('the digests themselves', () => {
  const edit = ({ texts }: Weeks, name: string) =>
    texts.set(name, texts.get(name)?.replace('"sequence":1', '"sequence":0') ?? '');

  it.each<[string, (weeks: Weeks) => unknown, boolean | 'unknown', RegExp]>([
    [
      'an edited one',
      (weeks) => edit(weeks, '2026-W47.json'),
      false,
      /2026-W47.json is not what 2026-W48.json says it was/,
    ],
    ['one made into nothing', ({ texts }) => texts.set('2026-W46.json', ''), false, /2026-W46.json is not what/],
    [
      'one taken out',
      ({ texts }) => texts.delete('2026-W47.json'),
      false,
      /2026-W48.json follows 2026-W47.json, which is/,
    ],
    [
      'the newest made into nothing',
      ({ texts }) => texts.set('2026-W48.json', '{}'),
      'unknown',
      /W48.json is no digest/,
    ],
    ['all taken out', ({ texts }) => texts.clear(), 'unknown', /no digest yet/],
  ])('show %s', async (_what, tamper, expected, problem) => {
    const weeks = await threeWeeks();
    tamper(weeks);
    const { verdicts, digests } = await verify(weeks);
    expect(digests).toMatchObject({
      whole: expected,
      problems: expect.arrayContaining([expect.stringMatching(problem)]),
    });
    expect(verdicts.every((one) => one.whole)).toBe(true);
  });

  it('may lose the oldest, and leave other things in the container alone', async () => {
    const weeks = await threeWeeks();
    weeks.texts.delete('2026-W46.json');
    weeks.texts.set('readme.txt', 'mine');
    expect(await verify(weeks)).toMatchObject({ digests: { whole: true, compared: 2, oldest: '2026-W47.json' } });
  });

  it('are unknown where they can’t be read, and the chains are checked all the same', async () => {
    const weeks = await threeWeeks();
    const digests: Documents = {
      ...weeks.digests,
      list: () => Promise.reject(new Error('Digests: could not list them: 403')),
    };
    expect(await verify({ ...weeks, digests })).toMatchObject({
      verdicts: [{ whole: true }, { whole: true }],
      digests: { whole: 'unknown', compared: 0, problems: ['Digests: could not list them: 403'] },
    });
  });
});

describe('the weekly check', () => {
  let isGone = false;
  const aWorld = (digests: Documents) =>
    createTestWorld({
      fleet: fleetOf(managedCluster(), managedCluster([poolProfile('apps')], { name: 'bank' })),
      start: '2026-11-14T11:50:00Z',
      subscriptions: [subscription],
      policy: { mode: 'observe' },
      digests,
      intercept: ({ url }, answer) =>
        isGone && url.includes('/managedClusters/bank')
          ? { status: 404, headers: {}, body: '{"error":{"code":"ResourceNotFound","message":"Gone."}}' }
          : answer(),
    });

  it('keeps a digest, also of a cluster that is gone', async () => {
    const digests = createMemoryDocuments();
    const world = await aWorld(digests);
    await world.run(10);
    isGone = true;
    await recordObservation(world.dependencies, { clusterId: clusterIdOf('bank') });
    world.advance({ hours: 48 });
    await checkWeekly(world.dependencies);
    expect(world.lines).toContain('Weekly check: the digest 2026-W46.json is kept.');
    expect(readDigest((await digests.read('2026-W46.json')) ?? '')?.clusters).toMatchObject([
      { cluster: clusterIdOf('bank'), gone: true },
      { cluster: expect.stringMatching(/\/shop$/) },
    ]);
  });

  it.each(['list', 'read', 'write'] as const)(
    'goes on when the digest fails to %s, and the next one makes it good',
    async (what) => {
      const memory = createMemoryDocuments();
      await memory.write('2026-W40.json', '{}');
      let fails = true;
      const refused = async () => {
        throw new Error(`Digests: could not ${what}: 403`);
      };
      const digests: Documents = {
        write: (name, text) => (fails && what === 'write' ? refused() : memory.write(name, text)),
        list: () => (fails && what === 'list' ? refused() : memory.list()),
        read: (name) => (fails && what === 'read' ? refused() : memory.read(name)),
      };
      const world = await aWorld(digests);
      await world.run(10);
      world.advance({ hours: 48 });
      expect(await checkWeekly(world.dependencies)).toHaveLength(2);
      expect(world.lines).toContain(`Weekly check: the digest could not be kept: Digests: could not ${what}: 403`);
      expect(await memory.list()).toEqual(['2026-W40.json']);
      fails = false;
      world.advance({ hours: 7 * 24 });
      await checkWeekly(world.dependencies);
      expect(await memory.list()).toEqual(['2026-W40.json', '2026-W47.json']);
    },
  );
});
