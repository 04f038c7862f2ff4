// Preflight right before a start. It keeps a refusal as the starter's verdict. Called by startAttempt.
import { Temporal } from 'temporal-polyfill';
import { preflightVerdict } from '../../domain/attempt/starterVerdict.ts';
import { type NodePool, poolOf, samePool } from '../../domain/cluster/cluster.ts';
import { clusterKey } from '../../domain/cluster/clusterId.ts';
import type { Decision } from '../../domain/plan/decision.ts';
import { plan } from '../../domain/plan/plan.ts';
import { judgePreflight, refusalOf } from '../../domain/preflight/judgePreflight.ts';
import type { PreflightReads } from '../../domain/preflight/preflightFacts.ts';
import type { ClusterFacts } from '../../domain/rings/clusterFacts.ts';
import type { FleetState } from '../../domain/rings/ringState.ts';
import { updateVerdict } from '../../stores/factsStore.ts';
import { readPolicy } from '../../stores/policyStore.ts';
import type { Dependencies } from '../dependencies.ts';
import type { StartMessage } from '../messages.ts';
import { notRead, readForPool, unreadKubernetes } from './preflightReads.ts';

/** What was read, and of which pool: it says nothing of one that was made anew since. */
export type PreflightRead = {
  readonly nodePool: string;
  readonly pool: NodePool | undefined;
  readonly reads: PreflightReads;
};

/** Takes its time, so it comes before the read that a start is judged on, and reads the cluster itself. @throws ArmError */
export async function readPreflight(
  { arm, capacity, kubernetes, tables }: Dependencies,
  { clusterId, nodePool }: StartMessage,
): Promise<PreflightRead> {
  const { policy } = await readPolicy(tables);
  const read = await arm.getCluster(clusterId);
  const pool = read && poolOf(read.cluster, nodePool);
  if (!read || !pool) return { nodePool, pool, reads: notRead('the pool was not there') };
  return { nodePool, pool, reads: await readForPool({ capacity, kubernetes }, read.cluster, pool, policy) };
}

/** The decisions on a cluster's pools; where preflight alone refuses, the planner goes by that verdict until its `retryAt`. */
export async function planAfterPreflight(
  { tables }: Dependencies,
  preflight: PreflightRead,
  facts: ClusterFacts,
  { policy, rings }: Pick<FleetState, 'policy' | 'rings'>,
  now: Temporal.Instant,
): Promise<readonly Decision[]> {
  const { cluster, verdicts } = facts;
  const decisions = plan(facts, policy, now, rings);
  const start = decisions.find(({ nodePool, reason }) => samePool(nodePool, preflight.nodePool) && reason === 'start');
  const pool = start && cluster.nodePools.find(({ name }) => name === start.nodePool);
  if (!start?.window || !pool) return decisions;
  const isEnabled = policy.policy.kubernetes?.enabled;
  const reads = isAsRead(pool, preflight)
    ? { ...(isEnabled && notAsked), ...preflight.reads }
    : notRead('the pool was changed while it was read', isEnabled);
  const refusal = refusalOf(judgePreflight({ cluster, pool, reads }, policy.policy.preflight));
  if (refusal === undefined) return decisions;
  const closesAt = Temporal.Instant.from(start.window.closesAt);
  const verdict = await updateVerdict(tables, clusterKey(cluster.id), pool.name, now, (known) =>
    preflightVerdict(pool.name, refusal, known, now, closesAt),
  );
  const others = verdicts.filter(({ nodePool }) => !samePool(nodePool, pool.name));
  return plan({ ...facts, verdicts: [...others, verdict] }, policy, now, rings);
}

/** Of a policy that came to let the Kubernetes API be asked when the pool had been read. */
const notAsked = { kubernetes: unreadKubernetes('the policy did not enable it yet when the pool was read') };

/** What was asked for still stands for this pool. */
function isAsRead(now: NodePool, { pool }: PreflightRead): boolean {
  const sizesOf = ({ vmSize, nodesBySize }: NodePool) =>
    JSON.stringify(nodesBySize?.map(({ size }) => size) ?? [vmSize]);
  const isOnSubnets = now.vnetSubnetId === pool?.vnetSubnetId && now.podSubnetId === pool?.podSubnetId;
  return pool !== undefined && isOnSubnets && sizesOf(now) === sizesOf(pool);
}
