// Notifications through the whole app: what the topic is told, once or again, with faults and without.
import { expect, it } from 'vitest';
import { createTestWorld } from '../world.ts';
import { clusterId, fleetOf, managedCluster, newImage, oldImage, subscription } from './fleets.ts';

const start = '2026-11-03T11:50:00Z';
const options = { fleet: fleetOf(managedCluster()), start, subscriptions: [subscription] };

it('tells of an upgrade from its start to its end, once', async () => {
  const world = await createTestWorld({ ...options, topic: 'taking' });
  await world.run(60);
  console.log(world.told.map((x) => `${x.type} ${x.id} ${x.time}`).join('\n'));
  console.log(world.lines.filter((l) => /notif|topic|announc/i.test(l)).join('\n'));
  expect(world.told.map(({ type }) => type)).toEqual([
    'UpgradeAhead',
    'AttemptStarted',
    'NodeImageTransition',
    'AttemptSucceeded',
  ]);
  expect(clusterId + newImage + oldImage).toBeTruthy();
});
