// One planning pass: list, compare with the ledger, refresh facts, decide, queue. Called by the timer planUpgrades.
import type { Temporal } from 'temporal-polyfill';
import { type Cluster, clusterKey, isTerminal, poolLabel, samePool, sameResourceUid } from '../domain/cluster.ts';
import type { Decision } from '../domain/decision.ts';
import type { Heads } from '../domain/ledger.ts';
import { planFleet } from '../domain/planFleet.ts';
import { isProofDue } from '../domain/proveRoll.ts';
import { fleetState } from '../domain/ringState.ts';
import { runsDiffer, runsWell } from '../domain/runs.ts';
import { type PoolView, removePoolViews, storeDecisions, toViews } from '../stores/decisionsStore.ts';
import { insertHold } from '../stores/holdsStore.ts';
import { readPass, writePass } from '../stores/passStore.ts';
import { readPolicy } from '../stores/policyStore.ts';
import { listAttempts } from '../stores/startsStore.ts';
import { announcePass } from './announcePass.ts';
import type { Dependencies } from './dependencies.ts';
import { type Decided, type Gathered, type GatheredFleet, gatherFleet } from './gatherFleet.ts';
import type { ObserveMessage, StartMessage } from './messages.ts';
import { listedAt, recordGaps } from './recordGaps.ts';

export type Pass = { readonly observe: readonly ObserveMessage[]; readonly start: readonly StartMessage[] };

/** A start that is not begun by then is left to the next pass. */
const startMinutes = 5;

/** Plans the whole fleet; a subscription that can't be listed gets decisions that say so, and does not stop the others. */
export async function planUpgrades(dependencies: Dependencies): Promise<Pass> {
  const { clock, tables, subscriptions, log } = dependencies;
  const stored = await readPolicy(tables);
  const attempts = await listAttempts(tables);
  const fleets: GatheredFleet[] = [];
  for (const subscription of subscriptions) fleets.push(await gatherFleet(dependencies, subscription, attempts));

  const now = clock.now();
  const listed = fleets.flatMap(({ clusters }) => clusters.map(({ facts }) => facts));
  // What a list left out still has its say in its ring, until its cluster is known to be gone.
  const all = [...listed, ...fleets.flatMap(({ unlisted }) => unlisted.map(({ facts }) => facts))];
  const state = fleetState(all, stored, now);
  for (const hold of state.holdsDue) {
    if (await insertHold(tables, hold)) log.warn(`Hold ${hold.id} on ${hold.scope}: ${hold.reason}`);
  }
  const planned = new Map(planFleet(listed, state, now).map(({ facts, decisions }) => [facts, decisions]));
  const passes: Pass[] = [];
  const decidedFleets: (GatheredFleet & { readonly decided: readonly Decided[] })[] = [];
  for (const fleet of fleets) {
    const decided = fleet.clusters.map((one) => ({ ...one, decisions: planned.get(one.facts) ?? [] }));
    await storeDecided(dependencies, fleet, decided, now);
    passes.push(toPass(fleet, decided, now));
    decidedFleets.push({ ...fleet, decided });
  }
  const pass = { observe: passes.flatMap((one) => one.observe), start: passes.flatMap((one) => one.start) };
  log.info(`Pass: ${pass.observe.length} clusters to observe, ${pass.start.length} to start on.`);
  await announcePass(dependencies, { policy: stored, now, starts: pass.start.length, subscriptions: decidedFleets });
  return pass;
}

async function storeDecided(
  dependencies: Dependencies,
  fleet: GatheredFleet,
  decided: readonly Decided[],
  now: Temporal.Instant,
): Promise<void> {
  const { subscription, views, problem, clusters, unlisted } = fleet;
  const { tables, log } = dependencies;
  const next = decided.flatMap(({ facts, decisions }) => toViews(facts.cluster, decisions));
  const news = await storeDecisions(tables, subscription, views, next);
  for (const decision of news) log.info(describe(decision));
  await removePoolViews(tables, subscription, goneOf(views, clusters, unlisted));
  const before = await readPass(tables, subscription);
  if (problem === undefined) await recordGaps(dependencies, fleet, before);
  const listed = problem === undefined ? fleet.askedAt.toString() : listedAt(before);
  await writePass(tables, { subscription, at: now.toString(), clusters: clusters.length, problem, listedAt: listed });
}

function toPass(
  { problem, clusters, unlisted }: GatheredFleet,
  decided: readonly Decided[],
  now: Temporal.Instant,
): Pass {
  const moved = clusters.filter(({ facts, heads }) => problem === undefined && differs(facts.cluster, heads, now));
  const expiresAt = now.add({ minutes: startMinutes }).toString();
  return {
    observe: [...moved, ...unlisted].map(({ facts }) => ({ clusterId: facts.cluster.id })),
    start: decided.flatMap(({ facts, heads, decisions }) =>
      decisions
        .filter((decision) => decision.reason === 'start' && isInLedger(heads, decision))
        .map(({ nodePool }) => ({ clusterId: facts.cluster.id, nodePool, expiresAt })),
    ),
  };
}

/** A start needs a head that knows the image it leaves; the observation queued by this pass brings it. */
function isInLedger(heads: Heads, decision: Decision): boolean {
  const head = heads.pools.find(({ nodePool }) => samePool(nodePool, decision.nodePool));
  return head !== undefined && head.nodeImageVersion === decision.current;
}

/** True when a look at the cluster would tell the ledger something. */
function differs(cluster: Cluster, heads: Heads, now: Temporal.Instant): boolean {
  if (!heads.chain || heads.chain.gone || !sameResourceUid(heads.chain.resourceUid, cluster.resourceUid)) return true;
  const vanished = heads.pools.some((head) => !cluster.nodePools.some((pool) => samePool(pool.name, head.nodePool)));
  return (
    vanished ||
    cluster.nodePools.some((pool) => {
      const head = heads.pools.find((candidate) => samePool(candidate.nodePool, pool.name));
      if (!head) return pool.nodeImageVersion !== undefined;
      const isAtRest = isTerminal(pool.provisioningState);
      const moved = pool.nodeImageVersion !== undefined && pool.nodeImageVersion !== head.nodeImageVersion;
      const turned =
        isAtRest && runsDiffer(head.runs, pool.nodeImageVersion, runsWell(cluster, pool) && !head.nodesBehind);
      return moved || turned || isProofDue(head, now) || head.rolling !== undefined || !isAtRest;
    })
  );
}

/** A decision on one line, for a log. */
export function describe(decision: Decision): string {
  return `Decision: ${poolLabel(decision.cluster, decision.nodePool)} ${decision.verdict} (${decision.reason}): ${decision.sentence}`;
}

/** Clusters leave the view when the ledger says that they are gone, pools when their cluster no longer shows them. */
function goneOf(
  views: readonly PoolView[],
  clusters: readonly Gathered[],
  unlisted: readonly Gathered[],
): readonly PoolView[] {
  const listed = new Map(clusters.map(({ facts }) => [clusterKey(facts.cluster.id), facts.cluster]));
  const gone = new Set(
    unlisted.filter(({ heads }) => heads.chain?.gone).map(({ facts }) => clusterKey(facts.cluster.id)),
  );
  return views.filter((view) => {
    const key = clusterKey(view.cluster.id);
    const cluster = listed.get(key);
    return gone.has(key) || (cluster && !cluster.nodePools.some((pool) => samePool(pool.name, view.nodePool.name)));
  });
}
