// What is odd about policy, holds, approvals and fleet together: not wrong, but perhaps not meant. Called by lintFleet.
import type { Temporal } from 'temporal-polyfill';
import { ofPool } from '../cluster/cluster.ts';
import { parseClusterId } from '../cluster/clusterId.ts';
import { estimateMinutes } from '../cluster/estimate.ts';
import { whyNotUpgradable } from '../cluster/poolKind.ts';
import { whoUpgrades } from '../cluster/whoUpgrades.ts';
import type { Hold } from '../policy/hold.ts';
import { type Policy, type PolicyInForce, selects } from '../policy/policy.ts';
import { selectorMatches } from '../policy/selector.ts';
import type { ClusterFacts } from '../rings/clusterFacts.ts';
import { fleetState } from '../rings/ringState.ts';
import { knownWindow } from '../window/knownWindow.ts';
import { lintAge, lintSoaks } from './lintCadence.ts';
import { lintReach } from './lintReach.ts';
import { lintPoolsInRings, lintRingNames, lintRings } from './lintRings.ts';
import { lintWindow } from './lintWindow.ts';
import type { PolicyWarning } from './policyWarning.ts';
import type { WindowWarning } from './windowWarning.ts';

/** @param unknown why `fleet` may not be all of it: then nothing is said to match nothing */
export function lintPolicy(
  inForce: PolicyInForce,
  fleet: readonly ClusterFacts[],
  now: Temporal.Instant,
  unknown?: string,
): readonly PolicyWarning[] {
  const { policy, problem, holds = [] } = inForce;
  const { rings } = fleetState(fleet, inForce, now);
  const selected = fleet.filter(({ cluster }) => selects(policy, cluster));
  return [
    ...(problem === undefined ? [] : [{ code: 'policyNotInForce' as const, message: problem }]),
    ...lintSelectors(policy, fleet),
    ...lintAge(policy, fleet),
    ...lintSoaks(policy, rings),
    ...lintRings(rings, selected),
    ...holds.flatMap(lintHold),
    // A policy that is not in force may well have those rings.
    ...(problem === undefined ? lintRingNames(inForce) : []),
    ...(unknown === undefined ? lintReach({ clusters: fleet, policy: inForce, now }) : []),
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
  // Where AKS upgrades every pool, the window does not matter to the keeper.
  const nodePools = (byActor.get(undefined) ?? []).filter((pool) => whyNotUpgradable(pool) === undefined);
  if (nodePools.length === 0) return actors;
  const ours = { ...facts, cluster: { ...cluster, nodePools } };
  return [...actors, ...lintPoolsInRings(policy, ours), ...lintItsWindow(policy, ours, now)];
}

function lintItsWindow(policy: Policy, facts: ClusterFacts, now: Temporal.Instant): readonly PolicyWarning[] {
  const { cluster, window, heads } = facts;
  const known = knownWindow(window);
  if (known.kind !== 'window') return [];
  const rollMinutes = cluster.nodePools.flatMap((pool) => {
    const head = ofPool(heads, pool.name);
    return estimateMinutes(pool, head, policy.estimate?.minutesPerBatch) ?? [];
  });
  return lintWindow(known.window, now, { rollMinutes }).flatMap((warning) => toWarning(policy, cluster.id, warning));
}

/** The policy has a say in two; GET /api/windows has the others. */
function toWarning(policy: Policy, cluster: string, { code, message }: WindowWarning): readonly PolicyWarning[] {
  if (code === 'noPoolFits') {
    const overrun = policy.overrun === 'block' ? 'are never started' : 'overrun it';
    const what = `${message} By the policy such pools ${overrun}.`;
    return [{ code: 'windowFitsNoPool', path: 'overrun', cluster, message: what }];
  }
  if (code !== 'undocumentedInterval' || policy.trustIntervals) return [];
  const advice = 'Set trustIntervals in the policy to accept that; until then nothing is started.';
  return [{ code: 'intervalNotTrusted', path: 'trustIntervals', cluster, message: `${message} ${advice}` }];
}
