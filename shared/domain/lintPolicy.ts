// What is odd about policy, holds and fleet together: not wrong, but perhaps not meant. Called by lintFleet.
import type { Temporal } from 'temporal-polyfill';
import { parseClusterId } from './cluster.ts';
import type { ClusterFacts } from './clusterFacts.ts';
import { estimateMinutes } from './estimate.ts';
import type { Hold } from './hold.ts';
import { lintWindow, type WindowWarning } from './lintWindow.ts';
import { parseMaintenanceWindow } from './maintenanceWindowParse.ts';
import { type Policy, type PolicyInForce, selects } from './policy.ts';
import { selectorMatches } from './selector.ts';
import { whoUpgrades } from './whoUpgrades.ts';

export type PolicyWarning = {
  readonly code:
    | 'policyNotInForce'
    | 'clusterNotSelected'
    | 'selectorMatchesNothing'
    | 'minimumAgeTooLong'
    | 'holdNeverEnds'
    | 'windowFitsNoPool'
    | 'intervalNotTrusted'
    | 'aksUpgrades';
  /** The field of the policy, where one is meant. */
  readonly path?: string;
  /** An ARM id. */
  readonly cluster?: string;
  readonly nodePools?: readonly string[];
  readonly hold?: string;
  /** What was found, what it leads to, and what to do. */
  readonly message: string;
};

/** All warnings: on the policy first, then on the holds, then by cluster. */
export function lintPolicy(
  { policy, problem, holds = [] }: PolicyInForce,
  fleet: readonly ClusterFacts[],
  now: Temporal.Instant,
): readonly PolicyWarning[] {
  return [
    ...(problem === undefined ? [] : [{ code: 'policyNotInForce' as const, message: problem }]),
    ...lintSelectors(policy, fleet),
    ...lintAge(policy, fleet),
    ...holds.flatMap(lintHold),
    ...fleet.flatMap((facts) =>
      selects(policy, facts.cluster) ? lintCluster(policy, facts, now) : notSelected(facts),
    ),
  ];
}

function lintSelectors(policy: Policy, fleet: readonly ClusterFacts[]): readonly PolicyWarning[] {
  if (policy.selectors?.length === 0) {
    const message = 'The list of selectors is empty, so no cluster is selected; leave it out to select all.';
    return [{ code: 'selectorMatchesNothing', path: 'selectors', message }];
  }
  return (policy.selectors ?? []).flatMap((selector, index) => {
    if (fleet.some(({ cluster }) => selectorMatches(selector, cluster))) return [];
    const path = `selectors.${index}`;
    const message = `${path} matches none of the ${fleet.length} clusters that are known. Correct its names and tags, or SUBSCRIPTION_IDS.`;
    return [{ code: 'selectorMatchesNothing' as const, path, message }];
  });
}

/** Days between releases of an image family, about: AKS-FACTS section 7. */
const cadence = [
  { osType: 'linux', name: 'Linux', days: 7 },
  { osType: 'windows', name: 'Windows', days: 31 },
] as const;
/** ARM offers a release some days after its date: an image is this many cadences old, at most, when the next comes. */
const cadencesOffered = 2;

function lintAge({ images }: Policy, fleet: readonly ClusterFacts[]): readonly PolicyWarning[] {
  const days = images?.minimumAgeDays ?? 0;
  return cadence.flatMap(({ osType, name, days: between }) => {
    const hasPools = fleet.some(({ cluster }) =>
      cluster.nodePools.some((pool) => pool.osType.toLowerCase() === osType),
    );
    if (!hasPools || days <= between * cadencesOffered) return [];
    const message = `images.minimumAgeDays is ${days}, but ${name} images are released about every ${between} days and only ARM's latest can be started: it may never get that old. Give ${between * cadencesOffered} or less.`;
    return [{ code: 'minimumAgeTooLong' as const, path: 'images.minimumAgeDays', message }];
  });
}

function lintHold({ id, scope, owner, reason, until, createdAt }: Hold): readonly PolicyWarning[] {
  if (until !== undefined) return [];
  const message = `The hold on scope ${scope} that ${owner} has since ${createdAt} (${reason}) has no end. Lift it when it is over (DELETE /api/holds/${id}), or set one with until.`;
  return [{ code: 'holdNeverEnds', hold: id, message }];
}

function notSelected({ cluster }: ClusterFacts): readonly PolicyWarning[] {
  const nodePools = cluster.nodePools.map(({ name }) => name);
  const message = `No selector of the policy matches cluster ${parseClusterId(cluster.id)?.cluster ?? cluster.id}: its pools are recorded, never started.`;
  return [{ code: 'clusterNotSelected', path: 'selectors', cluster: cluster.id, nodePools, message }];
}

function lintCluster(policy: Policy, facts: ClusterFacts, now: Temporal.Instant): readonly PolicyWarning[] {
  const { cluster } = facts;
  const byActor = Map.groupBy(cluster.nodePools, (pool) => whoUpgrades(cluster, pool));
  const actors = [...byActor].flatMap(([actor, pools]) => {
    if (actor === undefined) return [];
    const message = `${actor}; the keeper only records. Set nodeOSUpgradeChannel to None or Unmanaged, or leave the cluster out of the selectors.`;
    return [{ code: 'aksUpgrades' as const, cluster: cluster.id, nodePools: pools.map(({ name }) => name), message }];
  });
  // Where AKS upgrades every pool, the window is no affair of ours.
  const ours = byActor.get(undefined) ?? [];
  return [
    ...actors,
    ...(ours.length > 0 ? lintItsWindow(policy, { ...facts, cluster: { ...cluster, nodePools: ours } }, now) : []),
  ];
}

function lintItsWindow(
  policy: Policy,
  { cluster, window, heads }: ClusterFacts,
  now: Temporal.Instant,
): readonly PolicyWarning[] {
  const parsed = 'problem' in window ? undefined : parseMaintenanceWindow(window.value?.maintenanceWindow);
  if (!parsed?.ok) return [];
  const pools = cluster.nodePools.filter(({ mode }) => mode.toLowerCase() !== 'machines');
  const rollMinutes = pools.map((pool) => {
    const head = heads.find(({ nodePool }) => nodePool.toLowerCase() === pool.name.toLowerCase());
    return estimateMinutes(pool, head?.batchMinutes, policy.estimate?.minutesPerBatch);
  });
  return lintWindow(parsed.window, now, { rollMinutes }).flatMap((warning) => toWarning(policy, cluster.id, warning));
}

/** The two that the policy has a say in; GET /api/windows has the others. */
function toWarning(policy: Policy, cluster: string, { code, message }: WindowWarning): readonly PolicyWarning[] {
  if (code === 'noPoolFits') {
    const overrun = policy.overrun === 'block' ? 'are never started' : 'overrun it';
    return [
      {
        code: 'windowFitsNoPool',
        path: 'overrun',
        cluster,
        message: `${message} By the policy such pools ${overrun}.`,
      },
    ];
  }
  if (code !== 'undocumentedInterval' || policy.trustIntervals) return [];
  const advice = 'Set trustIntervals in the policy to accept that; until then nothing is started.';
  return [{ code: 'intervalNotTrusted', path: 'trustIntervals', cluster, message: `${message} ${advice}` }];
}
