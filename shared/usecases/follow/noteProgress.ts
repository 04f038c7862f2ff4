// Notes in an attempt's row how far its roll has come. Called by followAttempts.
import type { Attempt, Progress } from '../../domain/attempt/attempt.ts';
import { isProgressDue, progressOfInstances, progressOfNodes } from '../../domain/attempt/progress.ts';
import { clusterKey, subscriptionOf } from '../../domain/cluster/clusterId.ts';
import { getAttempt, replaceAttempt } from '../../stores/starts/startsStore.ts';
import { contained } from '../contained.ts';
import type { Dependencies } from '../dependencies.ts';

/** What can't be read is left out: nothing is decided by it. */
export async function noteProgress(dependencies: Dependencies, { cluster, id }: Attempt, asksKubernetes: boolean) {
  const { clock, tables } = dependencies;
  const before = await getAttempt(tables, cluster);
  if (before?.attempt.id !== id || !isProgressDue(before.attempt, clock.now())) return;
  const progress = await contained(dependencies, `The progress of attempt ${id} could not be read`, () =>
    readProgress(dependencies, before.attempt, asksKubernetes),
  );
  const stored = progress && (await getAttempt(tables, cluster));
  if (stored?.attempt.id === id) await replaceAttempt(tables, { ...stored.attempt, progress });
}

async function readProgress(
  { clock, capacity, kubernetes }: Dependencies,
  { cluster, nodePool, nodeResourceGroup, to }: Attempt,
  asksKubernetes: boolean,
): Promise<Progress | undefined> {
  if (asksKubernetes) {
    const nodes = await kubernetes.listNodes(cluster, nodePool);
    if (!('problem' in nodes)) {
      const pending = await kubernetes.listPods(cluster, 'Pending');
      const pods = 'problem' in pending || !pending.value ? {} : { pendingPods: pending.value.length };
      return { ...progressOfNodes(nodes.value ?? [], to, clock.now()), ...pods };
    }
  }
  if (nodeResourceGroup === undefined) return undefined;
  const subscription = subscriptionOf(clusterKey(cluster));
  const instances = await capacity.listInstances(subscription, nodeResourceGroup, nodePool);
  return progressOfInstances(instances, to, clock.now());
}
