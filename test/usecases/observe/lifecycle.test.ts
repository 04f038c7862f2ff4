import { describe, expect, it } from 'vitest';
import type { ArmResponse } from '../../../local/simulator/arm/armAnswer.ts';
import { createMemoryTables } from '../../../shared/adapters/storage/memoryTables.ts';
import { firstBrokenEntry } from '../../../shared/domain/ledger/chain.ts';
import type { Tables } from '../../../shared/ports/tables.ts';
import { listNodePools } from '../../../shared/usecases/ask/listNodePools.ts';
import { recordObservation } from '../../../shared/usecases/observe/recordObservation.ts';
import { createTestWorld } from '../../world.ts';
import { clusterId, fleetOf, managedCluster, newImage, oldImage, poolProfile, subscription } from '../fleets.ts';

const subscriptions = [subscription];
const notFound: ArmResponse = {
  status: 404,
  headers: { 'content-type': 'application/json' },
  body: '{"error":{"code":"ResourceNotFound","message":"Not here."}}',
};

const kinds = async (world: Awaited<ReturnType<typeof createTestWorld>>) =>
  (await world.ledger(clusterId)).map(({ kind, nodePool }) => (nodePool ? `${kind} ${nodePool}` : kind));

describe('clusters and pools that come and go', () => {
  it('a cluster is gone on 404 only: one that is not listed but still answers stays', async () => {
    let state: 'there' | 'notListed' | 'gone' = 'there';
    const world = await createTestWorld({
      fleet: fleetOf(managedCluster()),
      start: '2026-11-03T08:00:00Z',
      subscriptions,
      intercept: (request, answer) => {
        const path = new URL(request.url).pathname;
        if (state !== 'there' && path.endsWith('/managedClusters')) return { ...answer(), body: '{"value":[]}' };
        return state === 'gone' && path.includes('/managedClusters/') ? notFound : answer();
      },
    });
    await world.pass();
    state = 'notListed';
    await world.pass();
    expect(await kinds(world)).toEqual(['firstSeen apps']);
    expect(await listNodePools(world.dependencies, {})).toHaveLength(1);

    state = 'gone';
    await world.pass();
    await world.pass();
    expect(await kinds(world)).toEqual(['firstSeen apps', 'gone']);
    expect(await listNodePools(world.dependencies, {})).toEqual([]);

    state = 'there';
    await world.pass();
    await world.pass();
    expect(await kinds(world)).toEqual(['firstSeen apps', 'gone', 'firstSeen apps']);
    expect(firstBrokenEntry(await world.ledger(clusterId))).toBeUndefined();
  });

  it('a cluster that the list names twice is planned once', async () => {
    const world = await createTestWorld({
      fleet: fleetOf(managedCluster()),
      start: '2026-11-03T08:00:00Z',
      subscriptions,
      intercept: (request, answer) => {
        const answered = answer();
        if (!new URL(request.url).pathname.endsWith('/managedClusters')) return answered;
        const { value } = JSON.parse(answered.body) as { value: unknown[] };
        return { ...answered, body: JSON.stringify({ value: [...value, ...value] }) };
      },
    });
    await world.pass();
    expect(await listNodePools(world.dependencies, {})).toHaveLength(1);
  });

  it('a 403 is not a 404: nothing is written, and the message is tried again', async () => {
    const world = await createTestWorld({
      fleet: fleetOf(managedCluster()),
      start: '2026-11-03T08:00:00Z',
      subscriptions,
      intercept: () => ({ ...notFound, status: 403, body: '{"error":{"code":"AuthorizationFailed","message":"No."}}' }),
    });
    await expect(recordObservation(world.dependencies, { clusterId })).rejects.toThrow('403 AuthorizationFailed No');
    expect(await kinds(world)).toEqual([]);
  });

  it('a cluster recreated under its name is a new one: no transition between the two', async () => {
    let uid = 'one';
    const world = await createTestWorld({
      fleet: fleetOf(managedCluster(undefined, { properties: { resourceUID: 'one' } })),
      start: '2026-11-03T08:00:00Z',
      subscriptions,
      intercept: (_request, answer) => {
        const answered = answer();
        const image = uid === 'one' ? {} : { from: '202610.05.0', to: '202610.26.0' };
        const body = answered.body.replaceAll('"resourceUID":"one"', `"resourceUID":"${uid}"`);
        return { ...answered, body: image.from ? body.replaceAll(image.from, image.to) : body };
      },
    });
    await world.pass();
    uid = 'two';
    await world.pass();
    await world.pass();
    expect(await kinds(world)).toEqual(['firstSeen apps', 'gone', 'firstSeen apps']);
    expect(await world.history()).toEqual([]);
  });

  it('seed 3171: a late Started of the cluster that was there before is no roll of the new one', async () => {
    let [uid, state] = ['one', 'Succeeded'];
    const world = await createTestWorld({
      fleet: fleetOf(managedCluster(undefined, { properties: { resourceUID: 'one' } })),
      start: '2026-11-03T08:00:00Z',
      subscriptions,
      intercept: (_request, answer) => {
        const answered = answer();
        const body = answered.body
          .replaceAll('"resourceUID":"one"', `"resourceUID":"${uid}"`)
          .replaceAll('"provisioningState":"Succeeded"', `"provisioningState":"${state}"`);
        return { ...answered, body };
      },
    });
    await world.pass();
    world.advance({ minutes: 10 });
    [uid, state] = ['two', 'Creating'];
    await world.pass();
    const started = {
      topic: clusterId,
      subject: 'shop',
      eventType: 'Microsoft.ContainerService.NodePoolRollingStarted',
      eventTime: '2026-11-03T07:55:00.0000000Z',
      id: '1',
      data: { nodePoolName: 'apps' },
      dataVersion: '1.0',
      metadataVersion: '1',
    };
    await world.deliver(started);
    await world.drain();
    state = 'Succeeded';
    await world.deliver(started);
    await world.drain();
    expect(await kinds(world)).toEqual(['firstSeen apps', 'gone', 'firstSeen apps']);
  });

  it('pools that are added and removed', async () => {
    let pools = ['apps', 'jobs'];
    const world = await createTestWorld({
      fleet: fleetOf(managedCluster([poolProfile('apps'), poolProfile('jobs')])),
      start: '2026-11-03T08:00:00Z',
      subscriptions,
      intercept: (_request, answer) => {
        const answered = answer();
        const body = JSON.parse(answered.body || '{}') as { properties?: Pools; value?: { properties?: Pools }[] };
        for (const properties of [body.properties, ...(body.value ?? []).map((one) => one.properties)]) {
          if (properties?.agentPoolProfiles) {
            properties.agentPoolProfiles = properties.agentPoolProfiles.filter(({ name }) => pools.includes(name));
          }
        }
        return { ...answered, body: JSON.stringify(body) };
      },
    });
    await world.pass();
    pools = ['apps'];
    await world.pass();
    await world.pass();
    expect((await listNodePools(world.dependencies, {})).map(({ nodePool }) => nodePool.name)).toEqual(['apps']);
    pools = ['apps', 'jobs'];
    await world.pass();
    expect(await kinds(world)).toEqual(['firstSeen apps', 'firstSeen jobs', 'gone jobs', 'firstSeen jobs']);
  });
});

type Pools = { agentPoolProfiles?: { name: string }[] };

describe('crashes and races between storage and ARM', () => {
  it('a crash between the ledger and the history: the message sent before makes it good', async () => {
    const world = await createTestWorld({
      fleet: fleetOf(managedCluster()),
      start: '2026-11-03T08:00:00Z',
      subscriptions,
    });
    await world.pass();
    world.simulator.personUpgrades(clusterId, 'apps');
    world.advance({ minutes: 20 });
    const { tables } = world.dependencies;
    const dying: Tables = {
      ...tables,
      write: (table, ...rest) => {
        if (table === 'Views') throw new Error('killed');
        return tables.write(table, ...rest);
      },
    };
    await expect(recordObservation({ ...world.dependencies, tables: dying }, { clusterId })).rejects.toThrow('killed');
    expect(await world.history()).toEqual([]);
    world.advance({ minutes: 1 });
    await world.drain();
    expect(await world.history()).toMatchObject([{ to: newImage }]);
    await world.pass();
    expect(await kinds(world)).toEqual(['firstSeen apps', 'transition apps']);
  });

  it('two observers at once: an old read is never appended after a newer one', async () => {
    const world = await createTestWorld({
      fleet: fleetOf(managedCluster()),
      start: '2026-11-03T08:00:00Z',
      subscriptions,
    });
    await world.pass();
    const { arm } = world.dependencies;
    const old = await arm.getCluster(clusterId);
    world.simulator.personUpgrades(clusterId, 'apps');
    world.advance({ minutes: 20 });
    let isFirst = true;
    // The slow one has read the old image when the other records the new one.
    const slow = {
      ...arm,
      getCluster: async (id: string) => {
        if (!isFirst) return arm.getCluster(id);
        isFirst = false;
        await recordObservation(world.dependencies, { clusterId });
        return old;
      },
    };
    await recordObservation({ ...world.dependencies, arm: slow }, { clusterId });
    expect(await kinds(world)).toEqual(['firstSeen apps', 'transition apps']);
  });

  it('ten observers of the same change record it once', async () => {
    const world = await createTestWorld({
      fleet: fleetOf(managedCluster()),
      start: '2026-11-03T08:00:00Z',
      subscriptions,
    });
    await world.pass();
    world.simulator.personUpgrades(clusterId, 'apps');
    world.advance({ minutes: 20 });
    await Promise.allSettled(Array.from({ length: 10 }, () => recordObservation(world.dependencies, { clusterId })));
    await world.pass();
    expect(await kinds(world)).toEqual(['firstSeen apps', 'transition apps']);
    expect(await world.history()).toHaveLength(1);
  });
});

it('seed 1642: an upgrade that AKS tries again between two reads is not dated by its first try', async () => {
  const channel = { autoUpgradeProfile: { nodeOSUpgradeChannel: 'NodeImage' } };
  const world = await createTestWorld({
    fleet: { ...fleetOf(managedCluster(undefined, { properties: channel })), aksAutoUpgrade: true },
    start: '2026-11-03T11:52:00Z',
    subscriptions,
  });
  // The first try from 12:00:20 to 12:08:20, the second at once: every pass from 12:02 on comes upon a busy pool.
  const podDisruptionBudget = 'shop/checkout';
  world.simulator.inject({
    kind: 'drainBlocked',
    cluster: 'shop',
    nodePool: 'apps',
    podDisruptionBudget,
    seconds: 480,
  });
  await world.run(60, () => false);
  const between = ['2026-11-03T11:57:00Z', '2026-11-03T12:22:00Z'];
  expect(await world.history()).toMatchObject([{ kind: 'transition', to: newImage, startedBetween: between }]);
});

it('seed 5079: a view that could not be projected, its message poisoned, is made good by the next observation', async () => {
  const tables = createMemoryTables();
  let fails = true;
  const failing: Tables = {
    ...tables,
    write: async (table, ...rest) => {
      if (fails && table === 'Views' && rest[0].startsWith('history|')) throw new Error('Table storage is down.');
      return tables.write(table, ...rest);
    },
  };
  const world = await createTestWorld({
    fleet: fleetOf(managedCluster()),
    start: '2026-11-03T11:30:00Z',
    subscriptions: [subscription],
    tables: failing,
  });
  await recordObservation(world.dependencies, { clusterId }).catch(() => undefined);
  world.simulator.personUpgrades(clusterId, 'apps');
  world.advance({ minutes: 30 });
  await expect(recordObservation(world.dependencies, { clusterId })).rejects.toThrow('down');
  expect(await world.ledger(clusterId)).toMatchObject([{ kind: 'firstSeen' }, { kind: 'transition' }]);
  expect(await world.history()).toEqual([]);
  fails = false;
  await recordObservation(world.dependencies, { clusterId });
  expect(await world.history()).toMatchObject([{ from: oldImage, to: newImage }]);
});
