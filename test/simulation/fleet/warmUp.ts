// What the keeper knows of a fleet that it has kept for a while: every cluster in the ledger, its facts read some time in the
// hours before, by a world of its own in which requests are far enough apart to be throttled by nobody. Called by runFleet.
import { Temporal } from 'temporal-polyfill';
import { createSimulator } from '../../../local/simulator/simulator.ts';
import type { Fleet } from '../../../local/simulator/world/armFleet.ts';
import { clusterKey } from '../../../shared/domain/cluster/clusterId.ts';
import type { Tables } from '../../../shared/ports/tables.ts';
import { writeFacts } from '../../../shared/stores/factsStore.ts';
import { recordObservation } from '../../../shared/usecases/observe/recordObservation.ts';
import { poolsToRead, readClusterFacts } from '../../../shared/usecases/plan/readClusterFacts.ts';
import { createFleetApp } from './fleetApp.ts';

/** @param end epoch milliseconds, when the run begins: the youngest facts are of then */
export async function warmUp(
  tables: Tables,
  fleet: Fleet,
  {
    subscriptions,
    end,
    hours,
  }: { readonly subscriptions: readonly string[]; readonly end: number; readonly hours: number },
): Promise<void> {
  const begin = end - hours * 3_600_000;
  let now = begin;
  const simulator = createSimulator({ fleet, now: () => Temporal.Instant.fromEpochMilliseconds(now) });
  const app = createFleetApp({ now: () => now, handle: simulator.handle, send: () => undefined, subscriptions })(
    tables,
  );
  for (const [index, { id }] of fleet.clusters.entries()) {
    now = begin + Math.floor(((index + 1) / (fleet.clusters.length + 1)) * (end - begin));
    await recordObservation(app, { clusterId: id });
    const read = await app.arm.getCluster(id);
    if (!read) throw new Error(`The simulator has no cluster ${id}.`);
    await writeFacts(tables, clusterKey(id), await readClusterFacts(app, read.cluster, poolsToRead(read.cluster)));
  }
}
