// Reads what the checks of preflight look at, for one pool. Called by runPreflight and reportPreflight.
import { type Cluster, clusterKey, type NodePool, subscriptionOf } from '../domain/cluster.ts';
import type { Read } from '../domain/clusterFacts.ts';
import type { PreflightReads, SubnetUsage } from '../domain/preflight/preflightFacts.ts';
import { effectOf, type PreflightPolicy } from '../domain/preflight/preflightPolicy.ts';
import type { Capacity } from '../ports.ts';
import { orProblem } from './orProblem.ts';

/** The subnet of a virtual network that AKS makes for a cluster. */
const madeSubnet = 'aks-subnet';

/** At most four requests, none for a check that is off. What can't be read is kept as a problem. */
export async function readForPool(
  capacity: Capacity,
  cluster: Cluster,
  pool: NodePool,
  policy: PreflightPolicy | undefined,
): Promise<PreflightReads> {
  const subscription = subscriptionOf(clusterKey(cluster.id));
  const { location } = cluster;
  const { vmSize = '', vnetSubnetId, podSubnetId } = pool;
  const off = notRead('the policy has the check off');
  const hasQuota = effectOf(policy, 'quota') !== 'off';
  const hasSubnet = effectOf(policy, 'subnet') !== 'off';
  const ask = askedOnce(capacity);
  const [quotas, size, nodeSubnet, podSubnet] = await Promise.all([
    hasQuota ? orProblem(() => ask.listQuotas(subscription, location)) : off.quotas,
    hasQuota ? orProblem(() => ask.getVmSize(subscription, location, vmSize)) : off.vmSize,
    hasSubnet ? readNodeSubnet(ask, cluster, vnetSubnetId) : off.nodeSubnet,
    hasSubnet && podSubnetId ? readSubnet(ask, podSubnetId) : off.podSubnet,
  ]);
  return { quotas, vmSize: size, nodeSubnet, podSubnet };
}

export function notRead(problem: string): PreflightReads {
  return { quotas: { problem }, vmSize: { problem }, nodeSubnet: { problem }, podSubnet: { problem } };
}

/** Asks everything once: pools share regions and networks. */
export function askedOnce(capacity: Capacity): Capacity {
  return {
    listQuotas: once(capacity.listQuotas),
    getVmSize: once(capacity.getVmSize),
    listVirtualNetworks: once(capacity.listVirtualNetworks),
    listSubnetUsages: once(capacity.listSubnetUsages),
    listInstances: once(capacity.listInstances),
  };
}

function once<Question extends readonly string[], Answer>(
  ask: (...question: Question) => Promise<Answer>,
): (...question: Question) => Promise<Answer> {
  const asked = new Map<string, Promise<Answer>>();
  return (...question) => {
    const key = question.join('|').toLowerCase();
    const answer = asked.get(key) ?? ask(...question);
    asked.set(key, answer);
    return answer;
  };
}

async function readNodeSubnet(
  capacity: Capacity,
  cluster: Cluster,
  subnetId: string | undefined,
): Promise<Read<SubnetUsage>> {
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
