// Deliberate bugs in what the keeper takes nodes, instances, windows and budgets for. Part of the list in bugs.ts.
import type { Read } from '../../../shared/domain/text/read.ts';
import type { Bug } from './bug.ts';
import { both, during, on, wrong } from './wrap.ts';

function newestOf(images: readonly (string | undefined)[]): string | undefined {
  return images
    .map((image = '') => image)
    .toSorted()
    .at(-1);
}

const allInstancesAlike = on('capacity', 'listInstances', (list) => async (...question) => {
  const found = await list(...question);
  const image = newestOf(found.map((instance) => instance.image));
  return found.map((instance) => ({ ...instance, image }));
});

const allInstancesOn = during(
  ['observeCluster'],
  on('capacity', 'listInstances', (list) => async (...question) => {
    const found = await list(...question);
    return found.map((instance) => ({ ...instance, powerState: 'running' }));
  }),
);

const oneWindowForAll = during(
  ['planUpgrades'],
  on('arm', 'listMaintenanceConfigurations', (list) => async (...question) => {
    const found = await list(...question);
    return found.filter(({ name }) => name !== 'aksManagedAutoUpgradeSchedule');
  }),
);

const allNodesAlike = on('kubernetes', 'listNodes', (list) => async (...of) => {
  const read = await list(...of);
  if ('problem' in read) return read;
  const nodes = read.value ?? [];
  const nodeImageVersion = newestOf(nodes.map((node) => node.nodeImageVersion)) ?? '';
  return { value: nodes.map((node) => ({ ...node, nodeImageVersion })) };
});

const budgetsNeverBlock = on('kubernetes', 'listPodDisruptionBudgets', (list) => async (...of) => {
  const read = await list(...of);
  return 'problem' in read ? read : { value: [] };
});

const orNothing = <T>(read: Read<readonly T[]>): Read<readonly T[]> => ('problem' in read ? { value: [] } : read);
const unreadTakenForEmpty = both(
  on(
    'kubernetes',
    'listNodes',
    (list) =>
      async (...of) =>
        orNothing(await list(...of)),
  ),
  on(
    'kubernetes',
    'listPodDisruptionBudgets',
    (list) =>
      async (...of) =>
        orNothing(await list(...of)),
  ),
  on(
    'kubernetes',
    'listPods',
    (list) =>
      async (...of) =>
        orNothing(await list(...of)),
  ),
);

export const nodeBugs: readonly Bug[] = [
  wrong('one instance taken for all', allInstancesAlike),
  wrong('deallocated machines taken for nodes', allInstancesOn),
  wrong('upgrades of Kubernetes held against the window of node images', oneWindowForAll),
  wrong('check podDisruptionBudgets always passes', budgetsNeverBlock),
  wrong('a Kubernetes API that is not read taken for empty', unreadTakenForEmpty),
  wrong('one node taken for all', allNodesAlike),
];
