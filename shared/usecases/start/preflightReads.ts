// Reads what the checks of preflight look at, for one pool. Called by runPreflight and reportPreflight.
import type { Cluster, NodePool } from '../../domain/cluster/cluster.ts';
import { clusterKey, subscriptionOf } from '../../domain/cluster/clusterId.ts';
import { surgeBySize } from '../../domain/cluster/estimate.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { effectOf } from '../../domain/policy/preflightPolicy.ts';
import { kubernetesCheckNames } from '../../domain/preflight/checks.ts';
import { judgePreflight } from '../../domain/preflight/judgePreflight.ts';
import type { KubernetesReads, PreflightReads, SubnetUsage } from '../../domain/preflight/preflightFacts.ts';
import type { Read } from '../../domain/text/read.ts';
import type { Capacity } from '../../ports/capacity.ts';
import type { Kubernetes } from '../../ports/kubernetes.ts';
import { orProblem } from '../orProblem.ts';

/** The subnet of a virtual network that AKS makes for a cluster. */
const madeSubnet = 'aks-subnet';

export type PreflightSources = { readonly capacity: Capacity; readonly kubernetes: Kubernetes };

export async function preflightPool(sources: PreflightSources, cluster: Cluster, pool: NodePool, policy: Policy) {
  return judgePreflight({ cluster, pool, reads: await readForPool(sources, cluster, pool, policy) }, policy.preflight);
}

/** At most four requests of ARM, none for a check that is off, and three of Kubernetes. What can't be read is a problem. */
export async function readForPool(
  { capacity, kubernetes }: PreflightSources,
  cluster: Cluster,
  pool: NodePool,
  { preflight: policy, kubernetes: asking }: Policy,
): Promise<PreflightReads> {
  const subscription = subscriptionOf(clusterKey(cluster.id));
  const { location } = cluster;
  const { vnetSubnetId, podSubnetId } = pool;
  const off = notRead('the policy has the check off');
  const hasQuota = effectOf(policy, 'quota') !== 'off';
  // The check says what is missing.
  const sizes = surgeBySize(pool)?.map(({ size }) => size);
  const hasSubnet = effectOf(policy, 'subnet') !== 'off';
  const ask = askedOnce(capacity);
  const asksKubernetes = asking?.enabled && kubernetesCheckNames.some((check) => effectOf(policy, check) !== 'off');
  const [quotas, vmSizes, nodeSubnet, podSubnet, ofKubernetes] = await Promise.all([
    hasQuota && location && sizes ? orProblem(() => ask.listQuotas(subscription, location)) : off.quotas,
    hasQuota && location && sizes ? readSizes(ask, subscription, location, sizes) : off.vmSizes,
    hasSubnet ? readNodeSubnet(ask, cluster, vnetSubnetId) : off.nodeSubnet,
    hasSubnet && podSubnetId ? readSubnet(ask, podSubnetId) : off.podSubnet,
    asksKubernetes ? readKubernetes(kubernetes, cluster.id, pool.name) : unreadKubernetes('not asked'),
  ]);
  const reads = { quotas, vmSizes, nodeSubnet, podSubnet };
  return asking?.enabled ? { ...reads, kubernetes: ofKubernetes } : reads;
}

/** They stand in one list, which the adapter keeps. */
function readSizes({ getVmSize }: Capacity, subscription: string, location: string, sizes: readonly string[]) {
  return orProblem(async () => {
    const found = await Promise.all(sizes.map((size) => getVmSize(subscription, location, size)));
    return found.filter((size) => size !== undefined);
  });
}

/** @param hasKubernetes where the policy lets the Kubernetes API be asked */
export function notRead(problem: string, hasKubernetes = false): PreflightReads {
  return {
    quotas: { problem },
    vmSizes: { problem },
    nodeSubnet: { problem },
    podSubnet: { problem },
    ...(hasKubernetes && { kubernetes: unreadKubernetes(problem) }),
  };
}

async function readKubernetes(kubernetes: Kubernetes, clusterId: string, nodePool: string): Promise<KubernetesReads> {
  const [nodes, pods, podDisruptionBudgets] = await Promise.all([
    kubernetes.listNodes(clusterId, nodePool),
    kubernetes.listPods(clusterId),
    kubernetes.listPodDisruptionBudgets(clusterId),
  ]);
  return { nodes, pods, podDisruptionBudgets };
}

export function unreadKubernetes(problem: string): KubernetesReads {
  return { nodes: { problem }, pods: { problem }, podDisruptionBudgets: { problem } };
}

type Port = Readonly<Record<string, (...question: never[]) => Promise<unknown>>>;

/** Asks everything once: pools share regions and networks, and those of a cluster its pods and PodDisruptionBudgets. */
export function askedOnce<Asked extends Port>(port: Asked): Asked {
  return Object.fromEntries(Object.entries(port).map(([name, ask]) => [name, once(ask)])) as Asked;
}

function once(ask: Port[string]): Port[string] {
  const asked = new Map<string, Promise<unknown>>();
  return (...question) => {
    const key = question.join('|').toLowerCase();
    const answer = asked.get(key) ?? ask(...question);
    asked.set(key, answer);
    return answer;
  };
}

async function readNodeSubnet(capacity: Capacity, cluster: Cluster, subnetId: string | undefined) {
  if (subnetId) return readSubnet(capacity, subnetId);
  const group = cluster.nodeResourceGroup;
  if (group === undefined) return { problem: 'ARM names neither a subnet nor a node resource group' };
  const networks = await orProblem(() => capacity.listVirtualNetworks(subscriptionOf(clusterKey(cluster.id)), group));
  if ('problem' in networks) return networks;
  const [network, ...others] = networks.value ?? [];
  if (network === undefined || others.length > 0) {
    return {
      problem: `resource group ${group} has ${others.length + (network ? 1 : 0)} virtual networks, not AKS's one`,
    };
  }
  return readSubnet(capacity, `${network}/subnets/${madeSubnet}`);
}

async function readSubnet(capacity: Capacity, subnetId: string): Promise<Read<SubnetUsage>> {
  const [network = ''] = subnetId.split(/\/subnets\//i);
  const usages = await orProblem(() => capacity.listSubnetUsages(network));
  if ('problem' in usages) return usages;
  const found = usages.value?.find(({ id }) => id.toLowerCase() === subnetId.toLowerCase());
  if (found) return { value: found };
  const what = usages.value ? `subnet ${subnetId}` : `virtual network ${network}`;
  return { problem: `there is no ${what}` };
}
