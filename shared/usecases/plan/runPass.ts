// One planning pass: list, compare with the ledger, refresh facts, decide, queue. Called by the timer planUpgrades.
import type { Temporal } from 'temporal-polyfill';
import { ofPool, poolOf } from '../../domain/cluster/cluster.ts';
import { clusterKey } from '../../domain/cluster/clusterId.ts';
import type { Heads } from '../../domain/ledger/heads.ts';
import type { Decision } from '../../domain/plan/decision.ts';
import { planFleet } from '../../domain/plan/planFleet.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { fleetState } from '../../domain/rings/ringState.ts';
import { messageOf } from '../../domain/text/messageOf.ts';
import { readPass, writePass } from '../../stores/passStore.ts';
import { keepHandMadePolicy, readPolicy } from '../../stores/policyStore.ts';
import { holds } from '../../stores/standingStore.ts';
import { readStarts } from '../../stores/startsStore.ts';
import { removePoolViews, toViews } from '../../stores/views/decisionsStore.ts';
import type { PoolView } from '../../stores/views/poolView.ts';
import { contained } from '../contained.ts';
import type { Dependencies } from '../dependencies.ts';
import type { ObserveMessage, StartMessage } from '../messages.ts';
import { notifyPass } from '../notify/notifyPass.ts';
import { listedAt, recordGaps } from '../observe/recordGaps.ts';
import { strayClaims } from './clusterFacts.ts';
import { differs } from './differs.ts';
import { type Decided, type DecidedFleet, type Gathered, type GatheredFleet, gatherFleet } from './gatherFleet.ts';
import { keepDecisions } from './keepDecisions.ts';

export type PassMessages = { readonly observe: readonly ObserveMessage[]; readonly start: readonly StartMessage[] };

/** A start that is not begun by then is left to the next pass. */
const startMinutes = 5;

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
  const fleets: GatheredFleet[] = [];
  for (const subscription of subscriptions) fleets.push(await gatherFleet(dependencies, subscription, starts));

  const now = clock.now();
  const listed = fleets.flatMap(({ clusters }) => clusters.map(({ facts }) => facts));
  // What a list left out still has its say in its ring, until its cluster is known to be gone.
  const known = [...listed, ...fleets.flatMap(({ unlisted }) => unlisted.map(({ facts }) => facts))];
  const all = [...known, ...strayClaims(starts, known)];
  const state = fleetState(all, stored, now);
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
  const passes: PassMessages[] = [];
  const decidedFleets: DecidedFleet[] = [];
  for (const fleet of fleets) {
    const decided = fleet.clusters.map((one) => ({ ...one, decisions: planned.get(one.facts) ?? [] }));
    await storeDecided(dependencies, stored.policy, fleet, decided, now);
    passes.push(toMessages(dependencies, fleet, decided, now));
    decidedFleets.push({ ...fleet, decided });
  }
  const pass = { observe: passes.flatMap((one) => one.observe), start: passes.flatMap((one) => one.start) };
  log.info(`Pass: ${pass.observe.length} clusters to observe, ${pass.start.length} to start on.`);
  await notifyPass(dependencies, { policy: stored, now, starts: pass.start.length, subscriptions: decidedFleets });
  return pass;
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

function toMessages(
  { log }: Dependencies,
  { problem, clusters, unlisted }: GatheredFleet,
  decided: readonly Decided[],
  now: Temporal.Instant,
): PassMessages {
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
  const expiresAt = now.add({ minutes: startMinutes }).toString();
  return {
    observe: [...clusters.filter(hasMoved), ...unlisted]
      .filter(canBeObserved)
      .map(({ facts }) => ({ clusterId: facts.cluster.id })),
    start: decided.flatMap(({ facts, heads, decisions }) =>
      decisions
        .filter((decision) => decision.reason === 'start' && isInLedger(heads, decision))
        .map(({ nodePool }) => ({ clusterId: facts.cluster.id, nodePool, expiresAt })),
    ),
  };
}

/** A start needs a head that knows the image it leaves; the observation queued by this pass brings it. */
function isInLedger(heads: Heads, decision: Decision): boolean {
  const head = ofPool(heads.pools, decision.nodePool);
  return head !== undefined && head.nodeImageVersion === decision.current;
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
