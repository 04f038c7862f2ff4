// The clusters' own Kubernetes APIs, by ARM id. Never throws: what can't be read is a problem, as many are private.
import type { KubernetesNode, Pod, PodDisruptionBudget } from '../domain/nodes/kubernetesObjects.ts';
import type { Read } from '../domain/text/read.ts';

export type Kubernetes = {
  readonly listNodes: (clusterId: string, nodePool: string) => Promise<Read<readonly KubernetesNode[]>>;
  readonly listPodDisruptionBudgets: (clusterId: string) => Promise<Read<readonly PodDisruptionBudget[]>>;
  readonly listPods: (clusterId: string, phase?: 'Pending') => Promise<Read<readonly Pod[]>>;
};
