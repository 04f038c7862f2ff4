// One cluster beside another: whatever ARM shows of the first, and whatever stands in its rows, the second is upgraded,
// followed, recorded and told of, and the first is blocked with what is wrong.
import { beforeEach, describe, expect, it } from 'vitest';
import type { ArmRequest, ArmResponse } from '../../../local/simulator/arm/armAnswer.ts';
import { clusterKey, poolKey } from '../../../shared/domain/cluster/clusterId.ts';
import { holdsDue } from '../../../shared/domain/policy/failureLimit.ts';
import { lastCompleteWeek } from '../../../shared/domain/report/isoWeek.ts';
import type { Tables } from '../../../shared/ports/tables.ts';
import { readSubscriptionFacts } from '../../../shared/stores/factsStore.ts';
import { writeInBatches } from '../../../shared/stores/rows/writeInBatches.ts';
import { insertAttempt, readStarts } from '../../../shared/stores/starts/startsStore.ts';
import { readPoolViews } from '../../../shared/stores/views/decisionsStore.ts';
import { listWindows } from '../../../shared/usecases/ask/listWindows.ts';
import { queryHistory } from '../../../shared/usecases/history/queryHistory.ts';
import { readCoverage } from '../../../shared/usecases/history/readCoverage.ts';
import { planAt } from '../../../shared/usecases/plan/planAt.ts';
import { lintFleet } from '../../../shared/usecases/policy/lintFleet.ts';
import { buildReport } from '../../../shared/usecases/report/buildReport.ts';
import { checkWeekly } from '../../../shared/usecases/report/checkWeekly.ts';
import { anAttempt, aPoolHead, at } from '../../builders.ts';
import { notOurs, spoiledTables } from '../../spoiledTables.ts';
import { createTestWorld, type TestWorld } from '../../world.ts';
import { clusterIdOf, fleetOf, managedCluster, newImage, poolProfile, subscription } from '../fleets.ts';

const hostile = clusterIdOf('hostile');
const healthy = clusterIdOf('healthy');
const key = clusterKey(hostile);

type Item = { id: string; tags?: object; properties: Record<string, unknown> & { agentPoolProfiles: Pool[] } };
type Pool = Record<string, unknown>;

let spoil: ReturnType<typeof spoiledTables>;
/** What ARM shows of the hostile cluster is changed by it. */
let disguise: ((item: Item) => void) | undefined;
let maintenanceWindow: object | undefined;
let isLeftOut = false;

beforeEach(() => {
  spoil = spoiledTables();
  disguise = undefined;
  maintenanceWindow = undefined;
  isLeftOut = false;
});

function intercept({ url }: ArmRequest, answer: () => ArmResponse): ArmResponse {
  const response = answer();
  const path = new URL(url).pathname.toLowerCase();
  if (response.status !== 200) return response;
  const body = JSON.parse(response.body) as { value?: Item[] } & Item;
  if (isLeftOut && path.endsWith('/managedclusters')) {
    return { ...response, body: JSON.stringify({ value: body.value?.filter(({ id }) => id !== hostile) }) };
  }
  if (disguise && path.endsWith('/managedclusters')) {
    for (const item of body.value ?? []) if (item.id === hostile) disguise(item);
  } else if (disguise && path === hostile.toLowerCase()) disguise(body);
  else if (maintenanceWindow && path.includes('/hostile/') && path.endsWith('/maintenanceconfigurations')) {
    for (const item of body.value ?? []) item.properties = { ...item.properties, maintenanceWindow };
  }
  return { ...response, body: JSON.stringify(body) };
}

async function aWorld(options: Partial<Parameters<typeof createTestWorld>[0]> = {}): Promise<TestWorld> {
  const clusters = ['hostile', 'healthy'].map((name) => managedCluster([poolProfile('apps')], { name }));
  const world = await createTestWorld({
    fleet: fleetOf(...clusters),
    start: '2026-11-03T11:00:00Z',
    subscriptions: [subscription],
    topic: 'taking',
    tables: spoil.tables,
    intercept,
    ...options,
  });
  await world.pass();
  world.advance({ minutes: 90 });
  return world;
}

/** Heads that are lost are not rebuilt where the history was made of more entries than there are. @returns what stood there */
async function keepLost() {
  const cursor = await spoil.tables.get('Views', `history|${key}`, 'cursor');
  await spoil.put('Views', `history|${key}`, 'cursor', { sequence: 99 });
  return cursor;
}

const decisionOn = async (id: string) => {
  const views = await readPoolViews(spoil.tables, subscription);
  return views.find(({ cluster }) => cluster.id.toLowerCase() === id.toLowerCase())?.decision;
};
const postsOf = (world: TestWorld) => world.posts().map(({ url }) => /managedClusters\/(\w+)/.exec(url)?.[1]);

/** Everything that the keeper does for the healthy cluster while the hostile one is as it is. */
async function expectContained(world: TestWorld, sentence: RegExp): Promise<void> {
  await world.pass();
  expect(postsOf(world)).toEqual(['healthy']);
  expect(await decisionOn(hostile)).toMatchObject({ verdict: 'blocked', sentence: expect.stringMatching(sentence) });
  await world.run(40);
  expect(postsOf(world)).toEqual(['healthy']);
  expect(await world.history()).toMatchObject([{ cluster: healthy, cause: 'keeper', outcome: 'succeeded' }]);
  expect(world.told.filter(({ source }) => source === healthy).map(({ type }) => type)).toEqual(
    expect.arrayContaining(['AttemptStarted', 'NodeImageTransition', 'AttemptSucceeded']),
  );
  const observed = (await checkWeekly(world.dependencies)).map(({ clusterId }) => clusterId.toLowerCase());
  expect(new Set(observed)).toEqual(new Set([healthy, hostile].map((id) => id.toLowerCase())));
  expect(world.lines.find((line) => line.includes('hostile') && sentence.test(line))).toBeDefined();
}

describe('what ARM shows of one cluster stops no other', () => {
  const pool = (change: Pool) => (item: Item) => Object.assign(item.properties.agentPoolProfiles[0] ?? {}, change);
  it.each<[string, (item: Item) => void, RegExp]>([
    ['a pool without a name', pool({ name: null }), /no name of a pool/],
    ['a pool whose image is a number', pool({ nodeImageVersion: 7 }), /nodeImageVersion is 7/],
    ['a pool whose state is an object', pool({ provisioningState: {} }), /provisioningState is/],
    ['tags that are numbers', (item) => Object.assign(item, { tags: { team: 7 } }), /tags\.team is 7/],
    ['a power state that is text', (item) => Object.assign(item.properties, { powerState: { code: 7 } }), /powerState/],
    [
      'a pool whose image has 40,000 characters',
      pool({ nodeImageVersion: 'x'.repeat(40_000) }),
      /has 40000 characters/,
    ],
    [
      'a pool whose tag’s value has',
      (item) => Object.assign(item, { tags: { team: 'x'.repeat(40_000) } }),
      /tags\.team has/,
    ],
  ])('%s', async (_what, change, sentence) => {
    const world = await aWorld();
    disguise = change;
    await expectContained(world, sentence);
  });

  it.each<[string, (item: Item) => void]>([
    [
      'a provisioning error of 120,000 characters',
      pool({ status: { provisioningError: { code: 'Long', message: 'é"'.repeat(60_000) } } }),
    ],
    [
      '50 tags of 512 and 256 characters',
      (item) => {
        const tags = Array.from({ length: 50 }, (_, i) => [String(i).padEnd(512, 'n'), 'v'.repeat(256)]);
        Object.assign(item, { tags: Object.fromEntries(tags) });
      },
    ],
    [
      '3,000 fields that nobody knows',
      (item) => Object.assign(item, Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`f${i}`, i]))),
    ],
  ])('%s keeps nothing from starting, here neither', async (_what, change) => {
    const world = await aWorld();
    disguise = change;
    await world.run(90);
    expect(new Set(postsOf(world))).toEqual(new Set(['healthy', 'hostile']));
    expect(await world.history()).toHaveLength(2);
  });

  it('800 notAllowedDates are kept, judged and recorded whole', async () => {
    const world = await aWorld();
    const day = { start: '2027-01-01', end: '2027-01-02' };
    maintenanceWindow = {
      schedule: { daily: { intervalDays: 1 } },
      durationHours: 4,
      utcOffset: '+00:00',
      startTime: '12:00',
      notAllowedDates: Array.from({ length: 800 }, () => day),
    };
    await world.run(90);
    const rolled = (await world.history()).find(({ cluster }) => cluster.toLowerCase() === hostile.toLowerCase());
    expect(rolled).toMatchObject({ inWindow: true, window: { maintenanceWindow } });
  });
});

describe('a row of one cluster stops no other', () => {
  it.each(notOurs)('its chain’s head holds %s', async (_what, value) => {
    const world = await aWorld();
    await spoil.put('Ledger', key, 'head', value);
    await keepLost();
    await expectContained(world, /Table Ledger: row "head"/);
  });

  it.each<readonly [string, unknown]>([
    ...notOurs,
    ['a time that is none', { nodePool: 'apps', nodeImageVersion: 'x', sequence: 1, recordedAt: 'x' }],
  ])('its pool’s head holds %s', async (_what, value) => {
    const world = await aWorld();
    await spoil.put('Ledger', key, 'head|apps', value);
    await keepLost();
    await expectContained(world, /Table Ledger: row "head\|apps"/);
  });

  it.each<readonly [string, unknown]>([
    ...notOurs,
    ['another cluster’s attempt', anAttempt({ cluster: healthy })],
    ['a pool that is a number', { ...anAttempt({ cluster: hostile }), nodePool: 7 }],
  ])('its row in Starts holds %s', async (_what, value) => {
    const world = await aWorld();
    await spoil.put('Starts', 'starts', `cluster|${key}`, value);
    await expectContained(world, /may be in flight: Row "cluster\|.*hostile"/);
  });

  it.each(notOurs)('its verdict holds %s', async (_what, value) => {
    const world = await aWorld();
    await spoil.put('Facts', subscription, `verdict|${key}|apps`, value);
    await expectContained(world, /Row "verdict\|.*correct or delete it/);
  });

  it.each(notOurs)(
    'its facts, its view and its marks hold %s: they are read and written anew',
    async (_what, value) => {
      const world = await aWorld();
      await spoil.put('Facts', subscription, `facts|${key}`, value);
      await spoil.put('Views', `pools|${subscription}`, poolKey(hostile, 'apps'), value);
      await spoil.put('Notifications', subscription, `window|${key}`, value);
      await spoil.put('Facts', 'passes', subscription, value);
      await spoil.put('Evidence', 'sources', 'clusterEvents', value);
      await spoil.put('Reports', 'weeks', '2026-W01', value);
      await world.pass();
      expect(new Set(postsOf(world))).toEqual(new Set(['healthy', 'hostile']));
      expect(await decisionOn(hostile)).toMatchObject({ nodePool: 'apps' });
      expect(await checkWeekly(world.dependencies)).toHaveLength(2);
    },
  );

  it('facts of another cluster under its key are none of its own', async () => {
    const world = await aWorld();
    const other = await spoil.tables.get('Facts', subscription, `facts|${clusterKey(healthy)}`);
    await spoil.put('Facts', subscription, `facts|${key}`, other?.value);
    const { facts, unreadable } = await readSubscriptionFacts(spoil.tables, subscription);
    expect([...facts.keys()]).toEqual([clusterKey(healthy)]);
    expect(unreadable).toEqual([expect.stringContaining('tells of something else than its key')]);
    await world.pass();
    expect((await readSubscriptionFacts(spoil.tables, subscription)).unreadable).toEqual([]);
  });

  it.each(notOurs)('how far its ledger was told holds %s: the other’s is told', async (_what, value) => {
    const world = await aWorld();
    await spoil.put('Notifications', subscription, `told|${key}`, value);
    await world.run(40);
    const ended = world.told.filter(({ type }) => type === 'AttemptSucceeded').map(({ source }) => source);
    expect(ended).toEqual([healthy]);
  });
});

describe('a claim that can’t be read', () => {
  const rings = (concurrency: number) => ({
    mode: 'enforce',
    rings: [{ name: 'all', selectors: [{ cluster: '*' }], concurrency }],
  });

  it.each([
    ['of a cluster of the fleet', key],
    ['of a cluster that nobody knows', key.replace('hostile', 'other')],
    ['that names no cluster', 'x'],
  ])('counts in the limit of every ring: %s', async (_what, claimed) => {
    const world = await aWorld({ policy: rings(1) });
    await spoil.put('Starts', 'starts', `cluster|${claimed}`, undefined);
    await world.pass();
    expect(postsOf(world)).toEqual([]);
    expect(await decisionOn(healthy)).toMatchObject({ reason: 'concurrencyLimit' });
    expect((await planAt(world.dependencies, {}, world.clock.now())).map(({ reason }) => reason)).not.toContain(
      'start',
    );
  });

  it('is never written over, and counts in the store too', async () => {
    await spoil.put('Starts', 'starts', `cluster|${key}`, undefined);
    const limit = { ring: 'all', concurrency: 1, isInRing: () => true };
    expect(await insertAttempt(spoil.tables, anAttempt({ cluster: hostile }))).toBe('claimed');
    expect(await insertAttempt(spoil.tables, anAttempt({ cluster: hostile }), limit)).toBe('claimed');
    expect(await insertAttempt(spoil.tables, anAttempt({ cluster: healthy }), limit)).toBe('atLimit');
    expect(await readStarts(spoil.tables)).toMatchObject({ attempts: [], unread: [{ key }] });
  });

  it('of a ring opens no limit', async () => {
    const limit = { ring: 'all', concurrency: 1, isInRing: () => true };
    await insertAttempt(spoil.tables, anAttempt({ id: 'first', cluster: hostile }), limit);
    await spoil.put('Starts', 'starts', 'ring|all', undefined);
    expect(await insertAttempt(spoil.tables, anAttempt({ cluster: healthy }), limit)).toBe('atLimit');
  });
});

describe('rings', () => {
  const policy = {
    mode: 'enforce',
    rings: [
      { name: 'canary', selectors: [{ cluster: 'hostile' }], ringSoakHours: 1 },
      { name: 'broad', selectors: [{ cluster: 'healthy' }] },
    ],
  };

  it.each(['head', 'head|apps'])('take a cluster whose %s can’t be read for unread', async (rowKey) => {
    const world = await aWorld({ policy });
    await spoil.put('Ledger', key, rowKey, undefined);
    await keepLost();
    await world.pass();
    expect(postsOf(world)).toEqual([]);
    expect(await decisionOn(healthy)).toMatchObject({
      reason: 'ringWaiting',
      sentence: expect.stringContaining('How ring canary does is not known: hostile/apps could not be read'),
    });
  });

  it('wait for a cluster that the list leaves out and whose view can’t be read: it may be in any of them', async () => {
    const world = await aWorld({
      policy: { ...policy, rings: [{ name: 'first', selectors: [{ cluster: 'other' }] }, ...policy.rings.slice(1)] },
    });
    isLeftOut = true;
    await spoil.put('Views', `pools|${subscription}`, poolKey(hostile, 'apps'), undefined);
    await world.pass();
    expect(postsOf(world)).toEqual([]);
    expect(await decisionOn(healthy)).toMatchObject({
      reason: 'ringWaiting',
      sentence: expect.stringContaining('How ring first does is not known: hostile/apps'),
    });
    expect(await decisionOn(hostile)).toMatchObject({
      verdict: 'blocked',
      sentence: expect.stringContaining('holds no JSON'),
    });
  });
});

describe('what blocks starts blocks nothing else', () => {
  it.each([
    ['policy', 'policy', 'current'],
    ['hold', 'holds', 'active|x'],
  ])('a %s that can’t be read', async (_what, partition, rowKey) => {
    const world = await aWorld();
    await spoil.put('Policy', partition, rowKey, undefined);
    await world.pass();
    expect(postsOf(world)).toEqual([]);
    for (const id of [healthy, hostile]) {
      expect(await decisionOn(id)).toMatchObject({
        reason: 'observeOnly',
        sentence: expect.stringMatching(/nothing is started.*(PUT|delete them or correct them)/),
      });
    }
    world.simulator.inject({ kind: 'person', does: 'upgrade', cluster: 'healthy', nodePool: 'apps' });
    await world.run(40);
    expect(await world.history()).toMatchObject([{ cluster: healthy, outcome: 'succeeded' }]);
    expect(await checkWeekly(world.dependencies)).toHaveLength(2);
  });

  it('a request budget that can’t be read', async () => {
    const world = await aWorld();
    await spoil.put('Facts', subscription, 'budget|westeurope', undefined);
    await world.pass();
    expect(postsOf(world)).toEqual([]);
    expect(await decisionOn(healthy)).toMatchObject({
      verdict: 'blocked',
      reason: 'readFailed',
      sentence: expect.stringContaining('Row "budget|westeurope"'),
    });
  });
});

describe('gaps', () => {
  const gapsOf = async (world: TestWorld, id: string) => (await world.ledger(id)).filter(({ kind }) => kind === 'gap');

  it('are told of the other cluster at once, and of one whose head can’t be read when it can', async () => {
    const world = await aWorld();
    const head = await spoil.tables.get('Ledger', key, 'head');
    const cursor = await keepLost();
    world.advance({ hours: 10 });
    await spoil.put('Ledger', key, 'head', undefined);
    await world.pass();
    expect(await gapsOf(world, healthy)).toMatchObject([{ unseenTo: '2026-11-03T22:30:00Z' }]);
    expect(await gapsOf(world, hostile)).toEqual([]);
    world.advance({ minutes: 5 });
    await spoil.put('Ledger', key, 'head', head?.value);
    await spoil.put('Views', `history|${key}`, 'cursor', cursor?.value);
    await world.pass();
    expect(await gapsOf(world, hostile)).toMatchObject([{ unseenFrom: '2026-11-03T11:00:00Z' }]);
    expect(await gapsOf(world, healthy)).toHaveLength(1);
  });

  it('that were kept are told once though the pass that tells them fails on its way', async () => {
    let isFailing = false;
    const tables: Tables = {
      ...spoil.tables,
      write: (table, partition, changes) =>
        isFailing && partition.startsWith('untold|')
          ? Promise.reject(new Error('Table storage did not answer.'))
          : spoil.tables.write(table, partition, changes),
    };
    const world = await aWorld({ tables });
    const head = await spoil.tables.get('Ledger', key, 'head');
    const cursor = await keepLost();
    world.advance({ hours: 10 });
    await spoil.put('Ledger', key, 'head', undefined);
    await world.pass();
    world.advance({ hours: 2 });
    await spoil.put('Ledger', key, 'head', head?.value);
    await spoil.put('Views', `history|${key}`, 'cursor', cursor?.value);
    isFailing = true;
    await expect(world.pass()).rejects.toThrow('did not answer');
    isFailing = false;
    await world.run(10);
    expect(await gapsOf(world, hostile)).toMatchObject([
      { unseenFrom: '2026-11-03T11:00:00Z', unseenTo: '2026-11-03T22:30:00Z' },
      { unseenFrom: '2026-11-03T22:30:00Z', unseenTo: '2026-11-04T00:30:00Z' },
    ]);
  });

  it('that were kept end with the first list that has the cluster again', async () => {
    const world = await aWorld({ policy: { mode: 'observe' } });
    await world.run(10);
    const head = await spoil.tables.get('Ledger', key, 'head');
    const cursor = await keepLost();
    await spoil.put('Ledger', key, 'head', undefined);
    isLeftOut = true;
    await world.run(120);
    isLeftOut = false;
    await world.run(120);
    await spoil.put('Ledger', key, 'head', head?.value);
    await spoil.put('Views', `history|${key}`, 'cursor', cursor?.value);
    await world.run(10);
    expect(await gapsOf(world, hostile)).toMatchObject([
      { unseenFrom: '2026-11-03T11:00:00Z', unseenTo: '2026-11-03T12:35:00Z' },
      { unseenFrom: '2026-11-03T12:40:00Z', unseenTo: '2026-11-03T14:45:00Z' },
    ]);
  });
});

describe('reads', () => {
  it.each(notOurs)('answer for the other cluster though rows of one hold %s', async (_what, value) => {
    const world = await aWorld();
    await world.run(40);
    const { dependencies } = world;
    for await (const { rowKey } of spoil.tables.query('Views', `history|${key}`)) {
      if (rowKey !== 'cursor') await spoil.put('Views', `history|${key}`, rowKey, value);
    }
    await spoil.put('Views', `known|${subscription}`, `${key}|apps`, value);
    await spoil.put('Views', `pools|${subscription}`, poolKey(hostile, 'apps'), value);
    await spoil.put('Facts', subscription, `facts|${key}`, value);
    await spoil.put('Facts', 'passes', subscription, value);
    const { rows } = await queryHistory(dependencies, { limit: 100, cluster: 'h*' });
    // What a view can't tell any more the ledger does.
    expect(rows.map(({ cluster, kind }) => [cluster, kind])).toEqual(
      expect.arrayContaining([healthy, hostile].map((id) => [id, 'transition'])),
    );
    const windows = await listWindows(dependencies, { count: 1 });
    expect(windows.map(({ state }) => state).toSorted((a, b) => a.localeCompare(b))).toEqual(['notRead', 'window']);
    const decisions = await planAt(dependencies, {}, world.clock.now());
    expect(decisions.find(({ cluster }) => cluster !== healthy)).toMatchObject({ verdict: 'blocked' });
    expect((await readCoverage(dependencies)).subscriptions).toEqual([]);
    await expect(lintFleet(dependencies)).resolves.toBeInstanceOf(Array);
    const last = lastCompleteWeek(world.clock.now());
    expect((await buildReport(dependencies, last, false)).week).toBe(last.name);
  });
});

describe('a limit of failures', () => {
  it('counts a claim that can’t be read beside a failure that is known', async () => {
    const failed = aPoolHead({
      lastAttempt: {
        id: 'a-1',
        opensAt: at('2026-11-03T12:00:00Z'),
        closesAt: at('2026-11-03T16:00:00Z'),
        outcome: 'failed',
        to: newImage,
        failures: 1,
      },
    });
    const limit = { pools: 2, hold: 'release' } as const;
    const known = { cluster: healthy, head: failed, ring: undefined };
    const now = at('2026-11-03T13:00:00Z');
    expect(holdsDue(limit, [known], new Set(), now)).toEqual([]);
    const unread = { cluster: hostile, head: undefined, ring: undefined, unknown: 'anywhere' } as const;
    expect(holdsDue(limit, [known, unread], new Set(), now)).toMatchObject([{ scope: 'release' }]);
    expect(holdsDue(limit, [unread, unread], new Set(), now)).toEqual([]);
  });
});

describe('a batch of rows', () => {
  const changes = Array.from({ length: 100 }, (_, i) => i).map(
    (i) => ({ kind: 'upsert', rowKey: `row${i}`, value: i === 50 ? 'x'.repeat(2_000_000) : i }) as const,
  );

  it('is written but for the one that is too large', async () => {
    const { tables } = spoil;
    await expect(writeInBatches(tables, 'Views', 'p', changes)).rejects.toThrow('row "row50"');
    const written: string[] = [];
    for await (const { rowKey } of tables.query('Views', 'p')) written.push(rowKey);
    expect(written).toHaveLength(99);
  });

  it('is given up soon where storage takes none', async () => {
    let writes = 0;
    const silent = {
      ...spoil.tables,
      write: () => {
        writes += 1;
        return Promise.reject(new Error('Table storage did not answer.'));
      },
    };
    await expect(writeInBatches(silent, 'Views', 'p', changes)).rejects.toThrow('did not answer');
    expect(writes).toBeLessThan(10);
  });
});
