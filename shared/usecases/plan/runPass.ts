// One planning pass: list, compare with the ledger, refresh facts, decide, queue. Called by the timer planUpgrades.
import type { Temporal } from 'temporal-polyfill';
import { poolOf } from '../../domain/cluster/cluster.ts';
import { type ClusterKey, clusterKey } from '../../domain/cluster/clusterId.ts';
import { planFleet } from '../../domain/plan/planFleet.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { asksForCount, countRings } from '../../domain/rings/ringCount.ts';
import { fleetState } from '../../domain/rings/ringState.ts';
import { messageOf } from '../../domain/text/messageOf.ts';
import { readPass, writePass } from '../../stores/passStore.ts';
import { keepHandMadePolicy, readPolicy } from '../../stores/policyStore.ts';
import { holds } from '../../stores/standingStore.ts';
import { readRings, writeCount } from '../../stores/starts/ringsStore.ts';
import { readStarts } from '../../stores/starts/startsStore.ts';
import { removePoolViews, toViews } from '../../stores/views/decisionsStore.ts';
import type { PoolView } from '../../stores/views/poolView.ts';
import { contained } from '../contained.ts';
import type { Dependencies } from '../dependencies.ts';
import type { ObserveMessage, RefreshMessage, StartMessage } from '../messages.ts';
import { notifyPass } from '../notify/notifyPass.ts';
import { listedAt, recordGaps } from '../observe/recordGaps.ts';
import { strayClaims } from './clusterFacts.ts';
import { differs } from './differs.ts';
import { type Decided, type DecidedFleet, type Gathered, type GatheredFleet, gatherFleet } from './gatherFleet.ts';
import { giveSlots } from './giveSlots.ts';
import { keepDecisions } from './keepDecisions.ts';

export type PassMessages = {
  readonly observe: readonly ObserveMessage[];
  readonly start: readonly StartMessage[];
  readonly refresh: readonly RefreshMessage[];
};

/** Plans the whole fleet; a subscription that can't be listed gets decisions that say so, and does not stop the others. */
export async function runPass(dependencies: Dependencies): Promise<PassMessages> {
  const { clock, tables, subscriptions, log } = dependencies;
  await contained(dependencies, 'The policy, which was changed by hand, could not be kept as a version', async () => {
    const kept = await keepHandMadePolicy(tables);
    const say = `The policy was changed outside of the API: kept as version ${kept?.version}, author unknown.`;
    // The first one that a team writes by hand is no surprise.
    if (kept) log[kept.version === 1 ? 'info' : 'warn'](say);
  });
  const stored = await readPolicy(tables);
  const starts = await readStarts(tables);
  // Before the ledgers are read: news that is noted from here on may not be in them.
  const rings = asksForCount(stored.policy) ? await readRings(tables, clock.now()) : undefined;
  const fleets: GatheredFleet[] = [];
  for (const subscription of subscriptions) fleets.push(await gatherFleet(dependencies, subscription, starts));

  const now = clock.now();
  const listed = fleets.flatMap(({ clusters }) => clusters.map(({ facts }) => facts));
  // What a list left out still has its say in its ring, until its cluster is known to be gone.
  const known = [...listed, ...fleets.flatMap(({ unlisted }) => unlisted.map(({ facts }) => facts))];
  const all = [...known, ...strayClaims(starts, known)];
  const state = fleetState(all, stored, now);
  if (rings) {
    const known = fleets.flatMap(({ clusters, unlisted }) => [...clusters, ...unlisted].flatMap(sequenceOf));
    await writeCount(tables, countRings(state, stored, listed, now), rings, new Map(known));
  }
  for (const hold of state.holdsDue) {
    await contained(dependencies, `Hold ${hold.id} on ${hold.scope} could not be kept`, async () => {
      if (await holds.insert(tables, hold)) log.warn(`Hold ${hold.id} on ${hold.scope}: ${hold.reason}`);
    });
  }
  const planned = new Map(
    planFleet(listed, state, now).map(({ facts, decisions, problem }) => {
      if (problem) log.warn(`Nothing is started on ${facts.cluster.id}: ${problem}`);
      return [facts, decisions];
    }),
  );
  const ringNames = (stored.policy.rings ?? []).map(({ name }) => name);
  const passes: PassMessages[] = [];
  const decidedFleets: DecidedFleet[] = [];
  for (const fleet of fleets) {
    const wanted = fleet.clusters.map((one) => ({ ...one, decisions: planned.get(one.facts) ?? [] }));
    const { start, decided, looked } = await giveSlots(dependencies, fleet, wanted, ringNames);
    await storeDecided(dependencies, stored.policy, fleet, decided, now);
    const observe = observationsOf(dependencies, fleet, now);
    passes.push({ observe, start, refresh: fleet.later.filter(({ clusterId }) => !looked.has(clusterId)) });
    decidedFleets.push({ ...fleet, decided });
  }
  const pass = {
    observe: passes.flatMap((one) => one.observe),
    start: passes.flatMap((one) => one.start),
    refresh: passes.flatMap((one) => one.refresh),
  };
  log.info(`Pass: ${pass.observe.length} clusters to observe, ${pass.start.length} to start on.`);
  await notifyPass(dependencies, { policy: stored, now, starts: pass.start.length, subscriptions: decidedFleets });
  return pass;
}

function sequenceOf({ facts, heads }: Gathered): readonly (readonly [ClusterKey, number])[] {
  return heads.problem === undefined ? [[clusterKey(facts.cluster.id), heads.chain?.sequence ?? 0]] : [];
}

async function storeDecided(
  dependencies: Dependencies,
  policy: Policy,
  fleet: GatheredFleet,
  decided: readonly Decided[],
  now: Temporal.Instant,
): Promise<void> {
  const { subscription, views, problem, unnamed, clusters, unlisted } = fleet;
  const { tables } = dependencies;
  const next = decided.flatMap(({ facts, decisions }) => toViews(facts.cluster, decisions));
  await keepDecisions(dependencies, subscription, policy, views, next);
  await removePoolViews(tables, subscription, goneOf(views, clusters, unlisted));
  const before = await readPass(tables, subscription);
  if (problem === undefined) await recordGaps(dependencies, fleet, before);
  const listed = problem === undefined ? fleet.askedAt : listedAt(before);
  await writePass(tables, {
    subscription,
    at: now,
    clusters: clusters.length,
    problem: problem ?? unnamed,
    listedAt: listed,
    withoutPools:
      problem === undefined
        ? withoutPools(clusters)
        : before && 'value' in before
          ? before.value.withoutPools
          : undefined,
  });
}

function withoutPools(clusters: readonly Gathered[]): readonly string[] | undefined {
  const ids = clusters.filter(({ facts }) => facts.cluster.nodePools.length === 0).map(({ facts }) => facts.cluster.id);
  return ids.length > 0 ? ids : undefined;
}

function observationsOf(
  { log }: Dependencies,
  { problem, clusters, unlisted }: GatheredFleet,
  now: Temporal.Instant,
): readonly ObserveMessage[] {
  const hasMoved = ({ facts, heads }: Gathered) => {
    try {
      return problem === undefined && facts.problem === undefined && differs(facts.cluster, heads, now);
    } catch (error) {
      log.warn(`Whether ${facts.cluster.id} has changed can't be told: ${messageOf(error)}`);
      return false;
    }
  };
  // An observation needs to know what the ledger says, and whose attempt is in flight: it would fail, and so would its next try.
  const canBeObserved = ({ facts }: Gathered) => facts.headsProblem === undefined && facts.attemptProblem === undefined;
  return [...clusters.filter(hasMoved), ...unlisted]
    .filter(canBeObserved)
    .map(({ facts }) => ({ clusterId: facts.cluster.id }));
}

/** Clusters leave the view when the ledger says that they are gone, pools when their cluster no longer shows them. */
function goneOf(views: readonly PoolView[], clusters: readonly Gathered[], unlisted: readonly Gathered[]) {
  const listed = new Map(clusters.map(({ facts }) => [clusterKey(facts.cluster.id), facts.cluster]));
  const gone = new Set(
    unlisted.filter(({ heads }) => heads.chain?.gone).map(({ facts }) => clusterKey(facts.cluster.id)),
  );
  return views.filter((view) => {
    const key = clusterKey(view.cluster.id);
    const cluster = listed.get(key);
    return gone.has(key) || (cluster && !poolOf(cluster, view.nodePool.name));
  });
}
