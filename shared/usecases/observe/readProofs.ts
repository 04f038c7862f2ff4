// Reads what the nodes of pools run, from the Kubernetes API or their scale sets' instances. Called by recordObservation.
import { type Cluster, type NodePool, samePool, sameResourceUid } from '../../domain/cluster/cluster.ts';
import { clusterKey, poolLabel, subscriptionOf } from '../../domain/cluster/clusterId.ts';
import { type CountResult, countInstances, countNodes } from '../../domain/nodes/countNodes.ts';
import type { PoolProof } from '../../domain/observe/observation.ts';
import type { ProofWanted } from '../../domain/observe/proveRoll.ts';
import { messageOf } from '../../domain/text/messageOf.ts';
import { ArmError } from '../../ports/arm.ts';
import { readPolicy } from '../../stores/policyStore.ts';
import { readsOf, takeRequests, upgradesOf } from '../../stores/starts/budgetStore.ts';
import { closeThrottled } from '../closeThrottled.ts';
import type { Dependencies } from '../dependencies.ts';

/** What a later look leaves in the budget for starts. */
const reservedForStarts = 15;

/** Never throws: the record of a roll must not wait for its proof. A later look that the budget has no room for is left out. */
export async function readProofs(
  dependencies: Dependencies,
  cluster: Cluster | undefined,
  wanted: readonly ProofWanted[],
): Promise<readonly PoolProof[]> {
  if (!cluster || wanted.length === 0) return [];
  try {
    const isEnabled = (await readPolicy(dependencies.tables)).policy.kubernetes?.enabled ?? false;
    const read: { readonly pool: NodePool; readonly proof: PoolProof }[] = [];
    for (const { pool, image, isRetry } of wanted) {
      const mayAsk = isEnabled || isRetry ? await takeRequest(dependencies, cluster, isRetry) : false;
      if (isRetry && !mayAsk) continue;
      const result = await count(dependencies, cluster, pool, image, isEnabled && mayAsk);
      read.push({ pool, proof: { ...result, nodePool: pool.name, image } });
    }
    if (read.length === 0) return [];
    const after = (await dependencies.arm.getCluster(cluster.id))?.cluster;
    return read.map(({ pool, proof }) => {
      const { nodePool, image } = proof;
      const now = after?.nodePools.find(({ name }) => samePool(name, pool.name));
      const isSame =
        sameResourceUid(after?.resourceUid, cluster.resourceUid) && now !== undefined && isAlike(pool, now);
      return isSame ? proof : { nodePool, image, problem: 'the pool changed while its nodes were read' };
    });
  } catch (error) {
    if (error instanceof ArmError) {
      const subscription = subscriptionOf(clusterKey(cluster.id));
      await closeThrottled(dependencies, subscription, undefined, error).catch(() => undefined);
    }
    const problem = messageOf(error);
    dependencies.log.warn(`The nodes of ${cluster.id} could not be read: ${problem}`);
    return wanted.map(({ pool, image }) => ({ nodePool: pool.name, image, problem }));
  }
}

/** A kubeconfig costs one of AKS's smallest bucket; a later look takes one in any case, so that a 429 stops it too. */
async function takeRequest(
  { tables, clock, shareForOthers }: Dependencies,
  cluster: Cluster,
  isRetry: boolean,
): Promise<boolean> {
  const asked = { wanted: 1, reserve: isRetry ? reservedForStarts : 0 };
  return (await takeRequests(tables, upgradesOf(cluster, shareForOthers), asked, clock.now())) === 1;
}

async function count(
  dependencies: Dependencies,
  cluster: Cluster,
  pool: NodePool,
  image: string,
  mayAskKubernetes: boolean,
): Promise<CountResult> {
  const what = poolLabel(cluster.id, pool.name);
  if (mayAskKubernetes) {
    const nodes = await dependencies.kubernetes.listNodes(cluster.id, pool.name);
    const result = 'problem' in nodes ? nodes : countNodes(pool, nodes.value ?? [], image);
    if (!('problem' in result)) return result;
    dependencies.log.warn(`The nodes of ${what} could not be read from the Kubernetes API: ${result.problem}`);
  }
  // Booked, not asked for: what a roll brought is read once, and can't wait.
  const { tables, clock } = dependencies;
  await takeRequests(tables, readsOf(subscriptionOf(clusterKey(cluster.id))), { wanted: 2 }, clock.now());
  const result = await countFromCompute(dependencies, cluster, pool, image);
  if ('problem' in result) dependencies.log.warn(`The instances of ${what} prove nothing: ${result.problem}`);
  return result;
}

async function countFromCompute(
  { capacity }: Dependencies,
  { id, nodeResourceGroup }: Cluster,
  pool: NodePool,
  image: string,
): Promise<CountResult> {
  if (nodeResourceGroup === undefined) return { problem: 'ARM names no node resource group' };
  try {
    const instances = await capacity.listInstances(subscriptionOf(clusterKey(id)), nodeResourceGroup, pool.name);
    return countInstances(pool, instances, image);
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

/** ARM may give no eTag; then the state and the image are all there is. */
function isAlike(before: NodePool, after: NodePool): boolean {
  return (
    before.eTag === after.eTag &&
    before.nodeImageVersion === after.nodeImageVersion &&
    before.provisioningState === after.provisioningState
  );
}
