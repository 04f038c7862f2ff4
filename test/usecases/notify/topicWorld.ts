// A small fleet ten minutes before its window opens, with a topic that takes everything. For the tests of notifications.
import { createTestWorld } from '../../world.ts';
import { fleetOf, managedCluster, subscription } from '../fleets.ts';

export const topicWorld = (options: Partial<Parameters<typeof createTestWorld>[0]> = {}) =>
  createTestWorld({
    fleet: fleetOf(managedCluster()),
    start: '2026-11-03T11:50:00Z',
    subscriptions: [subscription],
    topic: 'taking',
    ...options,
  });
