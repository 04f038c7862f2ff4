// Fleets as real clusters have them: each file runs under `npm start -- --fleet test/fixtures/fleets/NAME.json` too, where
// /api/plan shows the same decisions.
import { readFile } from 'node:fs/promises';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { parseFleetFile, subscriptionsIn } from '../../../local/fleet/fleetFile.ts';
import type { Decision } from '../../../shared/domain/plan/decision.ts';
import { askPlan } from '../../http/askWorld.ts';
import { createTestWorld } from '../../world.ts';

const start = '2026-11-03T12:30:00Z';

async function worldOf(file: string) {
  const text = await readFile(new URL(`../../fixtures/fleets/${file}.json`, import.meta.url), 'utf8');
  const parsed = parseFleetFile(text, Temporal.Instant.from(start));
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
  const { fleet, policy } = parsed;
  return createTestWorld({ fleet, policy, start, subscriptions: subscriptionsIn(fleet) });
}

type Expected = Readonly<Record<string, Partial<Decision>>>;

const fleets: readonly (readonly [file: string, plan: Expected])[] = [
  [
    'virtualMachines',
    {
      'machines/app1': { reason: 'start', estimateMinutes: 10 },
      'mixed/batch': { reason: 'start', estimateMinutes: 50 },
      'uncounted/batch': { verdict: 'blocked', reason: 'estimateUnknown' },
    },
  ],
  [
    'maxUnavailable',
    {
      'inplace/blue': { reason: 'start', estimateMinutes: 40 },
      'inplace/green': { reason: 'poolOrder' },
      'inplace/red': { reason: 'poolOrder' },
      'onebyone/slow': { verdict: 'blocked', reason: 'windowTooShort' },
      'neither/none': { verdict: 'blocked', reason: 'estimateUnknown' },
    },
  ],
  [
    'nodeSoak',
    {
      'soaking/apps': { verdict: 'wait', reason: 'windowClosing' },
      'wide/apps': { reason: 'start', estimateMinutes: 80 },
    },
  ],
];

describe('the plan of a real fleet', () => {
  it.each(fleets)('%s', async (file, expected) => {
    const world = await worldOf(file);
    await world.pass();
    const plan = await askPlan(world.dependencies);
    const found = Object.fromEntries(plan.map((one) => [`${one.cluster.split('/').at(-1)}/${one.nodePool}`, one]));
    expect(found).toMatchObject(expected);
    expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
  });
});

it('scaleDownMode Deallocate: the plan calls the pool up to date, and its roll 2 of 2, succeeded', async () => {
  const world = await worldOf('deallocated');
  await world.run(60);
  expect(await world.history()).toMatchObject([
    { outcome: 'succeeded', proof: 'instances', nodes: { total: 2, upToDate: 2 } },
  ]);
  const [apps] = await askPlan(world.dependencies);
  expect(apps).toMatchObject({ nodePool: 'apps', verdict: 'skip', reason: 'upToDate' });
});
