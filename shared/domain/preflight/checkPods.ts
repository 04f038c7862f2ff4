// The checks on what runs on the pool. Listed in checks.ts; they need the Kubernetes API.
import type { NodePool } from '../cluster/cluster.ts';
import type { Pod } from '../nodes/kubernetesObjects.ts';
import { named } from '../text/messageOf.ts';
import { type Check, counted, failed, nodesOf, notRun, passed, unreadKubernetes } from './finding.ts';
import { selectsLabels } from './labelSelector.ts';
import type { KubernetesReads } from './preflightFacts.ts';

export const podDisruptionBudgets: Check = ({ pool, reads: { kubernetes } }) => {
  const read = readOf(kubernetes, pool);
  if ('problem' in read) return unreadKubernetes('podDisruptionBudgets', read.problem);
  const { budgets, evicted } = read;
  const onPool = budgets.flatMap(({ namespace, name, disruptionsAllowed, selector }) => {
    const pods = evicted.filter(
      (pod) => pod.namespace === namespace && selector !== undefined && selectsLabels(selector, pod.labels),
    );
    return pods.length > 0 ? [{ name: `${namespace}/${name}`, pods: pods.length, disruptionsAllowed }] : [];
  });
  const blocking = onPool.filter(
    ({ disruptionsAllowed }) => disruptionsAllowed !== undefined && disruptionsAllowed <= 0,
  );
  const list = (some: typeof onPool) => named(some.map(({ name, pods }) => `${name} (${counted(pods, 'pod')})`));
  const facts = (some: typeof onPool) => ({ budgets: some.map(({ name, pods }) => ({ name, pods })) });
  if (blocking.length > 0) {
    const sentence = `PodDisruptionBudgets that allow no disruption of pods on this pool: ${list(blocking)}. The drain of their nodes would fail: let them allow one, or run more replicas.`;
    return failed(sentence, facts(blocking));
  }
  const uncounted = onPool.filter(({ disruptionsAllowed }) => disruptionsAllowed === undefined);
  if (uncounted.length > 0) {
    const sentence = `Kubernetes does not say how many disruptions these PodDisruptionBudgets of pods on this pool allow: ${list(uncounted)}. See their status: it counts them within moments, or says why not.`;
    return notRun(sentence, facts(uncounted));
  }
  return passed(`No PodDisruptionBudget keeps the ${counted(evicted.length, 'pod')} of the pool from being evicted.`);
};

const replicated = new Set(['replicaset', 'statefulset', 'replicationcontroller']);

export const singleReplicas: Check = ({ pool, reads: { kubernetes } }) => {
  const read = readOf(kubernetes, pool);
  if ('problem' in read) return unreadKubernetes('singleReplicas', read.problem);
  const { pods, evicted } = read;
  const owned = Map.groupBy(pods, (pod) => ownerOf(pod) ?? '');
  const single = evicted.flatMap((pod) => {
    const owner = ownerOf(pod);
    return owner !== undefined && owned.get(owner)?.length === 1 ? [owner] : [];
  });
  if (single.length === 0) return passed('No workload has its only replica on this pool.');
  const sentence = `${counted(single.length, 'workload')} with the only replica on this pool: ${named(single)}. Each is down while its pod moves: run two replicas or more.`;
  return failed(sentence, { workloads: single });
};

function readOf(kubernetes: KubernetesReads | undefined, pool: NodePool) {
  if (!kubernetes) return { problem: undefined };
  const { pods, podDisruptionBudgets } = kubernetes;
  const nodes = nodesOf(kubernetes, pool);
  if ('problem' in nodes) return nodes;
  if ('problem' in pods) return pods;
  if ('problem' in podDisruptionBudgets) return podDisruptionBudgets;
  const names = new Set(nodes.value.map(({ name }) => name));
  const all = pods.value ?? [];
  // Those of DaemonSets and static pods go with their node.
  const evicted = all.filter(
    ({ node, controller }) => node && names.has(node) && !/^(daemonset|node)$/i.test(controller?.kind ?? ''),
  );
  return { budgets: podDisruptionBudgets.value ?? [], pods: all, evicted };
}

function ownerOf({ namespace, controller }: Pod): string | undefined {
  if (!controller || !replicated.has(controller.kind.toLowerCase())) return undefined;
  return `${namespace}/${controller.name} (${controller.kind})`;
}
