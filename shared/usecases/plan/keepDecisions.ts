// Keeps decisions, and logs those that say something new. Called by runPass and startAttempt.
import { poolLabel } from '../../domain/cluster/clusterId.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { withNamedTags } from '../../domain/policy/policyTags.ts';
import { storeDecisions } from '../../stores/views/decisionsStore.ts';
import type { PoolView } from '../../stores/views/poolView.ts';
import type { Dependencies } from '../dependencies.ts';

export async function keepDecisions(
  { tables, log }: Dependencies,
  subscription: string,
  policy: Policy,
  before: readonly PoolView[],
  views: readonly PoolView[],
): Promise<void> {
  const kept = views.map((view) => ({ ...view, cluster: withNamedTags(view.cluster, policy) }));
  const { news, failures } = await storeDecisions(tables, subscription, before, kept);
  for (const { cluster, nodePool, verdict, reason, sentence } of news) {
    log.info(`Decision: ${poolLabel(cluster, nodePool)} ${verdict} (${reason}): ${sentence}`);
  }
  for (const failure of failures) log.warn(failure);
}
