// A Kubernetes API that makes the keeper behave as if it had a bug. Used by bugs.ts.
import type { Read } from '../../../shared/domain/text/read.ts';
import type { Dependencies } from '../../../shared/usecases/dependencies.ts';

/** The check podDisruptionBudgets passes whatever they allow. */
export function budgetsNeverBlock(honest: Dependencies): Dependencies {
  const { kubernetes } = honest;
  return {
    ...honest,
    kubernetes: {
      ...kubernetes,
      listPodDisruptionBudgets: async (clusterId) => {
        const read = await kubernetes.listPodDisruptionBudgets(clusterId);
        return 'problem' in read ? read : { value: [] };
      },
    },
  };
}

/** What can't be read is taken to be empty. */
export function unreadTakenForEmpty(honest: Dependencies): Dependencies {
  const { listNodes, listPodDisruptionBudgets, listPods } = honest.kubernetes;
  const orNothing = <T>(read: Read<readonly T[]>): Read<readonly T[]> => ('problem' in read ? { value: [] } : read);
  return {
    ...honest,
    kubernetes: {
      listNodes: async (...of) => orNothing(await listNodes(...of)),
      listPodDisruptionBudgets: async (...of) => orNothing(await listPodDisruptionBudgets(...of)),
      listPods: async (...of) => orNothing(await listPods(...of)),
    },
  };
}

/** What the newest node runs, all are taken to run. */
export function allNodesAlike(honest: Dependencies): Dependencies {
  const { kubernetes } = honest;
  return {
    ...honest,
    kubernetes: {
      ...kubernetes,
      listNodes: async (clusterId, nodePool) => {
        const read = await kubernetes.listNodes(clusterId, nodePool);
        if ('problem' in read) return read;
        const nodes = read.value ?? [];
        const newest = nodes
          .map(({ nodeImageVersion = '' }) => nodeImageVersion)
          .toSorted()
          .at(-1);
        return { value: nodes.map((node) => ({ ...node, nodeImageVersion: newest })) };
      },
    },
  };
}
