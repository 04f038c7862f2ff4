// Who rolled a pool, by events that anybody with their key can send, and by the Activity Log: the whole app.
import { describe, expect, it } from 'vitest';
import type { ArmRequest, ArmResponse } from '../../../local/simulator/arm/armAnswer.ts';
import type { SimulatorEvent } from '../../../local/simulator/events/simulatorEvent.ts';
import type { Fleet } from '../../../local/simulator/world/armFleet.ts';
import { clusterKey } from '../../../shared/domain/cluster/clusterId.ts';
import { firstBrokenEntry } from '../../../shared/domain/ledger/chain.ts';
import { readEvidence } from '../../../shared/stores/evidenceStore.ts';
import { readHeads } from '../../../shared/stores/ledgerStore.ts';
import { ownApplication } from '../../credential.ts';
import { createTestWorld, type TestWorld } from '../../world.ts';
import { clusterId, clusterIdOf, fleetOf, managedCluster, poolProfile, subscription } from '../fleets.ts';

const ada = { kind: 'person', name: 'Ada Lovelace (ada@contoso.com)', correlationId: expect.any(String) };
const upgrade = 'Microsoft.ContainerService/managedClusters/agentPools/upgradeNodeImageVersion/action';
const pool = `${clusterId}/agentPools/apps`;

type Options = {
  readonly fleet?: Partial<Fleet>;
  readonly start?: string;
  readonly intercept?: (request: ArmRequest, answer: () => ArmResponse) => ArmResponse;
};

async function worldOf({ fleet = {}, start = '2026-11-03T07:59:00Z', ...options }: Options = {}): Promise<TestWorld> {
  const world = await createTestWorld({
    fleet: { ...fleetOf(managedCluster()), subscriptionEvents: true, ...fleet },
    start,
    subscriptions: [subscription],
    ...options,
  });
  await world.pass();
  return world;
}

/** A resource event as whoever has the key can make it up. */
function forged(at: string, fields: { correlationId?: string; name?: string; id?: string } = {}) {
  const { correlationId = '00000000-dead-4eef-8000-000000000001', name = 'Mallory', id = 'forged' } = fields;
  return {
    id,
    topic: `/subscriptions/${subscription}`,
    subject: pool,
    eventType: 'Microsoft.Resources.ResourceActionSuccess',
    eventTime: at,
    data: { operationName: upgrade, resourceUri: pool, claims: { name, upn: `${name}@contoso.com` }, correlationId },
    dataVersion: '2',
    metadataVersion: '1',
  };
}

const isRolling = ({ eventType }: SimulatorEvent) => eventType.startsWith('Microsoft.ContainerService');
const logQueries = ({ requests }: TestWorld) =>
  requests.filter(({ url }) => /eventtypes\/management\/values/.test(url));

/** A person's upgrade from 08:00 to 08:10. */
async function personUpgrades(world: TestWorld, filter: (event: SimulatorEvent) => boolean = () => true) {
  world.advance({ minutes: 1 });
  world.simulator.personUpgrades(clusterId, 'apps');
  await world.run(11, filter);
}

async function rowOf(world: TestWorld) {
  const rows = await world.history();
  expect(rows).toHaveLength(1);
  const { chain } = await readHeads(world.dependencies.tables, clusterKey(clusterId));
  expect(firstBrokenEntry(await world.ledger(clusterId), chain)).toBeUndefined();
  return rows[0];
}

describe('what an event says of a person', () => {
  it('is reported, and confirmed when the Activity Log has it', async () => {
    const world = await worldOf();
    await personUpgrades(world);
    expect(await rowOf(world)).toMatchObject({ cause: 'manual', actor: ada, evidence: 'reported' });
    await world.run(15);
    expect(await rowOf(world)).toMatchObject({ cause: 'manual', actor: ada, evidence: 'confirmed' });
    const entries = await world.ledger(clusterId);
    await world.run(180);
    expect(await world.ledger(clusterId)).toEqual(entries);
  });

  it('stays reported where the log may not be read, is said to the log once, and nobody else waits', async () => {
    const world = await worldOf();
    world.simulator.inject({ kind: 'activityLogForbidden' });
    await personUpgrades(world);
    for (let minute = 0; minute < 180; minute += 1) {
      world.advance({ minutes: 1 });
      await world.follow();
    }
    expect(await rowOf(world)).toMatchObject({ cause: 'manual', actor: ada, evidence: 'reported' });
    expect(world.lines.filter((line) => /403 AuthorizationFailed/.test(line))).toHaveLength(1);
    // Asked every five minutes, for an hour and a quarter after the last news.
    expect(logQueries(world).length).toBeGreaterThan(10);
    expect(logQueries(world).length).toBeLessThan(25);
  });

  it('is confirmed late where the log lags, and not taken back before the hour is over', async () => {
    const world = await worldOf();
    world.simulator.inject({ kind: 'activityLogLate', seconds: 40 * 60 });
    await personUpgrades(world);
    await world.run(40);
    expect(await rowOf(world)).toMatchObject({ cause: 'manual', actor: ada, evidence: 'reported' });
    await world.run(30);
    expect(await rowOf(world)).toMatchObject({ cause: 'manual', actor: ada, evidence: 'confirmed' });
  });

  it('is known from the log alone where the event is lost', async () => {
    const world = await worldOf();
    await personUpgrades(world, isRolling);
    expect(await rowOf(world)).toMatchObject({ cause: 'unknown' });
    await world.run(20, isRolling);
    expect(await rowOf(world)).toMatchObject({ cause: 'manual', actor: ada, evidence: 'confirmed' });
  });
});

describe('a forged event', () => {
  it.each([
    ['before the real one is confirmed', 1],
    ['when the real one is confirmed', 30],
    ['a day later', 24 * 60],
  ])('over a roll of somebody else’s, sent %s, does not stay', async (_when, minutes) => {
    const world = await worldOf();
    await personUpgrades(world);
    await world.run(minutes);
    await world.deliver(forged('2026-11-03T08:05:00Z'));
    await world.drain();
    await world.run(90);
    expect(await rowOf(world)).toMatchObject({ cause: 'manual', actor: ada, evidence: 'confirmed' });
    const evidence = await readEvidence(world.dependencies.tables, clusterKey(clusterId));
    expect(evidence.find(({ id }) => id === 'forged')).toMatchObject({ isUnlogged: true });
  });

  it('on a roll that the log has nothing of is taken back, and the reason says so', async () => {
    const world = await worldOf({ intercept: withoutUpgrades });
    await personUpgrades(world, isRolling);
    await world.deliver(forged('2026-11-03T08:05:00Z'));
    await world.drain();
    expect(await rowOf(world)).toMatchObject({ cause: 'manual', evidence: 'reported' });
    await world.run(90, isRolling);
    const row = await rowOf(world);
    expect(row).toMatchObject({
      cause: 'unknown',
      evidence: 'notInActivityLog',
      reason: expect.stringContaining('The Activity Log knows no such operation that succeeded'),
    });
    expect(row).not.toHaveProperty('actor');
    const entries = await world.ledger(clusterId);
    await world.deliver(forged('2026-11-03T08:05:00Z'));
    await world.drain();
    await world.run(180, isRolling);
    expect(await world.ledger(clusterId)).toEqual(entries);
  });

  it('with the correlation id of the real one gets the name that the log has', async () => {
    const world = await worldOf();
    await personUpgrades(world, isRolling);
    const [real] = world.simulator.world().activities;
    const correlationId = real?.requested.correlationId ?? '';
    await world.deliver(forged('2026-11-03T08:10:00Z', { correlationId }));
    await world.drain();
    await world.run(90, isRolling);
    expect(await rowOf(world)).toMatchObject({ cause: 'manual', actor: ada, evidence: 'confirmed' });
  });

  it('sent again and again under other names does not fill the ledger', async () => {
    const world = await worldOf();
    await personUpgrades(world, isRolling);
    for (let times = 0; times < 40; times += 1) {
      await world.deliver(forged('2026-11-03T08:05:00Z', { id: `forged ${times}`, name: `M${times}` }));
      await world.drain();
    }
    expect((await world.ledger(clusterId)).length).toBeLessThan(15);
    await world.run(90, isRolling);
    expect(await rowOf(world)).toMatchObject({ cause: 'manual', actor: ada, evidence: 'confirmed' });
  });

  it('on one cluster costs a query in five minutes, and the evidence of others is confirmed all the same', async () => {
    const clusters = [managedCluster(), managedCluster([poolProfile('apps')], { name: 'beside' })];
    const world = await worldOf({ fleet: { clusters } });
    world.advance({ minutes: 1 });
    world.simulator.personUpgrades(clusterIdOf('beside'), 'apps');
    for (let minute = 0; minute < 30; minute += 1) {
      await world.deliver(forged(world.clock.now().toString(), { id: `forged ${minute}`, name: `M${minute}` }));
      await world.run(1);
    }
    expect(logQueries(world).length).toBeLessThanOrEqual(7);
    expect(await world.history()).toMatchObject([
      { cluster: clusterIdOf('beside'), actor: ada, evidence: 'confirmed' },
    ]);
  });
});

/** A log that has lost what is about pools: of a roll that it does not know, nobody is named in it. */
const withoutUpgrades: NonNullable<Options['intercept']> = (request, answer) => {
  const real = answer();
  if (!/eventtypes\/management\/values/.test(request.url) || real.status !== 200) return real;
  return { ...real, body: JSON.stringify({ value: [] }) };
};

describe('AKS’s own upgrade', () => {
  it('is confirmed by the log, which names Microsoft.ContainerService', async () => {
    const clusters = [
      managedCluster([poolProfile('apps')], {
        properties: { autoUpgradeProfile: { nodeOSUpgradeChannel: 'NodeImage' } },
      }),
    ];
    const world = await worldOf({ fleet: { clusters, aksAutoUpgrade: true }, start: '2026-11-03T11:55:00Z' });
    await world.run(60);
    expect(await rowOf(world)).toMatchObject({
      cause: 'aksAutoUpgrade',
      actor: { kind: 'aks', name: 'AKS' },
      evidence: 'confirmed',
    });
  });

  it('with a forged upgrade over it is AKS’s again', async () => {
    const clusters = [
      managedCluster([poolProfile('apps')], {
        properties: { autoUpgradeProfile: { nodeOSUpgradeChannel: 'NodeImage' } },
      }),
    ];
    const world = await worldOf({
      fleet: { clusters, aksAutoUpgrade: true },
      start: '2026-11-03T11:55:00Z',
      intercept: withoutUpgrades,
    });
    await world.run(40);
    expect(await rowOf(world)).toMatchObject({ cause: 'aksAutoUpgrade', evidence: 'reported' });
    const { startedAt } = (await rowOf(world)) ?? {};
    await world.deliver(forged(startedAt ?? ''));
    await world.drain();
    expect(await rowOf(world)).toMatchObject({ cause: 'manual', evidence: 'reported' });
    await world.run(90);
    expect(await rowOf(world)).toMatchObject({ cause: 'aksAutoUpgrade', actor: { name: 'AKS' }, evidence: 'reported' });
  });
});

describe('the keeper’s own upgrade', () => {
  const start = '2026-11-03T12:00:00Z';

  it('sends the id of its attempt, and the log has it under that', async () => {
    const world = await worldOf({ start });
    await world.run(30);
    const row = await rowOf(world);
    expect(row).toMatchObject({ cause: 'keeper', attempt: expect.any(String) });
    expect(world.posts().map(({ headers }) => headers['x-ms-correlation-request-id'])).toEqual([row?.attempt]);
    expect(world.simulator.world().activities.map(({ requested }) => requested.correlationId)).toContain(row?.attempt);
  });

  it.each([
    ['with its event', () => true],
    ['without any event', () => false],
  ])('whose answer was lost is the keeper’s when the log confirms its attempt, %s', async (_how, filter) => {
    const world = await worldOf({ start });
    world.simulator.inject({ kind: 'lostAnswer', on: { method: 'POST', path: 'upgradeNodeImageVersion' } });
    await world.run(18, filter);
    expect(await rowOf(world)).toMatchObject({ cause: 'unknown', attempt: expect.any(String) });
    await world.run(40, filter);
    const row = await rowOf(world);
    expect(row).toMatchObject({
      cause: 'keeper',
      evidence: 'confirmed',
      actor: { kind: 'application', correlationId: row?.attempt },
      reason: expect.stringContaining(`By the keeper's attempt ${row?.attempt}: `),
    });
  });

  it('whose answer was lost stays unknown where the log may not be read', async () => {
    const world = await worldOf({ start });
    world.simulator.inject({ kind: 'activityLogForbidden' });
    world.simulator.inject({ kind: 'lostAnswer', on: { method: 'POST', path: 'upgradeNodeImageVersion' } });
    await world.run(120);
    expect(await rowOf(world)).toMatchObject({
      cause: 'unknown',
      evidence: 'reported',
      reason: expect.stringMatching(
        /^By the keeper's identity, as its attempt .*, which the Activity Log has not confirmed: /,
      ),
    });
  });

  it.each([
    ['confirmed', false],
    ['reported', true],
  ])('without its record stays unknown, and says whose identity it was by: %s', async (evidence, isForbidden) => {
    const world = await worldOf({ start });
    if (isForbidden) world.simulator.inject({ kind: 'activityLogForbidden' });
    await world.run(1);
    await world.pass();
    expect(world.posts()).toHaveLength(1);
    // Storage was killed, and with it what it had not written yet.
    const { tables } = world.dependencies;
    for await (const { partitionKey, rowKey, etag } of tables.query('Starts', 'starts')) {
      await tables.write('Starts', partitionKey, [{ kind: 'delete', rowKey, etag }]);
    }
    await world.run(60);
    expect(await rowOf(world)).toMatchObject({
      cause: 'unknown',
      evidence,
      actor: { kind: 'application', name: ownApplication },
      reason: expect.stringMatching(/^By the keeper's identity, without its record: /),
    });
  });
});
