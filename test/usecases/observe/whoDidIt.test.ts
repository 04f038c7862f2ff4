// Who rolled a pool, by the two sources that say so: the whole app, with a person, AKS and the keeper at work.
import { describe, expect, it } from 'vitest';
import type { SimulatorEvent } from '../../../local/simulator/events/simulatorEvent.ts';
import type { Fleet } from '../../../local/simulator/world/armFleet.ts';
import { clusterKey } from '../../../shared/domain/cluster/clusterId.ts';
import { firstBrokenEntry } from '../../../shared/domain/ledger/chain.ts';
import { readEvidence } from '../../../shared/stores/evidenceStore.ts';
import { readHeads } from '../../../shared/stores/ledgerStore.ts';
import { lastHeard, readSources } from '../../../shared/stores/sourcesStore.ts';
import { checkWeekly } from '../../../shared/usecases/report/checkWeekly.ts';
import { createTestWorld, type TestWorld } from '../../world.ts';
import { clusterId, fleetOf, managedCluster, poolProfile, subscription } from '../fleets.ts';

const ada = { kind: 'person', name: 'Ada Lovelace (ada@contoso.com)', correlationId: expect.any(String) };
const channel = { properties: { autoUpgradeProfile: { nodeOSUpgradeChannel: 'NodeImage' } } };

async function worldOf(fleet: Partial<Fleet> = {}, start = '2026-11-03T07:59:00Z'): Promise<TestWorld> {
  const world = await createTestWorld({
    fleet: { ...fleetOf(managedCluster()), subscriptionEvents: true, ...fleet },
    start,
    subscriptions: [subscription],
  });
  await world.pass();
  return world;
}

const isRolling = ({ eventType }: SimulatorEvent) => eventType.startsWith('Microsoft.ContainerService');

/** A person's upgrade of two nodes from 08:00 to 08:10, and the events that it sends. */
async function personUpgrades(world: TestWorld): Promise<readonly SimulatorEvent[]> {
  world.advance({ minutes: 1 });
  world.simulator.personUpgrades(clusterId, 'apps');
  return world.advance({ minutes: 11 });
}

async function play(world: TestWorld, events: readonly unknown[]): Promise<void> {
  for (const event of events) await world.deliver(event);
  await world.drain();
}

const amendments = async (world: TestWorld) =>
  (await world.ledger(clusterId)).filter(({ kind }) => kind === 'amendment');

describe('a person’s upgrade', () => {
  it.each<[string, (events: readonly SimulatorEvent[]) => readonly SimulatorEvent[]]>([
    ['in order', (events) => events],
    ['in reverse', (events) => events.toReversed()],
    ['twice', (events) => [...events, ...events]],
    ['who did it first', (events) => [...events.filter((one) => !isRolling(one)), ...events.filter(isRolling)]],
    ['who did it alone', (events) => events.filter((one) => !isRolling(one))],
  ])('is theirs by name, told %s', async (_how, order) => {
    const world = await worldOf();
    const events = await personUpgrades(world);
    expect(events).toHaveLength(3);
    await play(world, order(events));
    expect(await world.history()).toMatchObject([{ cause: 'manual', actor: ada, inWindow: false, proof: 'instances' }]);
    expect(await amendments(world)).toHaveLength(1);
    const entries = await world.ledger(clusterId);
    const { chain } = await readHeads(world.dependencies.tables, clusterKey(clusterId));
    expect(firstBrokenEntry(entries, chain)).toBeUndefined();
    await play(world, events);
    expect(await world.ledger(clusterId)).toEqual(entries);
  });

  it('is named on the row of a pass that came before, days later', async () => {
    const world = await worldOf();
    const events = await personUpgrades(world);
    await world.pass();
    expect(await world.history()).toMatchObject([{ cause: 'unknown' }]);
    world.advance({ hours: 50 });
    await play(world, events);
    expect(await world.history()).toMatchObject([{ cause: 'manual', actor: ada }]);
  });

  it('is nobody’s without the evidence', async () => {
    const world = await worldOf();
    await play(world, (await personUpgrades(world)).filter(isRolling));
    const [row] = await world.history();
    expect(row).toMatchObject({ cause: 'unknown' });
    expect(row?.actor).toBeUndefined();
    expect(await amendments(world)).toEqual([]);
  });

  it('that AKS refuses is kept, and names nobody', async () => {
    const world = await worldOf({ clusters: [managedCluster([poolProfile('apps'), poolProfile('more')])] });
    world.simulator.inject({ kind: 'person', does: 'stop', cluster: 'shop' });
    world.simulator.personUpgrades(clusterId, 'apps');
    await play(world, world.advance({ minutes: 1 }));
    const evidence = await readEvidence(world.dependencies.tables, clusterKey(clusterId));
    expect(evidence).toMatchObject([{ status: 'failed', actor: ada }]);
    expect(await world.history()).toEqual([]);
  });

  it('back to the image before is a rollback, and theirs', async () => {
    const world = await worldOf();
    await play(world, await personUpgrades(world));
    world.simulator.inject({ kind: 'person', does: 'rollBack', cluster: 'shop', nodePool: 'apps' });
    await play(world, world.advance({ minutes: 30 }));
    expect(await world.history()).toMatchObject([
      { cause: 'rollback', actor: ada, reason: expect.stringContaining('agentPools/write') },
      { cause: 'manual', actor: ada },
    ]);
  });
});

describe('AKS', () => {
  const clusters = [managedCluster([poolProfile('apps'), poolProfile('more')], channel)];

  it.each<[string, (event: SimulatorEvent) => boolean]>([
    ['its scheduled events', () => true],
    ['the end of them alone', (event) => !JSON.stringify(event).includes('"Started"')],
  ])('upgrades on its own channel, by %s', async (_what, filter) => {
    const world = await worldOf({ clusters, aksAutoUpgrade: true }, '2026-11-03T11:55:00Z');
    await world.run(60, filter);
    const aks = { kind: 'aks', name: 'AKS' };
    expect(await world.history()).toMatchObject([
      { cause: 'aksAutoUpgrade', actor: aks, inWindow: true },
      { cause: 'aksAutoUpgrade', actor: aks, inWindow: true },
    ]);
  });

  it('is not named without them, where the Activity Log may not be read', async () => {
    const world = await worldOf({ clusters, aksAutoUpgrade: true }, '2026-11-03T11:55:00Z');
    world.simulator.inject({ kind: 'activityLogForbidden' });
    await world.run(60, isRolling);
    expect((await world.history()).map(({ cause, actor }) => [cause, actor])).toEqual([
      ['unknown', undefined],
      ['unknown', undefined],
    ]);
  });
});

it('the keeper’s own upgrade stays its own, whatever ARM says of its identity', async () => {
  const world = await worldOf({}, '2026-11-03T12:00:00Z');
  await world.run(30);
  expect(await world.history()).toMatchObject([{ cause: 'keeper' }]);
  expect(await readEvidence(world.dependencies.tables, clusterKey(clusterId))).toMatchObject([{ kind: 'operation' }]);
  expect(await amendments(world)).toEqual([]);
});

describe('the sources', () => {
  it('say when each was last heard, and that one never was', async () => {
    const world = await worldOf();
    const heard = () => lastHeard(world.dependencies.tables, world.clock.now());
    const never = 'never heard';
    expect(await heard()).toEqual({ clusterEvents: never, resourceEvents: never, scheduledEvents: never });
    await play(world, await personUpgrades(world));
    expect(await heard()).toEqual({
      clusterEvents: '2026-11-03T08:10:00Z',
      resourceEvents: '2026-11-03T08:10:00Z',
      scheduledEvents: never,
    });
  });

  it('count what they don’t understand, and keep it', async () => {
    const world = await worldOf();
    const odd = { id: '1', subject: clusterId, eventType: 'Microsoft.Resources.ResourceWriteSuccess' };
    await play(world, [
      { ...odd, eventTime: '2026-11-03T08:00:00Z', data: { claims: 7, resourceUri: clusterId } },
      { ...odd, eventTime: 'never', data: {} },
      { ...odd, eventTime: '2026-11-03T08:00:00Z', subject: '/subscriptions/x', data: {} },
    ]);
    const { tables } = world.dependencies;
    expect((await readSources(tables, world.clock.now())).resourceEvents).toEqual({
      lastEventAt: '2026-11-03T08:00:00Z',
      notUnderstood: 2,
    });
    expect(await readEvidence(tables, clusterKey(clusterId))).toMatchObject([{ raw: { claims: 7 } }]);
    const parked = [];
    for await (const { value } of tables.query('Parked', '2026-11-03')) parked.push(value);
    expect(parked).toHaveLength(1);
  });

  it('are believed about our subscriptions only', async () => {
    const world = await worldOf();
    const [event] = (await personUpgrades(world)).filter((one) => !isRolling(one));
    const foreign = JSON.parse(JSON.stringify(event).replaceAll(subscription, '99999999-2222-4333-8444-555555555555'));
    await play(world, [foreign]);
    expect(await readEvidence(world.dependencies.tables, clusterKey(clusterId))).toEqual([]);
  });

  it('are forgotten after 90 days', async () => {
    const world = await worldOf();
    await play(world, await personUpgrades(world));
    const kept = () => readEvidence(world.dependencies.tables, clusterKey(clusterId));
    world.advance({ hours: 89 * 24 });
    await checkWeekly(world.dependencies);
    expect(await kept()).toHaveLength(1);
    world.advance({ hours: 24 });
    await checkWeekly(world.dependencies);
    expect(await kept()).toEqual([]);
    expect(await world.history()).toMatchObject([{ actor: ada }]);
  });
});
