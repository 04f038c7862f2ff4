// Heads of a ledger that were damaged or deleted by hand: rebuilt where the chain is whole, blocked where it is not.
import { beforeEach, expect, it } from 'vitest';
import { clusterKey } from '../../../shared/domain/cluster/clusterId.ts';
import { readHeads } from '../../../shared/stores/ledgerStore.ts';
import { listNodePools } from '../../../shared/usecases/ask/listNodePools.ts';
import { checkRecord } from '../../../shared/usecases/history/checkRecord.ts';
import { writeDigest } from '../../../shared/usecases/history/writeDigest.ts';
import { recordObservation } from '../../../shared/usecases/observe/recordObservation.ts';
import { notOurs, spoiledTables } from '../../spoiledTables.ts';
import { createTestWorld, type TestWorld } from '../../world.ts';
import { clusterIdOf, fleetOf, managedCluster, newImage, oldImage, poolProfile, subscription } from '../fleets.ts';

const key = clusterKey(clusterIdOf('shop'));
let spoil: ReturnType<typeof spoiledTables>;
let world: TestWorld;

/** A cluster that was rolled by the keeper, beside one that has nothing to do with it. */
beforeEach(async () => {
  spoil = spoiledTables();
  world = await createTestWorld({
    fleet: fleetOf(managedCluster([poolProfile('apps')]), managedCluster([poolProfile('apps')], { name: 'other' })),
    start: '2026-11-03T11:55:00Z',
    subscriptions: [subscription],
    tables: spoil.tables,
    topic: 'taking',
  });
  await world.pass();
  await world.run(60);
  expect(await kinds()).toEqual(['firstSeen', 'transition']);
});

const kinds = async () => (await world.ledger(clusterIdOf('shop'))).map(({ kind }) => kind);
const remove = async (...rowKeys: readonly string[]) => {
  for (const rowKey of rowKeys) {
    const row = await spoil.tables.get('Ledger', key, rowKey);
    if (row) await spoil.tables.write('Ledger', key, [{ kind: 'delete', rowKey, etag: row.etag }]);
  }
};
const entryRows = async () => {
  const rows = await Array.fromAsync(spoil.tables.query('Ledger', key, { from: 'log|', to: 'log}' }));
  return rows.map(({ rowKey }) => rowKey);
};
const pass = async () => {
  world.advance({ minutes: 5 });
  await world.pass();
};
const decisionOf = async (name: string) =>
  (await listNodePools(world.dependencies, { cluster: clusterIdOf(name) }))[0]?.decision;
const verify = async () => (await checkRecord(world.dependencies, { cluster: clusterIdOf('shop') })).verdicts[0];

/** What comes is recorded, and nothing is announced twice. */
async function expectGoesOn(): Promise<void> {
  world.simulator.release('AKSUbuntu-2204gen2containerd-202611.02.0');
  await world.run(60 * 25);
  expect(await kinds()).toEqual(['firstSeen', 'transition', 'gap', 'transition']);
  expect(
    world.told.filter(({ type, source }) => type === 'NodeImageTransition' && source.endsWith('shop')),
  ).toHaveLength(2);
}

async function expectRebuilt(why: RegExp): Promise<void> {
  await pass();
  await pass();
  expect(await kinds()).toEqual(['firstSeen', 'transition', 'gap']);
  const [, rolled, gap] = await world.ledger(clusterIdOf('shop'));
  expect(gap).toMatchObject({ reason: expect.stringMatching(why), unseenFrom: rolled?.observedAt });
  const { chain, pools } = await readHeads(spoil.tables, key);
  expect(chain).toMatchObject({ sequence: 3, hash: gap?.hash, cluster: clusterIdOf('shop') });
  const [opensAt, closesAt] = ['2026-11-03T12:00:00Z', '2026-11-03T16:00:00Z'];
  expect(pools).toMatchObject([
    {
      nodePool: 'apps',
      nodeImageVersion: newImage,
      sequence: 2,
      lastAttempt: { outcome: 'succeeded', opensAt, closesAt },
    },
  ]);
  // Its soak starts anew.
  expect(pools[0]?.runs).toMatchObject([{ nodeImageVersion: newImage, since: expect.anything() }]);
  expect(pools[0]?.runs?.[0]?.since.epochMilliseconds).toBeGreaterThanOrEqual(Date.parse(gap?.recordedAt ?? ''));
  expect(await verify()).toMatchObject({ whole: true, entries: 3, projectedTo: 3 });
  expect((await decisionOf('shop'))?.reason).toBe('upToDate');
}

it.each(notOurs)('the chain’s head holds %s', async (_what, value) => {
  await spoil.put('Ledger', key, 'head', value);
  await expectRebuilt(/row "head" of the ledger .* It was rebuilt from the ledger's 2 entries/);
});

it.each(notOurs)('a pool’s head holds %s', async (_what, value) => {
  await spoil.put('Ledger', key, 'head|apps', value);
  await expectRebuilt(/row "head\|apps" of the ledger/);
});

it('the chain’s head is deleted', async () => {
  await remove('head');
  await expectRebuilt(/row "head" of the ledger is not there, and the ledger has entries/);
});

it('a pool’s head is deleted: the pool is not seen for the first time', async () => {
  await remove('head|apps');
  await expectRebuilt(/row "head\|apps" of the ledger is not there, and the ledger has its pool/);
});

it('all heads are deleted', async () => {
  await remove('head', 'head|apps');
  await expectRebuilt(/row "head" of the ledger is not there/);
  await expectGoesOn();
});

it('the chain’s head is an older one, or names another hash', async () => {
  const { chain } = await readHeads(spoil.tables, key);
  await spoil.put('Ledger', key, 'head', { ...chain, hash: '0'.repeat(64) });
  await remove('head|apps');
  await expectRebuilt(/row "head" of the ledger is not of the newest entry/);
});

it('a pool’s head is an older one, or another’s: no roll is told that was none', async () => {
  const { pools } = await readHeads(spoil.tables, key);
  await spoil.put('Ledger', key, 'head|apps', {
    ...pools[0],
    nodeImageVersion: oldImage,
    sequence: 1,
    lastAttempt: undefined,
  });
  await expectRebuilt(/row "head\|apps" of the ledger is not of the newest entry of its pool/);
});

it('a pool’s head is that of a pool of the same name elsewhere', async () => {
  const { pools } = await readHeads(spoil.tables, key);
  await spoil.put('Ledger', key, 'head|apps', {
    ...pools[0],
    nodeImageVersion: 'AKSUbuntu-2204gen2containerd-202601.07.0',
  });
  await expectRebuilt(/is not of the newest entry of its pool/);
});

it('a head of a cluster that is gone meanwhile: the end is recorded', async () => {
  await remove('head');
  world.simulator.inject({ kind: 'person', does: 'delete', cluster: 'shop' });
  await pass();
  await pass();
  expect(await kinds()).toEqual(['firstSeen', 'transition', 'gap', 'gone']);
});

async function expectBlocked(why: RegExp): Promise<void> {
  const before = await entryRows();
  await pass();
  await pass();
  expect(await entryRows()).toEqual(before);
  const sentence = expect.stringMatching(why);
  expect(await decisionOf('shop')).toMatchObject({ verdict: 'blocked', reason: 'readFailed', sentence });
  expect((await decisionOf('shop'))?.sentence).toMatch(
    /Restore the cluster's rows from a copy, as docs\/operations\.md says/,
  );
  expect((await decisionOf('other'))?.reason).toBe('upToDate');
  expect(world.posts()).toHaveLength(2);
}

it('is not rebuilt from entries of which one was changed', async () => {
  const [newest = ''] = await entryRows();
  const row = await spoil.tables.get('Ledger', key, newest);
  await spoil.put('Ledger', key, newest, { ...(row?.value as object), to: oldImage });
  await spoil.put('Ledger', key, 'head', {});
  await expectBlocked(/entry 2 does not match its hash/);
});

it.each([
  ['is gone', undefined],
  ['holds no JSON', 'spoiled'],
])('nor where an entry %s', async (_what, how) => {
  const oldest = (await entryRows()).at(-1) ?? '';
  if (how) await spoil.put('Ledger', key, oldest, undefined);
  else await remove(oldest);
  await spoil.put('Ledger', key, 'head', {});
  await expectBlocked(/entry 1 is missing|holds no JSON/);
});

it('nor where the history was made of more entries', async () => {
  await remove((await entryRows())[0] ?? '');
  await spoil.put('Ledger', key, 'head', {});
  await expectBlocked(/the history was made of 2 entries and 1 are there/);
});

it('nor where more entries were notified', async () => {
  await remove((await entryRows())[0] ?? '');
  await spoil.put('Views', `history|${key}`, 'cursor', {});
  await spoil.put('Ledger', key, 'head', {});
  await expectBlocked(/2 entries were notified and 1 are there/);
});

it('nor where a digest names more entries, or others', async () => {
  await writeDigest(world.dependencies);
  await remove((await entryRows())[0] ?? '');
  await spoil.put('Views', `history|${key}`, 'cursor', {});
  await spoil.put('Notifications', subscription, `told|${key}`, { sequence: 1 });
  await spoil.put('Ledger', key, 'head', {});
  await expectBlocked(/entry 2 is missing: the digest 2026-W44\.json names 2 entries/);
});

it('goes on once the rows are as they were', async () => {
  const head = await spoil.tables.get('Ledger', key, 'head');
  const [newest = ''] = await entryRows();
  const entry = await spoil.tables.get('Ledger', key, newest);
  await spoil.put('Ledger', key, newest, {});
  await spoil.put('Ledger', key, 'head', {});
  await expectBlocked(/entry 2/);
  await spoil.put('Ledger', key, newest, entry?.value);
  await spoil.put('Ledger', key, 'head', head?.value);
  await pass();
  expect((await decisionOf('shop'))?.reason).toBe('upToDate');
  expect(await verify()).toMatchObject({ whole: true, entries: 2 });
});

it.each(['head', 'head|pool00', 'head|pool99'])(
  'of a hundred pools, though a crash parts the writes: %s',
  async (row) => {
    const id = clusterIdOf('shop');
    const pools = Array.from({ length: 100 }, (_, index) => poolProfile(`pool${`${index}`.padStart(2, '0')}`));
    const { tables, put } = spoiledTables();
    let written = 0;
    let crashAfter = Number.POSITIVE_INFINITY;
    const write: typeof tables.write = async (table, partition, changes) => {
      if (table === 'Ledger' && ++written > crashAfter) throw new Error('crashed');
      return tables.write(table, partition, changes);
    };
    world = await createTestWorld({
      fleet: fleetOf(managedCluster(pools)),
      start: '2026-11-03T16:30:00Z',
      subscriptions: [subscription],
      tables: { ...tables, write },
    });
    await recordObservation(world.dependencies, { clusterId: id });
    await put('Ledger', key, row, {});
    crashAfter = written + 1;
    await expect(recordObservation(world.dependencies, { clusterId: id })).rejects.toThrow('crashed');
    crashAfter = Number.POSITIVE_INFINITY;
    await recordObservation(world.dependencies, { clusterId: id });
    expect((await world.ledger(id)).map(({ kind }) => kind)).toEqual([...pools.map(() => 'firstSeen'), 'gap']);
    const { chain, pools: heads } = await readHeads(tables, key);
    expect(chain?.sequence).toBe(101);
    expect(new Set(heads.map(({ nodePool }) => nodePool)).size).toBe(100);
    expect((await checkRecord(world.dependencies, { cluster: id })).verdicts[0]).toMatchObject({ whole: true });
  },
);

it('what no pass had told by then is in the gap too, though the cluster was observed since', async () => {
  const listedAt = world.clock.now().toString();
  await world.pass();
  world.advance({ minutes: 180 });
  world.simulator.inject({ kind: 'person', does: 'rollBack', cluster: 'shop', nodePool: 'apps' });
  world.advance({ minutes: 60 });
  await recordObservation(world.dependencies, { clusterId: clusterIdOf('shop') });
  expect(await kinds()).toEqual(['firstSeen', 'transition', 'transition']);
  await remove('head');
  await pass();
  await pass();
  const gap = (await world.ledger(clusterIdOf('shop')))[3];
  expect(gap).toMatchObject({ kind: 'gap', reason: expect.stringMatching(/It was rebuilt/) });
  expect(Date.parse(gap?.kind === 'gap' ? gap.unseenFrom : '')).toBeLessThanOrEqual(Date.parse(listedAt) + 1000);
});
