// What really happened in the simulated world: every state of every pool, every roll with its true cause, every window
// configuration, each with its time. Written by run.ts as the world moves, read by the checker. The keeper never sees it.
import type { Simulator } from '../../../local/simulator/simulator.ts';
import type { ClusterState, PoolState, Roll } from '../../../local/simulator/world/world.ts';

export type TrueCause = 'keeper' | 'manual' | 'rollback' | 'aksAutoUpgrade' | 'kubernetesUpgrade' | 'reconfiguration';

/** Times are epoch milliseconds. */
type PoolMoment = {
  readonly at: number;
  readonly image: string | undefined;
  readonly provisioningState: string;
  readonly powerState: string;
  /** As ARM shows it. */
  readonly kubernetes: string;
};

/** One pool from its making to its end: made again under its name, it is another. */
export type TruePool = {
  readonly clusterKey: string;
  readonly uid: string;
  readonly name: string;
  readonly from: number;
  until?: number;
  readonly moments: PoolMoment[];
  /** The image of each node, at every change of them. */
  readonly nodes: { readonly at: number; readonly images: readonly string[] }[];
  readonly state: PoolState;
};

export type TrueRoll = {
  readonly pool: TruePool;
  readonly from: string;
  readonly to: string;
  readonly startedAt: number;
  readonly cause: TrueCause;
  /** Of the request that started it, when it was the keeper's. */
  readonly post?: number;
  endedAt?: number;
  outcome?: 'succeeded' | 'failed' | 'canceled';
};

/** What a cluster was at a time: everything but its pools. */
type ClusterMoment = {
  readonly at: number;
  /** Undefined: there was no such cluster. */
  readonly uid: string | undefined;
  /** JSON of `maintenanceWindow`; undefined: no configuration. */
  readonly window: string | undefined;
  /** JSON of what else a judge of waiting asks for: channels, tags, power and provisioning state. */
  readonly rest: string;
};

export type Truth = {
  readonly pools: TruePool[];
  readonly rolls: TrueRoll[];
  /** By cluster key, oldest first. */
  readonly clusters: Map<string, ClusterMoment[]>;
  /** Notes what has changed. What began since the last look was begun by `cause`. */
  readonly look: (cause: TrueCause, post?: number) => void;
  /** How many changes were noted so far. */
  readonly changes: () => number;
};

export const keyOf = (id: string): string => {
  const [, , subscription, , group, , , , name] = id.split('/');
  return `${subscription}|${group}|${name}`.toLowerCase();
};

export function createTruth(simulator: Simulator, now: () => number): Truth {
  const pools: TruePool[] = [];
  const rolls: TrueRoll[] = [];
  const clusters = new Map<string, ClusterMoment[]>();
  const standing = new Map<PoolState, TruePool>();
  const rolling = new Map<Roll, TrueRoll>();
  let changes = 0;
  // Looked at without letting it move: what AKS does by itself at this very moment is not what the caller did.
  const world = simulator.world();

  function lookAtCluster(cluster: ClusterState): void {
    const key = keyOf(cluster.resource.id);
    const { properties, tags, sku } = cluster.resource;
    const { provisioningState, powerState, autoUpgradeProfile, resourceUID: uid } = properties;
    const configuration = cluster.maintenanceConfigurations.find(
      ({ name }) => name.toLowerCase() === 'aksmanagednodeosupgradeschedule',
    );
    const window = configuration && JSON.stringify(configuration.properties.maintenanceWindow ?? null);
    const rest = JSON.stringify({ provisioningState, power: powerState?.code, ...autoUpgradeProfile, tags, sku });
    noteCluster(key, uid, window, rest);
    for (const pool of cluster.pools) {
      const known = standing.get(pool);
      const { nodeImageVersion: image, provisioningState = '', powerState: power } = pool.profile;
      const { currentOrchestratorVersion: kubernetes = '' } = pool.profile;
      const moment = { at: now(), image, provisioningState, powerState: power?.code ?? '', kubernetes };
      if (!known) {
        const made = {
          clusterKey: key,
          uid: uid ?? '',
          name: pool.profile.name,
          from: now(),
          moments: [moment],
          nodes: [{ at: now(), images: imagesOf(pool) }],
          state: pool,
        };
        standing.set(pool, made);
        pools.push(made);
        changes += 1;
        continue;
      }
      const images = imagesOf(pool);
      if (images.join() !== known.nodes.at(-1)?.images.join()) known.nodes.push({ at: now(), images });
      const last = known.moments.at(-1);
      const isSame = last?.image === image && last?.provisioningState === provisioningState;
      if (isSame && last?.powerState === moment.powerState && last.kubernetes === kubernetes) continue;
      known.moments.push(moment);
      changes += 1;
    }
  }

  function noteCluster(key: string, uid: string | undefined, window: string | undefined, rest: string): void {
    const known = clusters.get(key) ?? [];
    const last = known.at(-1);
    if (last && last.uid === uid && last.window === window && last.rest === rest) return;
    changes += 1;
    clusters.set(key, [...known, { at: now(), uid, window, rest }]);
  }

  return {
    pools,
    rolls,
    clusters,
    changes: () => changes,
    look: (cause, post) => {
      for (const cluster of world.clusters) lookAtCluster(cluster);
      const there = new Set(world.clusters.flatMap((cluster) => cluster.pools));
      for (const [state, pool] of standing) {
        if (there.has(state)) continue;
        pool.until = now();
        standing.delete(state);
        changes += 1;
      }
      const keys = new Set(world.clusters.map(({ resource }) => keyOf(resource.id)));
      for (const key of clusters.keys()) if (!keys.has(key)) noteCluster(key, undefined, undefined, '');
      for (const roll of world.rolls) {
        const pool = standing.get(roll.pool);
        if (rolling.has(roll) || !pool) continue;
        const { from, to, startedAt } = roll;
        const begun = {
          pool,
          from,
          to,
          startedAt: startedAt.epochMilliseconds,
          // AKS may begin at the very moment of somebody's act.
          cause: roll.operation.initiator?.kind === 'aks' ? 'aksAutoUpgrade' : cause,
          ...(post === undefined ? {} : { post }),
        };
        rolling.set(roll, begun);
        rolls.push(begun);
      }
      for (const [roll, begun] of rolling) {
        if (world.rolls.includes(roll)) continue;
        const status = roll.operation.status.toLowerCase();
        begun.endedAt = roll.operation.endTime?.epochMilliseconds ?? now();
        begun.outcome = status === 'succeeded' || status === 'failed' ? status : 'canceled';
        rolling.delete(roll);
      }
    },
  };
}

function imagesOf({ nodes }: PoolState): readonly string[] {
  return nodes.map(({ nodeImageVersion = '' }) => nodeImageVersion);
}
