// Floods of events, honest and made up: what they cost ARM, what they leave behind, and that nothing is lost in them.
import { describe, expect, it } from 'vitest';
import type { ArmRequest } from '../../../local/simulator/arm/armAnswer.ts';
import { clusterKey } from '../../../shared/domain/cluster/clusterId.ts';
import { maxEvidence, maxHints } from '../../../shared/domain/observe/mark.ts';
import type { TableName } from '../../../shared/ports/tables.ts';
import { readMark } from '../../../shared/stores/marksStore.ts';
import { createTestWorld, type TestWorld } from '../../world.ts';
import { clusterId, clusterIdOf, fleetOf, managedCluster, newImage, subscription } from '../fleets.ts';

const start = '2026-11-03T07:59:00Z';
const many = 5000;

const rolled = (type: string, eventTime: string, fields: object = {}) => ({
  topic: clusterId,
  subject: 'shop',
  eventType: `Microsoft.ContainerService.NodePoolRolling${type}`,
  id: 'e-1',
  data: { nodePoolName: 'apps' },
  dataVersion: '1.0',
  metadataVersion: '1',
  eventTime,
  ...fields,
});
const operation = (id: string, fields: object = {}) =>
  rolled('', '2026-11-03T08:00:00Z', {
    id,
    eventType: 'Microsoft.Resources.ResourceActionSuccess',
    data: { resourceUri: clusterId, operationName: 'write', claims: { name: 'Mallory' } },
    ...fields,
  });

function worldOf() {
  return createTestWorld({
    fleet: fleetOf(managedCluster(), managedCluster(undefined, { name: 'bank' })),
    start,
    subscriptions: [subscription],
  });
}

const isRead = ({ method, url }: ArmRequest) => method === 'GET' && /\/managedClusters\/[^/?]+\?/i.test(url);
const reads = (world: TestWorld) => world.requests.filter(isRead).length;
const waiting = (world: TestWorld) => world.messages().filter(({ queue }) => queue === 'observe-cluster');

async function rowsOf({ dependencies: { tables } }: TestWorld, table: TableName, partition: string) {
  return (await Array.fromAsync(tables.query(table, partition))).map(({ value }) => value);
}

const times = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, i) => make(i));

async function deliverAll(world: TestWorld, events: readonly unknown[]) {
  await Promise.all(events.map((event) => world.deliver(event)));
}

describe('events of one cluster', () => {
  it('are one observation at once, and one that waits', async () => {
    const world = await worldOf();
    await world.pass();
    const before = reads(world);
    for (let round = 0; round < 10; round += 1) {
      await deliverAll(
        world,
        times(many / 10, () => rolled('Started', '2026-11-03T07:58:00Z')),
      );
      await world.drain();
      expect(waiting(world).length).toBeLessThanOrEqual(1);
    }
    expect(reads(world) - before).toBe(1);
    world.advance({ seconds: 10 });
    await world.drain();
    expect(reads(world) - before).toBe(2);
    expect(waiting(world)).toEqual([]);
  });

  it('let another cluster start on time', async () => {
    const world = await worldOf();
    await world.pass();
    world.advance({ hours: 4, minutes: 3 });
    await deliverAll(
      world,
      times(many, () => rolled('Started', world.clock.now().toString())),
    );
    await world.pass();
    expect(world.posts().map(({ url }) => /managedClusters\/(\w+)/.exec(url)?.[1])).toEqual(['bank', 'shop']);
  });

  it('date a roll by hints that came while an observation waited', async () => {
    const world = await worldOf();
    await world.pass();
    await world.deliver(rolled('Started', '2026-11-03T07:58:00Z'));
    await world.drain();
    world.simulator.personUpgrades(clusterId, 'apps');
    await world.deliver(rolled('Started', '2026-11-03T07:59:01Z'));
    world.advance({ minutes: 11 });
    await world.deliver(rolled('Succeeded', '2026-11-03T08:09:00.5Z'));
    await world.drain();
    expect(await world.history()).toMatchObject([
      { to: newImage, startedAt: '2026-11-03T07:59:01Z', completedAt: '2026-11-03T08:09:00.5Z' },
    ]);
    expect((await readMark(world.dependencies.tables, clusterKey(clusterId)))?.hints).toEqual([]);
  });

  it('keep a bounded number of hints and of evidence, and say how many more there were', async () => {
    const world = await worldOf();
    await world.pass();
    const at = (index: number) => new Date(Date.parse('2026-11-03T07:00:00Z') + index).toISOString();
    await deliverAll(
      world,
      times(many, (index) => rolled('Started', at(index))),
    );
    await deliverAll(
      world,
      times(many, (index) => operation(`e-${index}`)),
    );
    await deliverAll(
      world,
      times(many, () => operation('e-0')),
    );
    const mark = await readMark(world.dependencies.tables, clusterKey(clusterId));
    expect(mark).toMatchObject({
      dropped: many - maxHints,
      evidence: { kept: maxEvidence, dropped: many - maxEvidence },
    });
    expect(mark?.hints).toHaveLength(maxHints);
    expect(await rowsOf(world, 'Evidence', clusterKey(clusterId))).toHaveLength(maxEvidence);
    const said = world.lines
      .filter((line) => /more (times|events)/.test(line))
      .map((line) => Number.parseInt(line, 10));
    expect(said.reduce((sum, one) => sum + one, 0)).toBe(2 * many - maxHints - maxEvidence);
    world.advance({ minutes: 11 });
    await world.deliver(operation('late', { eventTime: world.clock.now().toString() }));
    expect(await rowsOf(world, 'Evidence', clusterKey(clusterId))).toHaveLength(maxEvidence + 1);
  });
});

describe('clusters that nobody knows', () => {
  const stranger = (name: string) => rolled('Started', '2026-11-03T07:58:00Z', { topic: clusterIdOf(name) });

  it('cost one read until ARM has them', async () => {
    const world = await worldOf();
    await world.pass();
    const before = reads(world);
    for (let minute = 0; minute < 9; minute += 1) {
      await deliverAll(
        world,
        times(500, () => stranger('ghost')),
      );
      world.advance({ minutes: 1 });
      await world.drain();
    }
    expect(reads(world) - before).toBe(1);
    world.advance({ minutes: 10 });
    await world.deliver(stranger('ghost'));
    await world.drain();
    expect(reads(world) - before).toBe(2);
  });

  it('are asked about within a budget that leaves room, and forgotten', async () => {
    const world = await worldOf();
    await world.pass();
    const before = reads(world);
    await deliverAll(
      world,
      times(many, (index) => stranger(`ghost-${index}`)),
    );
    await world.drain();
    // A hundred, less the pass's two, of which half is for others.
    expect(reads(world) - before).toBe(48);
    const first = world.requests.length;
    await world.deliver(rolled('Started', '2026-11-03T07:58:00Z'));
    await world.drain();
    expect(world.requests.slice(first).filter(isRead)).toHaveLength(1);
    expect(world.lines.join()).toContain(`Events named ${many - 200} more clusters`);
    for (let half = 0; half < 12; half += 1) {
      world.advance({ seconds: 30 });
      await world.drain();
    }
    expect(reads(world) - before).toBe(201);
    expect(waiting(world)).toEqual([]);
    world.advance({ minutes: 20 });
    await world.deliver(stranger('another'));
    expect(await rowsOf(world, 'Facts', `marks|${subscription}`)).toHaveLength(1 + 1 + 1);
  });

  it('are recorded when they are real', async () => {
    const world = await worldOf();
    await world.deliver(rolled('Started', '2026-11-03T07:58:00Z'));
    await world.drain();
    expect((await world.ledger(clusterId)).map(({ kind }) => kind)).toEqual(['firstSeen']);
  });
});
