// A pass reads the heads of a large fleet by pages, from a copy that appends keep, and finds out where the copy is wrong.
import { expect, it } from 'vitest';
import { createMemoryTables } from '../../../shared/adapters/storage/memoryTables.ts';
import { clusterKey } from '../../../shared/domain/cluster/clusterId.ts';
import { readDigest } from '../../../shared/domain/ledger/digest.ts';
import { readHeads } from '../../../shared/stores/ledgerStore.ts';
import { copyHeads, readCopiedHeads } from '../../../shared/stores/views/headsStore.ts';
import { writeDigest } from '../../../shared/usecases/history/writeDigest.ts';
import { createTestWorld } from '../../world.ts';
import { clusterIdOf, fleetOf, managedCluster, newImage, poolProfile, subscription } from '../fleets.ts';

const key = clusterKey(clusterIdOf('c0'));

async function worldOf(size: number) {
  const clusters = Array.from({ length: size }, (_, index) =>
    managedCluster([poolProfile('apps')], { name: `c${index}` }),
  );
  const memory = createMemoryTables();
  const queries = new Map<string, number>();
  const query: typeof memory.query = (table, ...rest) => {
    queries.set(table, (queries.get(table) ?? 0) + 1);
    return memory.query(table, ...rest);
  };
  const start = { start: '2026-11-03T16:30:00Z', subscriptions: [subscription], isAsked: false } as const;
  const world = await createTestWorld({ fleet: fleetOf(...clusters), ...start, tables: { ...memory, query } });
  await world.pass();
  const copied = async () => (await readCopiedHeads(memory, subscription)).get(key);
  return { ...world, memory, queries, copied };
}

it('a pass over many clusters reads few ledgers', async () => {
  const world = await worldOf(60);
  // Messages that follow the first appends read the ledgers too.
  await world.run(10);
  world.advance({ minutes: 5 });
  world.queries.clear();
  await world.pass();
  expect(world.queries.get('Ledger')).toBe(1);
});

it('the copy follows each append', async () => {
  const world = await worldOf(1);
  expect(await world.copied()).toEqual({
    ...(await readHeads(world.memory, key)),
    etag: undefined,
    poolEtags: undefined,
  });
  world.simulator.personUpgrades(clusterIdOf('c0'), 'apps');
  await world.run(60);
  expect((await world.copied())?.pools).toMatchObject([{ nodePool: 'apps', nodeImageVersion: newImage }]);
  world.simulator.inject({ kind: 'person', does: 'delete', cluster: 'c0' });
  await world.run(10);
  expect(await world.copied()).toMatchObject({ chain: { gone: true }, pools: [] });
});

it('a ledger of gaps alone, of a cluster without pools, is in the digest', async () => {
  const fleet = fleetOf(managedCluster([], { name: 'c0' }), managedCluster([poolProfile('apps')], { name: 'c1' }));
  const start = { start: '2026-11-03T16:30:00Z', subscriptions: [subscription], isAsked: false } as const;
  const world = await createTestWorld({ fleet, ...start });
  await world.pass();
  const namedIn = async () => {
    const name = (await writeDigest(world.dependencies)) ?? '';
    return readDigest((await world.dependencies.digests.read(name)) ?? '')?.clusters.map(({ cluster }) => cluster);
  };
  // What has no entries has nothing to be held to.
  expect(await namedIn()).toEqual([clusterIdOf('c1')]);
  world.advance({ hours: 24 * 7 });
  await world.pass();
  expect((await world.ledger(clusterIdOf('c0'))).map(({ kind }) => kind)).toEqual(['gap']);
  expect(await namedIn()).toEqual([clusterIdOf('c0'), clusterIdOf('c1')]);
});

it('an older copy never takes the place of a newer one', async () => {
  const world = await worldOf(1);
  const { chain, pools } = await readHeads(world.memory, key);
  if (!chain) throw new Error('There is no chain.');
  await copyHeads(world.memory, key, { chain: { ...chain, sequence: chain.sequence + 1 }, pools });
  await copyHeads(world.memory, key, { chain, pools });
  await copyHeads(world.memory, key, {
    chain: { ...chain, observedAt: chain.observedAt.subtract({ hours: 1 }) },
    pools,
  });
  expect((await world.copied())?.chain?.sequence).toBe(chain.sequence + 1);
});

it('what was copied of a ledger that was put back since is found out in turn', async () => {
  const world = await worldOf(1);
  const { chain } = await readHeads(world.memory, key);
  if (!chain) throw new Error('There is no chain.');
  await copyHeads(world.memory, key, { chain: { ...chain, sequence: 99, hash: 'x' }, pools: [] });
  world.advance({ minutes: 5 });
  await world.pass();
  expect(await world.copied()).toMatchObject({ chain: { sequence: 1 }, pools: [{ nodePool: 'apps' }] });
});
