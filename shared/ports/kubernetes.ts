// The clusters' own Kubernetes APIs. Implemented by adapters/kubernetes.
import type { KubernetesNode, Pod, PodDisruptionBudget } from '../domain/nodes/kubernetesObjects.ts';
import type { Read } from '../domain/text/read.ts';

/** By the cluster's ARM id, where the policy enables it. Never throws: what can't be read is a problem, as many are private. */
export type Kubernetes = {
  readonly listNodes: (clusterId: string, nodePool: string) => Promise<Read<readonly KubernetesNode[]>>;
  readonly listPodDisruptionBudgets: (clusterId: string) => Promise<Read<readonly PodDisruptionBudget[]>>;
  readonly listPods: (clusterId: string, phase?: 'Pending') => Promise<Read<readonly Pod[]>>;
};
