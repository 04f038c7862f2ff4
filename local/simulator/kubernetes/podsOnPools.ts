// The pods and PodDisruptionBudgets of a cluster: the fleet's, and those that the fault drainBlocked stands for.
import { meansPool } from '../faults/armedFaults.ts';
import type { ArmPod, ArmPodDisruptionBudget } from '../world/armFleet.ts';
import type { ClusterState, PoolState, World } from '../world/world.ts';

type SimulatedPod = ArmPod & { readonly node?: string | undefined };

/** A budget with `disruptionsAllowed` 0 keeps nodes of its pods from being drained. */
export function budgetsOf(world: World, cluster: ClusterState): readonly ArmPodDisruptionBudget[] {
  const blocking = cluster.pools.flatMap((pool) => blockersOf(world, cluster, pool).map(({ budget }) => budget));
  const written = (cluster.kubernetes.podDisruptionBudgets ?? []).filter(
    (one) => !blocking.some(({ namespace, name }) => namespace === one.namespace && name === one.name),
  );
  return [...written, ...blocking];
}

export function podsOf(world: World, cluster: ClusterState): readonly SimulatedPod[] {
  const written = (cluster.kubernetes.pods ?? []).map((pod, index): SimulatedPod => {
    const nodes = cluster.pools.find(({ profile }) => profile.name === pod.nodePool)?.nodes ?? [];
    const isPlaced = pod.phase !== 'Pending' && nodes.length > 0;
    return { ...pod, node: isPlaced ? nodes[index % nodes.length]?.name : undefined };
  });
  const blocking = cluster.pools.flatMap((pool) => blockersOf(world, cluster, pool).map(({ pod }) => pod));
  return [...written, ...blocking];
}

export function blockingBudget(cluster: ClusterState, pool: PoolState): ArmPodDisruptionBudget | undefined {
  const pods = (cluster.kubernetes.pods ?? []).filter(
    ({ nodePool, phase }) => nodePool === pool.profile.name && phase !== 'Pending',
  );
  return cluster.kubernetes.podDisruptionBudgets?.find(
    (budget) => budget.disruptionsAllowed === 0 && pods.some((pod) => selects(budget, pod)),
  );
}

function selects({ namespace, matchLabels }: ArmPodDisruptionBudget, pod: ArmPod): boolean {
  const labels = Object.entries(matchLabels);
  return namespace === pod.namespace && labels.every(([label, value]) => pod.labels?.[label] === value);
}

function blockersOf(world: World, cluster: ClusterState, pool: PoolState) {
  const armed = world.faults.flatMap(({ fault }) =>
    fault.kind === 'drainBlocked' && meansPool(fault, cluster, pool) ? [fault.podDisruptionBudget] : [],
  );
  const striking = world.rolls.flatMap((roll) => (roll.pool === pool && roll.blockedBy ? [roll.blockedBy] : []));
  return [...new Set([...armed, ...striking])].map((text) => {
    const [namespace = 'default', name = namespace] = text.split('/');
    const labels = { app: name };
    const pod: SimulatedPod = {
      namespace,
      name: `${name}-0`,
      nodePool: pool.profile.name,
      labels,
      controller: { kind: 'StatefulSet', name },
      node: pool.nodes[0]?.name,
    };
    return { budget: { namespace, name, disruptionsAllowed: 0, matchLabels: labels }, pod };
  });
}
