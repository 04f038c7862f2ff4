// Whose facts are read next. Called by refreshFacts.
import type { Temporal } from 'temporal-polyfill';
import type { Cluster } from '../../domain/cluster/cluster.ts';
import { type ClusterKey, clusterKey } from '../../domain/cluster/clusterId.ts';
import { isBefore } from '../../domain/text/stored.ts';
import { knownWindow } from '../../domain/window/knownWindow.ts';
import { windowAt } from '../../domain/window/maintenanceWindow.ts';
import type { StoredFacts } from '../../stores/factsStore.ts';
import { poolsToRead } from './readClusterFacts.ts';

const staleHours = 24;
/** Facts are this fresh at an opening, or fresher. */
const soonMinutes = 15;

export type Refresh = {
  readonly cluster: Cluster;
  readonly pools: readonly string[];
  readonly requests: number;
  /** Not read, stale, or of a window that opens soon. The others can wait. */
  readonly isUrgent: boolean;
};

type Known = {
  readonly cluster: Cluster;
  readonly facts: StoredFacts | undefined;
  readonly pools: readonly string[];
  readonly requests: number;
};

/**
 * Never read or stale facts first, then windows that open soon, then the others; among equals the oldest, so that a failing read
 * blocks no other. Soon is so early that all whose windows open by then can be read in time.
 * @param perSecond requests that can be spent on it
 */
export function refreshesDue(
  clusters: readonly Cluster[],
  stored: ReadonlyMap<ClusterKey, StoredFacts>,
  {
    now,
    factsMinutes,
    perSecond,
  }: { readonly now: Temporal.Instant; readonly factsMinutes: number; readonly perSecond: number },
): readonly Refresh[] {
  const known = clusters.map((cluster): Known => {
    const pools = poolsToRead(cluster);
    return { cluster, pools, requests: 1 + pools.length, facts: stored.get(clusterKey(cluster.id)) };
  });
  const soon = readBefore(known, now, perSecond);
  const recent = now.subtract({ seconds: Math.round(factsMinutes * 60) });
  return known
    .filter(({ facts, pools }) => isDue(facts, pools, recent, now))
    .map((one) => ({ ...one, ...turnOf(one, soon, now) }))
    .sort((a, b) => a.urgency - b.urgency || a.readAt - b.readAt)
    .map(({ cluster, pools, requests, urgency }) => ({ cluster, pools, requests, isUrgent: urgency < 2 }));
}

function isDue(
  facts: StoredFacts | undefined,
  pools: readonly string[],
  recent: Temporal.Instant,
  now: Temporal.Instant,
): boolean {
  if (!facts || hasProblem(facts) || isAhead(facts, now) || isBefore(facts.readAt, recent)) return true;
  return pools.some((pool) => !facts.latest[pool.toLowerCase()]);
}

/** Read by a clock that ran ahead: nobody knows when. */
function isAhead({ readAt }: StoredFacts, now: Temporal.Instant): boolean {
  return isBefore(now, readAt);
}

function hasProblem(facts: StoredFacts): boolean {
  return [facts.window, ...Object.values(facts.latest)].some((read) => 'problem' in read);
}

function turnOf({ cluster, facts }: Known, soon: ReadonlyMap<Cluster, number>, now: Temporal.Instant) {
  if (!facts || isAhead(facts, now)) return { urgency: 0, readAt: Number.NEGATIVE_INFINITY };
  const readAt = facts.readAt.epochMilliseconds;
  const isStale = isBefore(facts.readAt, now.subtract({ hours: staleHours }));
  const isSoon = hasProblem(facts) || readAt < (soon.get(cluster) ?? Number.NEGATIVE_INFINITY);
  return { urgency: isStale ? 0 : isSoon ? 1 : 2, readAt };
}

/** Of clusters whose reading must have begun by now: the moment, in epoch milliseconds, before which no facts were read in time. */
function readBefore(known: readonly Known[], now: Temporal.Instant, perSecond: number): ReadonlyMap<Cluster, number> {
  const opening = known
    .flatMap(({ cluster, facts, requests }) => {
      const opensAt = facts && openingOf(facts, now);
      return opensAt === undefined ? [] : [{ cluster, requests, opensAt }];
    })
    .sort((a, b) => a.opensAt - b.opensAt);
  const soon = new Map<Cluster, number>();
  let requests = opening.reduce((sum, one) => sum + one.requests, 0);
  let begin = Number.POSITIVE_INFINITY;
  // From the last: those that open later may be so many that the earlier ones must begin sooner.
  for (const one of opening.toReversed()) {
    begin = Math.min(begin, one.opensAt - soonMinutes * 60_000 - (requests / perSecond) * 1000);
    requests -= one.requests;
    if (begin <= now.epochMilliseconds) soon.set(one.cluster, begin);
  }
  return soon;
}

/** When the open window opened, or the next opens, in epoch milliseconds. What trips over it is refreshed as one without. */
function openingOf({ window }: StoredFacts, now: Temporal.Instant): number | undefined {
  try {
    const known = knownWindow('problem' in window ? window : { value: window.value ?? {} });
    if (known.kind !== 'window') return undefined;
    const at = windowAt(known.window, now);
    return (at.state === 'open' ? at.openedAt : at.nextOpening)?.epochMilliseconds;
  } catch {
    return undefined;
  }
}
