// What people do to the fleet meanwhile, and what AKS releases and breaks: drawn once, each act at its time. Used by befall.ts.
import type { ArmManagedCluster } from '../../../local/simulator/world/armFleet.ts';
import type { Draw } from '../draw/seed.ts';
import type { TrueCause } from '../record/truth.ts';
import { type Act, type DrawAct, inject, onPool, scale } from './changes.ts';
import { clusterActs } from './clusterActs.ts';
import { familyActs } from './familyActs.ts';

/** An act on one of the fleet's clusters, of any kind that people are known for. */
export function drawAct(draw: Draw, clusters: readonly ArmManagedCluster[], day: string): Act {
  const cluster = draw.pick(clusters);
  const pool = draw.pick(cluster.properties.agentPoolProfiles ?? [])?.name ?? '';
  const kind = draw.pick(kinds);
  const act = acts[kind](draw, cluster.id, pool, day);
  const name = `${cluster.id.slice(cluster.id.lastIndexOf('/') + 1)}/${pool}`;
  return { what: `${kind} ${name}`, ...act };
}

const person =
  (does: string, cause: TrueCause, onPool = true): DrawAct =>
  (_draw, cluster, nodePool) => ({
    cause,
    happen: inject({ kind: 'person', does, cluster, ...(onPool && { nodePool }) }),
  });

const acts = {
  upgrade: person('upgrade', 'manual'),
  rollBack: person('rollBack', 'rollback'),
  stopPool: person('stop', 'manual'),
  startPool: person('start', 'manual'),
  stopCluster: person('stop', 'manual', false),
  startCluster: person('start', 'manual', false),
  deletePool: person('delete', 'manual'),
  recreatePool: person('recreate', 'manual'),
  deleteCluster: person('delete', 'manual', false),
  recreateCluster: person('recreate', 'manual', false),
  drainBlocked: (draw, cluster, nodePool) => ({
    cause: 'manual',
    happen: inject({
      kind: 'drainBlocked',
      cluster,
      nodePool,
      podDisruptionBudget: 'shop/checkout',
      afterNodes: draw.whole(0, 2),
      seconds: draw.whole(60, 1800),
    }),
  }),
  nodesBehind: (draw, cluster, nodePool) => ({
    cause: 'manual',
    happen: inject({
      kind: 'nodesBehind',
      cluster,
      nodePool,
      nodes: draw.whole(1, 3),
      seconds: draw.whole(60, 6 * 3600),
    }),
  }),
  noQuota: (_draw, cluster, nodePool) => ({
    cause: 'manual',
    happen: inject({ kind: 'surgeWithoutQuota', cluster, nodePool }),
  }),
  noAddresses: (_draw, cluster, nodePool) => ({
    cause: 'manual',
    happen: inject({ kind: 'subnetFull', cluster, nodePool }),
  }),
  quotaAgain: () => ({ cause: 'manual', happen: inject({ kind: 'clear' }) }),
  ...clusterActs,
  scale: (draw, cluster, pool) => ({ cause: 'manual', happen: onPool(cluster, pool, (...of) => scale(draw, ...of)) }),
  ...familyActs,
} as const satisfies Record<string, DrawAct>;

/** Common acts stand more than once. */
const kinds = [
  ...(Object.keys(acts) as (keyof typeof acts)[]),
  ...(['upgrade', 'upgrade', 'upgrade', 'rollBack', 'rollBack', 'startCluster', 'startPool', 'quotaAgain'] as const),
  ...(['recreateCluster', 'recreatePool', 'moveWindow', 'moveWindow', 'drainBlocked'] as const),
  ...([
    'kubernetesUpgrade',
    'rollBackAcross',
    'rollBackAcross',
    'aksKubernetes',
    'kubernetesRelease',
    'kubernetesRelease',
  ] as const),
];
