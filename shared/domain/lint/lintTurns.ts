// Windows that open for more pools than AKS takes requests for. Called by lintFleet.
import type { Temporal } from 'temporal-polyfill';
import { buckets, refreshShare, requestsPerStart, shareOf } from '../attempt/requestBudget.ts';
import { ofPool } from '../cluster/cluster.ts';
import { clusterKey, subscriptionOf } from '../cluster/clusterId.ts';
import { estimateMinutes } from '../cluster/estimate.ts';
import { whyNotUpgradable } from '../cluster/poolKind.ts';
import { whoUpgrades } from '../cluster/whoUpgrades.ts';
import { type Policy, selects } from '../policy/policy.ts';
import { ringOf } from '../policy/ring.ts';
import type { ClusterFacts } from '../rings/clusterFacts.ts';
import { knownWindow } from '../window/knownWindow.ts';
import { type MaintenanceWindow, type Occurrence, windowAt } from '../window/maintenanceWindow.ts';
import { edgeSeconds } from '../window/windowFit.ts';
import type { PolicyWarning } from './policyWarning.ts';

type Opening = {
  readonly subscription: string;
  readonly region: string;
  readonly occurrence: Occurrence;
  readonly pools: number;
  /** Of the rolls that are known, in all. */
  readonly minutes: readonly number[];
};

/** One warning for each occurrence that comes next, of a subscription in a region. @param percentForOthers see SHARE_FOR_OTHERS */
export function lintTurns(
  policy: Policy,
  fleet: readonly ClusterFacts[],
  now: Temporal.Instant,
  percentForOthers: number,
): readonly PolicyWarning[] {
  const openings = fleet.flatMap((facts) => openingOf(policy, facts, now));
  const nameOf = ({ subscription, region, occurrence: { opensAt, closesAt } }: Opening) =>
    [subscription, region, opensAt, closesAt].map(String).join('|');
  return [...Map.groupBy(openings, nameOf).values()].flatMap((shared) => {
    const [first] = shared;
    const pools = shared.reduce((sum, one) => sum + one.pools, 0);
    const room = first
      ? startsIn(
          first.occurrence,
          shared.flatMap(({ minutes }) => minutes),
          percentForOthers,
        )
      : pools;
    if (!first || pools <= room) return [];
    const { subscription, region, occurrence } = first;
    const message = `The window from ${occurrence.opensAt.toString()} to ${occurrence.closesAt.toString()} opens for ${pools} pools of subscription ${subscription} in ${region || 'an unknown region'}; about ${room} can start in it, as AKS takes no more requests of them. Spread the windows over more days, or the clusters over regions or subscriptions.`;
    return [{ code: 'windowTooFull' as const, message }];
  });
}

/** Pools that have no part in it are left out; of those whose roll can't be estimated nobody knows how long it takes. */
function openingOf(policy: Policy, facts: ClusterFacts, now: Temporal.Instant): readonly Opening[] {
  const { cluster, window, heads } = facts;
  const known = knownWindow(window);
  if (known.kind !== 'window' || !selects(policy, cluster)) return [];
  const pools = cluster.nodePools.filter(
    (pool) =>
      whyNotUpgradable(pool) === undefined &&
      whoUpgrades(cluster, pool) === undefined &&
      (!policy.rings || ringOf(policy.rings, cluster, pool) !== undefined),
  );
  const occurrence = nextOf(known.window, now);
  if (!occurrence || pools.length === 0) return [];
  const minutes = pools.flatMap(
    (pool) => estimateMinutes(pool, ofPool(heads, pool.name), policy.estimate?.minutesPerBatch) ?? [],
  );
  const { location = '' } = cluster;
  return [
    {
      subscription: subscriptionOf(clusterKey(cluster.id)),
      region: location,
      occurrence,
      pools: pools.length,
      minutes,
    },
  ];
}

/** The whole occurrence that is open, or opens next. */
function nextOf(window: MaintenanceWindow, now: Temporal.Instant): Occurrence | undefined {
  const at = windowAt(window, now);
  if (at.state === 'open') return at.occurrence;
  const next = at.nextOpening && windowAt(window, at.nextOpening);
  return next?.state === 'open' ? next.occurrence : undefined;
}

function startsIn({ opensAt, closesAt }: Occurrence, minutes: readonly number[], percentForOthers: number): number {
  const { burst, perSecond } = shareOf(buckets.upgrades, percentForOthers);
  const mean = minutes.length === 0 ? 0 : minutes.reduce((sum, one) => sum + one, 0) / minutes.length;
  const seconds = Math.max(0, opensAt.until(closesAt).total('seconds') - 2 * edgeSeconds - mean * 60);
  return Math.floor((burst + seconds * perSecond * (1 - refreshShare)) / requestsPerStart);
}
