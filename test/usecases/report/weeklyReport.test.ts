// The weekly report as the weekly check keeps it: the whole app over some weeks.
import { expect, it } from 'vitest';
import { parseIsoWeek } from '../../../shared/domain/report/isoWeek.ts';
import type { Tables } from '../../../shared/ports/tables.ts';
import { checkWeekly } from '../../../shared/usecases/report/checkWeekly.ts';
import { readWeekReport } from '../../../shared/usecases/report/readWeekReport.ts';
import { createTestWorld } from '../../world.ts';
import { clusterIdOf, fleetOf, managedCluster, newImage, oldImage, poolProfile, subscription } from '../fleets.ts';

const start = '2026-11-03T11:50:00Z';

async function worldOfWeek45() {
  const world = await createTestWorld({
    fleet: fleetOf(
      managedCluster(),
      managedCluster([poolProfile('apps')], { name: 'bare', window: null }),
      managedCluster([poolProfile('apps')], { name: 'held' }),
    ),
    start,
    subscriptions: [subscription],
    policy: {
      mode: 'enforce',
      stale: { days: 2 },
      freezes: [{ from: '2026-11-03', until: '2026-11-30', timeZone: 'UTC', reason: 'x' }],
    },
  });
  return world;
}

const week45 = parseIsoWeek('2026-W45');

it('tells of the week, is kept, and stays as it was', async () => {
  const world = await worldOfWeek45();
  const { dependencies } = world;
  await world.run(10);
  await dependencies.tables.write('Policy', 'policy', [
    { kind: 'upsert', rowKey: 'current', value: { mode: 'enforce', stale: { days: 2 } } },
  ]);
  await world.run(60);
  for (let hour = 0; hour < 6 * 24; hour += 1) {
    world.advance({ hours: 1 });
    await world.pass();
  }
  expect(await checkWeekly(dependencies)).toHaveLength(3);
  const kept = await readWeekReport(dependencies, week45);
  expect(kept).toMatchObject({
    kind: 'report',
    report: {
      week: '2026-W45',
      final: true,
      compliance: { all: { pools: 3, latest: 2, stale: 1 } },
      outOfPolicy: [
        { cluster: clusterIdOf('bare'), reason: 'noWindow', current: oldImage, latest: newImage, status: 'stale' },
      ],
      failures: [],
      missedWindows: [],
      withoutWindow: [{ cluster: clusterIdOf('bare') }],
      gone: [],
      sources: { clusterEvents: expect.stringContaining('2026-11-03T12'), resourceEvents: 'never heard' },
    },
  });
  if (kept.kind !== 'report') throw new Error('No report.');
  expect(kept.report.transitions.map(({ cause, inWindow }) => [cause, inWindow])).toEqual([
    ['keeper', true],
    ['keeper', true],
  ]);
  expect(kept.report.newPools).toHaveLength(3);
  expect(kept.report.timeToPatch).toMatchObject([{ nodeImageVersion: newImage, pools: 3, patched: 2 }]);

  world.simulator.inject({ kind: 'person', does: 'delete', cluster: 'bare' });
  world.advance({ hours: 24 * 7 });
  // The first observes that it is gone, the second forgets it.
  await world.pass();
  await world.pass();
  await checkWeekly(dependencies);
  expect(await readWeekReport(dependencies, week45)).toEqual(kept);
  expect(await readWeekReport(dependencies, undefined)).toMatchObject({
    report: {
      week: '2026-W46',
      trend: [
        { week: '2026-W45', pools: 3 },
        { week: '2026-W46', pools: 2, latest: 2 },
      ],
    },
  });
});

it('tells of windows that went by while the fleet was frozen', async () => {
  const world = await worldOfWeek45();
  for (let hour = 0; hour < 7 * 24; hour += 1) {
    await world.pass();
    world.advance({ hours: 1 });
  }
  await checkWeekly(world.dependencies);
  const found = await readWeekReport(world.dependencies, undefined);
  const missed = found.kind === 'report' ? found.report.missedWindows : [];
  // From Tuesday to Sunday, on the two clusters that have a window.
  const days = ['03T12', '04T12', '05T12', '06T12', '07T12', '08T12'];
  expect(
    missed.map(({ cluster, windows }) => [
      cluster.split('/').at(-1),
      windows.map(({ opensAt }) => opensAt.slice(8, 13)),
    ]),
  ).toEqual([
    ['held', days],
    ['shop', days],
  ]);
  expect(new Set(missed.map(({ reason }) => reason))).toEqual(new Set(['held']));
});

it('that can’t be kept keeps no cluster from being observed', async () => {
  const world = await createTestWorld({
    fleet: fleetOf(managedCluster()),
    start: '2026-11-16T06:00:00Z',
    subscriptions: [subscription],
  });
  const tables: Tables = {
    ...world.dependencies.tables,
    write: async (table, ...rest) => {
      if (table === 'Reports') throw new Error('Table storage is down.');
      return world.dependencies.tables.write(table, ...rest);
    },
  };
  expect(await checkWeekly({ ...world.dependencies, tables })).toHaveLength(1);
  expect(world.lines).toContainEqual('Weekly check: the report could not be kept: Table storage is down.');
});
