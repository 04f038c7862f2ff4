// Where the record can't speak: gaps in observation are in the ledger, the history and its exports, once.
import { describe, expect, it } from 'vitest';
import type { ArmRequest, ArmResponse } from '../../../local/simulator/arm/armAnswer.ts';
import { createMemoryTables } from '../../../shared/adapters/storage/memoryTables.ts';
import { clusterKey } from '../../../shared/domain/cluster/clusterId.ts';
import { firstBrokenEntry } from '../../../shared/domain/ledger/chain.ts';
import type { Tables } from '../../../shared/ports/tables.ts';
import { readChain } from '../../../shared/stores/ledgerStore.ts';
import { readPasses } from '../../../shared/stores/passStore.ts';
import { checkRecord } from '../../../shared/usecases/history/checkRecord.ts';
import { exportLedger } from '../../../shared/usecases/history/exportLedger.ts';
import { queryHistory } from '../../../shared/usecases/history/queryHistory.ts';
import { readCoverage } from '../../../shared/usecases/history/readCoverage.ts';
import { runPass } from '../../../shared/usecases/plan/runPass.ts';
import { createTestWorld, type TestWorld } from '../../world.ts';
import { clusterId, clusterIdOf, fleetOf, managedCluster, poolProfile, subscription } from '../fleets.ts';

const bank = clusterIdOf('bank');

async function aWorld(
  options: { intercept?: (request: ArmRequest, answer: () => ArmResponse) => ArmResponse; tables?: Tables } = {},
) {
  const world = await createTestWorld({
    fleet: fleetOf(managedCluster(), managedCluster([poolProfile('apps')], { name: 'bank' })),
    start: '2026-11-03T00:00:00Z',
    subscriptions: [subscription],
    policy: { mode: 'observe' },
    ...options,
  });
  await world.pass();
  await world.run(10);
  return world;
}

const gapsOf = async (world: TestWorld, id: string) =>
  (await world.ledger(id)).flatMap((entry) =>
    entry.kind === 'gap' ? [[entry.unseenFrom.slice(11, 16), entry.unseenTo.slice(11, 16), entry.reason]] : [],
  );
const none = 'No pass listed the subscription.';

describe('gaps in observation', () => {
  it('are told to every cluster when passes come back, once, and not of a short pause', async () => {
    const world = await aWorld();
    world.advance({ minutes: 55 });
    await world.pass();
    expect(await gapsOf(world, clusterId)).toEqual([]);
    world.advance({ hours: 10 });
    const requests = world.requests.length;
    await runPass(world.dependencies);
    expect(world.requests.slice(requests).filter(({ url }) => /managedClusters\/[^/?]+\?/.test(url))).toEqual([]);
    await world.run(30);
    for (const id of [clusterId, bank]) expect(await gapsOf(world, id)).toEqual([['01:05', '11:05', none]]);
    expect(firstBrokenEntry(await world.ledger(clusterId))).toBeUndefined();
    expect(world.lines).toContain(
      `Gap: shop stood in no list from 2026-11-03T01:05:00Z to 2026-11-03T11:05:00Z. ${none}`,
    );
  });

  it('are rows of the history and lines of an export, and the record with them is whole', async () => {
    const world = await aWorld();
    world.advance({ hours: 10 });
    await world.pass();
    const { rows } = await queryHistory(world.dependencies, {
      limit: 10,
      kinds: ['gap'],
      cluster: 'shop',
      nodePool: 'apps',
    });
    expect(rows).toMatchObject([
      {
        kind: 'gap',
        cluster: clusterId,
        unseenFrom: '2026-11-03T00:10:00Z',
        unseenTo: '2026-11-03T10:10:00Z',
        sequence: 2,
      },
    ]);
    expect((await queryHistory(world.dependencies, { limit: 10 })).rows).toEqual([]);
    const { verdicts } = await checkRecord(world.dependencies, {});
    expect(verdicts).toMatchObject([
      { whole: true, entries: 2 },
      { whole: true, entries: 2 },
    ]);
    const lines: unknown[] = [];
    for await (const line of exportLedger(world.dependencies, { cluster: 'shop' })) lines.push(line);
    expect(lines).toMatchObject([
      { kind: 'head', gapsTo: '2026-11-03T10:10:00Z' },
      { kind: 'gap' },
      { kind: 'firstSeen' },
      { kind: 'end', coverage: { sources: { resourceEvents: 'never heard' } } },
    ]);
  });

  it('name why the subscription could not be listed, and until then the coverage says so', async () => {
    let isRefused = false;
    const world = await aWorld({
      intercept: ({ url }, answer) =>
        isRefused && new URL(url).pathname.endsWith('/managedClusters')
          ? { status: 403, headers: {}, body: '{"error":{"code":"AuthorizationFailed","message":"No."}}' }
          : answer(),
    });
    isRefused = true;
    await world.run(90);
    expect(await gapsOf(world, clusterId)).toEqual([]);
    expect(await readCoverage(world.dependencies)).toMatchObject({
      subscriptions: [{ subscription, listedAt: '2026-11-03T00:10:00Z', problem: expect.stringContaining('403') }],
    });
    isRefused = false;
    await world.run(10);
    const reason = expect.stringContaining('The subscription could not be listed: ARM could not list');
    expect(await gapsOf(world, clusterId)).toEqual([['00:10', '01:45', reason]]);
    expect((await readPasses(world.dependencies.tables))[0]).toMatchObject({ listedAt: '2026-11-03T01:50:00Z' });
  });

  it('are told of a cluster that the lists alone leave out', async () => {
    let isLeftOut = false;
    const world = await aWorld({
      intercept: ({ url }, answer) => {
        const response = answer();
        if (!isLeftOut || !new URL(url).pathname.endsWith('/managedClusters')) return response;
        const { value } = JSON.parse(response.body) as { value: { id: string }[] };
        return { ...response, body: JSON.stringify({ value: value.filter(({ id }) => id !== bank) }) };
      },
    });
    isLeftOut = true;
    await world.run(120);
    isLeftOut = false;
    await world.run(10);
    expect(await gapsOf(world, bank)).toEqual([
      ['00:10', '02:15', 'The lists of its subscription left the cluster out.'],
    ]);
    expect(await gapsOf(world, clusterId)).toEqual([]);
  });

  it('are told once to each cluster though the pass that tells them fails on its way', async () => {
    const tables = createMemoryTables();
    let failsAt: string | undefined;
    const failing: Tables = {
      ...tables,
      write: (table, partition, changes) =>
        table === 'Ledger' && failsAt !== undefined && partition.endsWith(failsAt)
          ? Promise.reject(new Error('Table storage did not answer.'))
          : tables.write(table, partition, changes),
    };
    const world = await aWorld({ tables: failing });
    world.advance({ hours: 10 });
    failsAt = '|shop';
    await expect(world.pass()).rejects.toThrow('did not answer');
    failsAt = undefined;
    await world.run(10);
    expect(await gapsOf(world, bank)).toEqual([['00:10', '10:10', none]]);
    expect(await gapsOf(world, clusterId)).toEqual([['00:10', '10:15', none]]);
  });

  it('are told once by two passes at once', async () => {
    const world = await aWorld();
    world.advance({ hours: 10 });
    await Promise.all([runPass(world.dependencies), runPass(world.dependencies)]);
    await world.run(10);
    for (const id of [clusterId, bank]) expect(await gapsOf(world, id)).toHaveLength(1);
  });

  it('take no write where there is nothing to tell', async () => {
    const world = await aWorld();
    const before = await world.ledger(clusterId);
    const head = await readChain(world.dependencies.tables, clusterKey(bank));
    await world.run(60);
    expect(await world.ledger(clusterId)).toEqual(before);
    expect(await readChain(world.dependencies.tables, clusterKey(bank))).toEqual(head);
  });
});
