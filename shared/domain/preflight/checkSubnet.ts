// The check `subnet`: do the surge nodes and their pods find addresses? The need depends on the network plugin (AKS-FACTS section 4).
import type { Cluster, NodePool } from '../cluster/cluster.ts';
import { surgeNodes } from '../cluster/estimate.ts';
import type { Read } from '../text/read.ts';
import { type Check, counted, type Finding, failed, notRun, passed, unknownSurge, unread } from './finding.ts';
import type { SubnetUsage } from './preflightFacts.ts';

export const subnet: Check = ({ cluster, pool, reads }) => {
  const surge = surgeNodes(pool);
  if (surge === undefined) return unknownSurge(pool);
  if (surge === 0) return passed('The pool rolls without surge nodes, so it needs no addresses.', { surgeNodes: 0 });
  const perNode = addressesPerNode(cluster, pool);
  if ('problem' in perNode) return notRun(perNode.problem);
  const shares = Object.entries(perNode).map(([of, addresses]) =>
    judge(surge, surge * addresses, reads[of as keyof typeof perNode]),
  );
  // What fails says more than what is not known, and that more than what passes.
  const order = ['failed', 'notRun', 'passed'] as const;
  const result = order.find((one) => shares.some((share) => share.result === one)) ?? 'notRun';
  const telling = shares.filter((share) => share.result === result);
  return {
    result,
    sentence: telling.map(({ sentence }) => sentence).join(' '),
    facts: { surgeNodes: surge, subnets: shares.map(({ facts }) => facts) },
  };
};

type PerNode = Partial<Record<'nodeSubnet' | 'podSubnet', number>> | { readonly problem: string };

/** Flat Azure CNI: a node and all pods that it may have. Pods with a subnet of their own, overlay, kubenet, none: the node. */
function addressesPerNode({ networkPlugin, networkPluginMode }: Cluster, { podSubnetId, maxPods }: NodePool): PerNode {
  const plugin = networkPlugin?.toLowerCase();
  const mode = networkPluginMode?.toLowerCase() ?? '';
  const unknownPods = { problem: "ARM names no maxPods for the pool, so its pods' addresses can't be counted." };
  if (podSubnetId) return maxPods === undefined ? unknownPods : { nodeSubnet: 1, podSubnet: maxPods };
  if (plugin === 'kubenet' || plugin === 'none' || (plugin === 'azure' && mode === 'overlay')) return { nodeSubnet: 1 };
  if (plugin === 'azure' && mode === '') return maxPods === undefined ? unknownPods : { nodeSubnet: 1 + maxPods };
  const found = [networkPlugin ?? 'none named', networkPluginMode].filter(Boolean).join(', mode ');
  return { problem: `The keeper does not know what addresses this network plugin takes: ${found}.` };
}

function judge(surge: number, needed: number, read: Read<SubnetUsage>): Finding {
  if ('problem' in read) return unread('subnet', 'The addresses of its subnet', read.problem, { needed });
  const usage = read.value;
  const name = usage?.id.slice(usage.id.lastIndexOf('/') + 1);
  if (!usage || usage.used < 0 || usage.limit < 0) {
    return notRun(`Azure does not count the addresses of subnet ${name ?? 'unknown'}.`, { needed });
  }
  const free = Math.max(0, usage.limit - usage.used);
  const facts = { needed, ...usage };
  const needs = `${counted(surge, 'surge node')} ${surge === 1 ? 'needs' : 'need'} ${counted(needed, 'address', 'addresses')} of subnet ${name}`;
  if (needed <= free) return passed(`${needs}; ${free} of ${usage.limit} are free.`, facts);
  const sentence = `${needs}, but only ${free} of ${usage.limit} are free. Free addresses, move to a larger subnet, or lower the pool's maxSurge.`;
  return failed(sentence, facts);
}
