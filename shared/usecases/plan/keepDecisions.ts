// Keeps decisions, and logs those that say something new. Called by runPass and startAttempt.
import { poolLabel } from '../../domain/cluster/clusterId.ts';
import { storeDecisions } from '../../stores/views/decisionsStore.ts';
import type { PoolView } from '../../stores/views/poolView.ts';
import type { Dependencies } from '../dependencies.ts';

export async function keepDecisions(
  { tables, log }: Dependencies,
  subscription: string,
  before: readonly PoolView[],
  views: readonly PoolView[],
): Promise<void> {
  const { news, failures } = await storeDecisions(tables, subscription, before, views);
  for (const { cluster, nodePool, verdict, reason, sentence } of news) {
    log.info(`Decision: ${poolLabel(cluster, nodePool)} ${verdict} (${reason}): ${sentence}`);
  }
  for (const failure of failures) log.warn(failure);
}
