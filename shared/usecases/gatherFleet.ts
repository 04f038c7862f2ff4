// What a pass knows of a subscription: its clusters as listed, the ledger's heads, and facts refreshed within the request
// budget. Called by planUpgrades.
import type { Temporal } from 'temporal-polyfill';
import { type Cluster, clusterKey, withKnownPools } from '../domain/cluster.ts';
import type { ClusterFacts } from '../domain/clusterFacts.ts';
import type { Decision } from '../domain/decision.ts';
import type { Heads } from '../domain/ledger.ts';
import { availableAt, requestsPerStart } from '../domain/requestBudget.ts';
import { ArmError } from '../ports.ts';
import { clustersOf, type PoolView, readPoolViews } from '../stores/decisionsStore.ts';
import { readSubscriptionFacts } from '../stores/factsStore.ts';
import { readHeads } from '../stores/ledgerStore.ts';
import type { StoredAttempt } from '../stores/startsStore.ts';
import type { Dependencies } from './dependencies.ts';
import { inParallel } from './inParallel.ts';
import { refreshFacts } from './refreshFacts.ts';

/** A cluster's facts with all of its heads. */
export type Gathered = { readonly facts: ClusterFacts; readonly heads: Heads };

/** The same, with what a pass decided on its pools. */
export type Decided = Gathered & { readonly decisions: readonly Decision[] };

export type GatheredFleet = {
  readonly subscription: string;
  /** When the list was asked for. */
  readonly askedAt: Temporal.Instant;
  /** The pools as the last pass left them. */
  readonly views: readonly PoolView[];
  /** Why the subscription could not be listed; then its clusters are the last that were. */
  readonly problem: string | undefined;
  readonly clusters: readonly Gathered[];
  /** Known, and not listed now: perhaps gone, perhaps left out by the list. */
  readonly unlisted: readonly Gathered[];
};

const width = 16;

export async function gatherFleet(
  dependencies: Dependencies,
  subscription: string,
  attempts: readonly StoredAttempt[],
): Promise<GatheredFleet> {
  const { arm, clock, tables, log } = dependencies;
  const views = await readPoolViews(tables, subscription);
  const askedAt = clock.now();
  const listed = await list(arm.listClusters(subscription));
  const known = clustersOf(views);
  if (listed.problem) log.warn(`Subscription ${subscription} could not be listed: ${listed.problem}`);
  const clusters = listed.clusters?.map((cluster) => withKnownPools(cluster, known)) ?? known;
  const keys = new Set(clusters.map(({ id }) => clusterKey(id)));
  const unlisted = known.filter(({ id }) => !keys.has(clusterKey(id)));
  const heads = new Map(
    await inParallel(
      [...clusters, ...unlisted],
      width,
      async ({ id }) => [clusterKey(id), await readHeads(tables, clusterKey(id))] as const,
    ),
  );
  const stored = await readSubscriptionFacts(tables, subscription);
  const facts = listed.clusters ? await refreshFacts(dependencies, subscription, clusters, stored.facts) : stored.facts;
  const now = clock.now();
  const gather = (cluster: Cluster, problem: string | undefined): Gathered => {
    const key = clusterKey(cluster.id);
    const ofCluster = heads.get(key) ?? { pools: [] };
    return {
      heads: ofCluster,
      facts: {
        cluster,
        problem,
        window: facts.get(key)?.window ?? { problem: 'it has not been read yet' },
        latest: facts.get(key)?.latest ?? {},
        heads: ofCluster.pools,
        attempt: attempts.find(({ attempt }) => clusterKey(attempt.cluster) === key)?.attempt,
        verdicts: stored.verdicts.get(key) ?? [],
        budgetFreeAt: stored.budget && availableAt(stored.budget, requestsPerStart, now),
      },
    };
  };
  return {
    subscription,
    askedAt,
    views,
    problem: listed.problem,
    clusters: clusters.map((cluster) => gather(cluster, listed.problem)),
    unlisted: unlisted.map((cluster) => gather(cluster, listed.problem ?? 'the list leaves it out')),
  };
}

async function list(
  reading: Promise<readonly Cluster[]>,
): Promise<{ clusters?: readonly Cluster[]; problem?: string | undefined }> {
  try {
    // A list that changes between its pages can name a cluster twice.
    const clusters = new Map((await reading).map((cluster) => [clusterKey(cluster.id), cluster]));
    return { clusters: [...clusters.values()] };
  } catch (error) {
    if (!(error instanceof ArmError)) throw error;
    return { problem: error.message };
  }
}
