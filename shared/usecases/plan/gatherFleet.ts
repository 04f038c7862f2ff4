// What a pass knows of a subscription: its clusters as listed, heads, and facts refreshed within the request budget. What of one
// cluster can't be read stays with that cluster, which stays in the fleet. Called by runPass.
import type { Temporal } from 'temporal-polyfill';
import type { Cluster } from '../../domain/cluster/cluster.ts';
import { type ClusterKey, clusterKey } from '../../domain/cluster/clusterId.ts';
import type { Heads } from '../../domain/ledger/heads.ts';
import type { Decision } from '../../domain/plan/decision.ts';
import { unreadCluster } from '../../domain/plan/unjudged.ts';
import type { ClusterFacts } from '../../domain/rings/clusterFacts.ts';
import { messageOf, named } from '../../domain/text/messageOf.ts';
import { shortened } from '../../domain/text/shortened.ts';
import { began } from '../../ports/clock.ts';
import { readSubscriptionFacts, type SubscriptionFacts } from '../../stores/factsStore.ts';
import type { HeadsOrProblem } from '../../stores/ledgerStore.ts';
import { readSlots, type Slots } from '../../stores/starts/slotsStore.ts';
import type { Starts } from '../../stores/starts/startsStore.ts';
import { clustersOf, readPoolViews } from '../../stores/views/decisionsStore.ts';
import type { PoolView } from '../../stores/views/poolView.ts';
import type { Dependencies } from '../dependencies.ts';
import type { RefreshMessage } from '../messages.ts';
import { toClusterFacts } from './clusterFacts.ts';
import { budgetOf, busyRegions } from './fleetBudgets.ts';
import { headsOf } from './fleetHeads.ts';
import { refreshFacts } from './refreshFacts.ts';

export type Gathered = { readonly facts: ClusterFacts; readonly heads: HeadsOrProblem };

export type Decided = Gathered & { readonly decisions: readonly Decision[] };

export type GatheredFleet = {
  readonly subscription: string;
  readonly askedAt: Temporal.Instant;
  /** The pools as the last pass left them. */
  readonly views: readonly PoolView[];
  /** Why the subscription could not be listed; then its clusters are the last that were. */
  readonly problem: string | undefined;
  /** What the list holds that can be no cluster: nobody could tell which. */
  readonly unnamed: string | undefined;
  readonly clusters: readonly Gathered[];
  readonly slots: Slots;
  /** Facts that are still to be read before the next pass. */
  readonly later: readonly RefreshMessage[];
  /** Known, and not listed now: perhaps gone, perhaps left out by the list. */
  readonly unlisted: readonly Gathered[];
};

export type DecidedFleet = GatheredFleet & { readonly decided: readonly Decided[] };

const longestProblem = 2000;

type Stored = SubscriptionFacts & {
  readonly heads: ReadonlyMap<ClusterKey, HeadsOrProblem>;
  readonly starts: Starts;
  readonly subscription: string;
  readonly shareForOthers: number;
  readonly now: Temporal.Instant;
};

export async function gatherFleet(
  dependencies: Dependencies,
  subscription: string,
  starts: Starts,
): Promise<GatheredFleet> {
  const { arm, clock, tables, log } = dependencies;
  const views = await readPoolViews(tables, subscription);
  const unread: string[] = [];
  const list = () => listOrProblem(() => arm.listClusters(subscription, (id) => unread.push(id)));
  const { at: askedAt, value: listed } = await began(clock, list);
  const unnamed =
    unread.length === 0 ? undefined : `${unread.length} listed without the id of a cluster: ${named(unread, 3)}`;
  if (unnamed) log.warn(`Subscription ${subscription} has clusters that nobody keeps: ${unnamed}.`);
  const known = clustersOf(views);
  if (listed.problem) log.warn(`Subscription ${subscription} could not be listed: ${listed.problem}`);
  const clusters = listed.clusters ?? known;
  const keys = new Set(clusters.map(({ id }) => clusterKey(id)));
  const unlisted = known.filter(({ id }) => !keys.has(clusterKey(id)));
  const all = [...clusters, ...unlisted].map(({ id }) => clusterKey(id));
  const heads = await headsOf(dependencies, subscription, all);
  const inStorage = await readSubscriptionFacts(tables, subscription);
  const readable = clusters.filter(({ unread }) => unread === undefined);
  const slots = await readSlots(tables, subscription);
  const { facts, later } = listed.clusters
    ? await refreshFacts(
        dependencies,
        subscription,
        readable,
        inStorage.facts,
        busyRegions(readable, slots, clock.now()),
      )
    : { facts: inStorage.facts, later: [] };
  const { shareForOthers } = dependencies;
  const stored: Stored = { ...inStorage, facts, heads, starts, subscription, shareForOthers, now: clock.now() };
  for (const read of inStorage.budgets.values()) {
    if ('problem' in read) log.warn(`Requests are not granted in subscription ${subscription}: ${read.problem}.`);
  }
  const seen = new Map(known.map((cluster) => [clusterKey(cluster.id), cluster]));
  const gathered = {
    clusters: clusters.map((cluster) =>
      gather(lastRead(cluster, seen, heads), unreadOf(cluster) ?? listed.problem, stored),
    ),
    unlisted: unlisted.map((cluster) => gather(cluster, listed.problem ?? 'the list leaves it out', stored)),
  };
  const listedNow = new Map([...clusters, ...unlisted].map(({ id, unread, problem }) => [id, unread ?? problem]));
  for (const { facts: own } of [...gathered.clusters, ...gathered.unlisted]) {
    logProblems(dependencies, own, listedNow.get(own.cluster.id));
  }
  return { subscription, askedAt, views, problem: listed.problem, unnamed, slots, later, ...gathered };
}

/** What ARM shows of a cluster; where that can't be read, the last that could, or what the ledger knows of it. */
function lastRead(cluster: Cluster, seen: ReadonlyMap<ClusterKey, Cluster>, heads: ReadonlyMap<ClusterKey, Heads>) {
  const key = clusterKey(cluster.id);
  const last = seen.get(key);
  if (cluster.unread === undefined && !cluster.hasUnreadPools) {
    if (!cluster.tagsAreCut || !last) return cluster;
    const { tags, tagsAreCut, keptTags } = last;
    return { ...cluster, tags, tagsAreCut, keptTags };
  }
  if (last && last.unread === undefined && !last.hasUnreadPools) return last;
  if (last || cluster.nodePools.length > 0) return cluster;
  return unreadCluster(
    cluster.id,
    cluster.unread ?? cluster.problem ?? 'its pools could not be read',
    heads.get(key)?.pools.map(({ nodePool }) => nodePool),
  );
}

function unreadOf({ unread, hasUnreadPools, problem }: Cluster): string | undefined {
  return unread ?? (hasUnreadPools ? problem : undefined);
}

function gather(cluster: Cluster, problem: string | undefined, stored: Stored): Gathered {
  const heads = stored.heads.get(clusterKey(cluster.id)) ?? { pools: [] };
  const { budgetFreeAt, budgetProblem } = budgetOf(cluster, stored);
  return { heads, facts: { ...toClusterFacts(cluster, problem, heads, stored), budgetFreeAt, budgetProblem } };
}

/** One line a cluster, whatever is wrong with it. */
function logProblems({ log }: Dependencies, facts: ClusterFacts, problem: string | undefined): void {
  const { cluster, headsProblem, attemptProblem, verdictProblem } = facts;
  const problems = [problem, headsProblem, attemptProblem, verdictProblem].filter(Boolean);
  if (problems.length > 0) log.warn(`Nothing is started on ${cluster.id}: ${problems.join('; ')}`);
}

async function listOrProblem(reading: () => Promise<readonly Cluster[]>) {
  try {
    // A list that changes between its pages can name a cluster twice.
    const clusters = new Map((await reading()).map((cluster) => [clusterKey(cluster.id), cluster]));
    return { clusters: [...clusters.values()] };
  } catch (error) {
    return { problem: shortened(messageOf(error), longestProblem) };
  }
}
