// The clusters' own Kubernetes APIs. Implemented by adapters/kubernetes.
import type { KubernetesNode, Pod, PodDisruptionBudget } from '../domain/nodes/kubernetesObjects.ts';
import type { Read } from '../domain/text/read.ts';

/**
 * The Kubernetes API of a cluster, by the cluster's ARM id; asked only where the policy enables it. Reads only. Never throws:
 * what can't be read is a problem in plain words, as many clusters are private.
 */
export type Kubernetes = {
  readonly listNodes: (clusterId: string, nodePool: string) => Promise<Read<readonly KubernetesNode[]>>;
  readonly listPodDisruptionBudgets: (clusterId: string) => Promise<Read<readonly PodDisruptionBudget[]>>;
  readonly listPods: (clusterId: string, phase?: 'Pending') => Promise<Read<readonly Pod[]>>;
};
