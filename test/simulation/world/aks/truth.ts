// Notes what really happened in the simulated world as it moves. Called by stage.ts and motion.ts; the keeper never sees it.
import type { Simulator } from '../../../../local/simulator/simulator.ts';
import type { ClusterState, PoolState, Roll, World } from '../../../../local/simulator/world/world.ts';
import { keyOf } from '../../record/keyOf.ts';
import type { ClusterMoment, TrueCause, TruePool, TrueRoll, Truth } from '../../record/truth.ts';

export type TruthNotes = Truth & {
  /** Notes what has changed. What began since the last look was begun by `cause`. */
  readonly look: (cause: TrueCause, post?: number) => void;
  readonly changes: () => number;
};

/** What is known of the world's own objects while they last. */
type Look = {
  readonly now: () => number;
  readonly pools: TruePool[];
  readonly rolls: TrueRoll[];
  readonly clusters: Map<string, ClusterMoment[]>;
  readonly standing: Map<PoolState, TruePool>;
  readonly rolling: Map<Roll, TrueRoll>;
  changes: number;
};

export function createTruth(simulator: Simulator, now: () => number): TruthNotes {
  const look: Look = {
    now,
    pools: [],
    rolls: [],
    clusters: new Map(),
    standing: new Map(),
    rolling: new Map(),
    changes: 0,
  };
  // Looked at without letting it move: what AKS does by itself at this very moment is not what the caller did.
  const world = simulator.world();
  return {
    pools: look.pools,
    rolls: look.rolls,
    clusters: look.clusters,
    changes: () => look.changes,
    look: (cause, post) => {
      for (const cluster of world.clusters) noteCluster(look, cluster);
      noteGone(look, world);
      for (const roll of world.rolls) noteBegun(look, roll, cause, post);
      for (const [roll, begun] of look.rolling) if (!world.rolls.includes(roll)) noteEnded(look, roll, begun);
    },
  };
}

function noteCluster(look: Look, cluster: ClusterState): void {
  const key = keyOf(cluster.resource.id);
  const { properties, tags, sku } = cluster.resource;
  const { provisioningState, powerState, autoUpgradeProfile, resourceUID: uid } = properties;
  const windowOf = (wanted: string) => {
    const found = cluster.maintenanceConfigurations.find(({ name }) => name.toLowerCase() === wanted);
    return found && JSON.stringify(found.properties.maintenanceWindow ?? null);
  };
  const window = windowOf('aksmanagednodeosupgradeschedule');
  const kubernetesWindow = windowOf('aksmanagedautoupgradeschedule');
  const rest = JSON.stringify({ provisioningState, power: powerState?.code, ...autoUpgradeProfile, tags, sku });
  noteMoment(look, key, { at: look.now(), uid, window, kubernetesWindow, rest });
  for (const pool of cluster.pools) notePool(look, key, uid, pool);
}

function noteMoment(look: Look, key: string, moment: ClusterMoment): void {
  const known = look.clusters.get(key) ?? [];
  const last = known.at(-1);
  const fields = ['uid', 'window', 'kubernetesWindow', 'rest'] as const;
  if (last && fields.every((field) => last[field] === moment[field])) return;
  look.changes += 1;
  look.clusters.set(key, [...known, moment]);
}

function notePool(look: Look, clusterKey: string, uid: string | undefined, pool: PoolState): void {
  const at = look.now();
  const known = look.standing.get(pool);
  const { nodeImageVersion: image, provisioningState = '', powerState: power } = pool.profile;
  const { currentOrchestratorVersion: kubernetes = '' } = pool.profile;
  const moment = { at, image, provisioningState, powerState: power?.code ?? '', kubernetes };
  const images = pool.nodes.map(({ nodeImageVersion = '' }) => nodeImageVersion);
  if (!known) {
    const { name } = pool.profile;
    const nodes = [{ at, images }];
    const made = { clusterKey, uid: uid ?? '', name, from: at, moments: [moment], nodes, state: pool };
    look.standing.set(pool, made);
    look.pools.push(made);
    look.changes += 1;
    return;
  }
  if (images.join() !== known.nodes.at(-1)?.images.join()) known.nodes.push({ at, images });
  const last = known.moments.at(-1);
  const isSame = last?.image === image && last?.provisioningState === provisioningState;
  if (isSame && last?.powerState === moment.powerState && last.kubernetes === kubernetes) return;
  known.moments.push(moment);
  look.changes += 1;
}

function noteGone(look: Look, { clusters }: World): void {
  const there = new Set(clusters.flatMap((cluster) => cluster.pools));
  for (const [state, pool] of look.standing) {
    if (there.has(state)) continue;
    pool.until = look.now();
    look.standing.delete(state);
    look.changes += 1;
  }
  const keys = new Set(clusters.map(({ resource }) => keyOf(resource.id)));
  for (const key of look.clusters.keys()) {
    if (!keys.has(key))
      noteMoment(look, key, {
        at: look.now(),
        uid: undefined,
        window: undefined,
        kubernetesWindow: undefined,
        rest: '',
      });
  }
}

const causes: Readonly<Record<string, TrueCause>> = { nodeImage: 'aksAutoUpgrade', kubernetes: 'kubernetesUpgrade' };

function noteBegun({ standing, rolling, rolls }: Look, roll: Roll, cause: TrueCause, post: number | undefined): void {
  const pool = standing.get(roll.pool);
  if (rolling.has(roll) || !pool) return;
  const begun = {
    pool,
    from: roll.from,
    to: roll.to,
    startedAt: roll.startedAt.epochMilliseconds,
    // AKS may begin at the very moment of somebody's act.
    cause: causes[roll.operation.maintenance ?? 'none'] ?? cause,
    isAksKubernetes: roll.operation.maintenance === 'kubernetes',
    ...(post === undefined ? {} : { post }),
  };
  rolling.set(roll, begun);
  rolls.push(begun);
}

function noteEnded({ rolling, now }: Look, roll: Roll, begun: TrueRoll): void {
  const status = roll.operation.status.toLowerCase();
  begun.endedAt = roll.operation.endTime?.epochMilliseconds ?? now();
  begun.outcome = status === 'succeeded' || status === 'failed' ? status : 'canceled';
  rolling.delete(roll);
}
