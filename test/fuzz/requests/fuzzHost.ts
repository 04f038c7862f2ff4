// The app in the local host over a simulated fleet that has upgraded for some hours, with everything but storage as it is
// in Azure. Called by fuzzRequests.ts, and by whoever sends other things than requests.

import { startFunctionsHost } from '../../../local/functionsHost/startFunctionsHost.ts';
import { createMemoryDocuments } from '../../../shared/adapters/storage/memoryDocuments.ts';
import { createMemoryTables } from '../../../shared/adapters/storage/memoryTables.ts';
import { replaceParts } from '../../../shared/composition.ts';
import type { Tables } from '../../../shared/ports/tables.ts';
import { fleetOf, managedCluster, poolProfile, subscription } from '../../usecases/fleets.ts';
import { createTestWorld } from '../../world.ts';

type FuzzHostOptions = {
  /** In memory when not given, with the limits of Table Storage. */
  readonly tables?: Tables;
  /** Takes events as well. All other functions than these and those over HTTP need the queues of a storage account. */
  readonly events?: boolean;
  readonly storage?: string;
};

/** One a process, as the host. */
export async function startFuzzHost(options: FuzzHostOptions = {}) {
  const world = await createTestWorld({
    fleet: fleetOf(
      managedCluster([poolProfile('apps'), poolProfile('jobs', { count: 1 })]),
      managedCluster([poolProfile('apps')], { name: 'bank', window: { startTime: '02:00' } }),
      managedCluster(undefined, { name: 'bare', window: null }),
    ),
    start: '2026-11-03T11:50:00Z',
    policy: { mode: 'enforce', rings: [{ name: 'dev', selectors: [{ cluster: '*' }] }] },
    subscriptions: [subscription],
    tables: options.tables ?? createMemoryTables(),
    digests: createMemoryDocuments(),
    isAsked: false,
  });
  await world.run(60);
  const { log: _log, ...parts } = world.dependencies;
  replaceParts(parts);
  const lines: string[] = [];
  const host = await startFunctionsHost({
    load: async () => {
      await import('../../../functions/http.ts');
      if (!options.events) return;
      const { app } = await import('@azure/functions');
      const { handler } = await import('../../../functions/onClusterEvent.ts');
      app.eventGrid('onClusterEvent', { handler });
    },
    settings: {
      AzureWebJobsStorage: options.storage ?? 'UseDevelopmentStorage=true',
      SUBSCRIPTION_IDS: subscription,
      PLAN_SCHEDULE: '0 0 0 1 1 *',
      FOLLOW_SCHEDULE: '0 0 0 1 1 *',
      WEEKLY_SCHEDULE: '0 0 0 1 1 *',
    },
    host: {},
    port: 0,
    log: (line) => lines.push(line),
    drainMilliseconds: 200,
  });
  return { host, port: Number(new URL(host.url).port), world, lines };
}

export type FuzzHost = Awaited<ReturnType<typeof startFuzzHost>>;
