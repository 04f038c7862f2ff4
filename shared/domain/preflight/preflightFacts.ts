// What preflight looks at beside the cluster. Read by the adapters capacity.ts and kubernetes.ts, judged by the checks.
import type { Cluster, NodePool } from '../cluster/cluster.ts';
import type { KubernetesNode, Pod, PodDisruptionBudget } from '../nodes/kubernetesObjects.ts';
import type { Read } from '../text/read.ts';

/** Of a region: a VM family's, `cores` (all families) or `lowPriorityCores` (all spot VMs). */
export type Quota = {
  /** As Azure names it, for example standardDSv5Family; compare with {@link sameQuota} only. */
  readonly name: string;
  readonly used: number;
  readonly limit: number;
};

export type VmSize = { readonly name: string; readonly family: string; readonly vCpus: number };

/** Azure says -1 where it does not count them. */
export type SubnetUsage = { readonly id: string; readonly used: number; readonly limit: number };

export type PreflightReads = {
  readonly quotas: Read<readonly Quota[]>;
  /** Of the pool's sizes those that the region lists. */
  readonly vmSizes: Read<readonly VmSize[]>;
  readonly nodeSubnet: Read<SubnetUsage>;
  readonly podSubnet: Read<SubnetUsage>;
  readonly kubernetes?: KubernetesReads | undefined;
};

/** Nodes of the pool; pods that have not ended and PodDisruptionBudgets of the whole cluster. */
export type KubernetesReads = {
  readonly nodes: Read<readonly KubernetesNode[]>;
  readonly pods: Read<readonly Pod[]>;
  readonly podDisruptionBudgets: Read<readonly PodDisruptionBudget[]>;
};

export type PreflightFacts = { readonly cluster: Cluster; readonly pool: NodePool; readonly reads: PreflightReads };

/** Azure spells one family differently in its quotas and its sizes: "Standard NCASv3_T4 Family", "standardNCASv3_T4Family". */
export function sameQuota(a: string, b: string): boolean {
  const plain = (name: string) => name.replaceAll(/[^a-z0-9]/gi, '').toLowerCase();
  return plain(a) === plain(b);
}
