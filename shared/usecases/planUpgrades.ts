// One planning pass: list, compare with the ledger, refresh facts, decide, queue. Called by the timer planUpgrades.
import type { Temporal } from 'temporal-polyfill';
import { type Cluster, clusterKey, isTerminal, samePool, sameResourceUid } from '../domain/cluster.ts';
import type { ClusterFacts } from '../domain/clusterFacts.ts';
import type { Decision } from '../domain/decision.ts';
import type { Heads } from '../domain/ledger.ts';
import { plan } from '../domain/plan.ts';
import type { PolicyInForce } from '../domain/policy.ts';
import { availableAt, requestsPerStart } from '../domain/requestBudget.ts';
import { ArmError } from '../ports.ts';
import {
  clustersOf,
  type PoolView,
  readPoolViews,
  removePoolViews,
  storeDecisions,
  viewsOf,
} from '../stores/decisionsStore.ts';
import { readSubscriptionFacts } from '../stores/factsStore.ts';
import { readHeads } from '../stores/ledgerStore.ts';
import { writePass } from '../stores/passStore.ts';
import { readPolicy } from '../stores/policyStore.ts';
import { listAttempts, type StoredAttempt } from '../stores/startsStore.ts';
import type { Dependencies } from './dependencies.ts';
import { inParallel } from './inParallel.ts';
import type { ObserveMessage, StartMessage } from './messages.ts';
import { refreshFacts } from './refreshFacts.ts';

export type Pass = { readonly observe: readonly ObserveMessage[]; readonly start: readonly StartMessage[] };

/** A start that is not begun by then is left to the next pass. */
const startMinutes = 5;
const width = 16;

/** Plans every subscription; one that can't be listed gets decisions that say so, and does not stop the others. */
export async function planUpgrades(dependencies: Dependencies): Promise<Pass> {
  const { tables, subscriptions, log } = dependencies;
  const policy = await readPolicy(tables);
  const attempts = await listAttempts(tables);
  const passes: Pass[] = [];
  for (const subscription of subscriptions) {
    passes.push(await planSubscription(dependencies, subscription, policy, attempts));
  }
  const pass = { observe: passes.flatMap((one) => one.observe), start: passes.flatMap((one) => one.start) };
  log.info(`Pass: ${pass.observe.length} clusters to observe, ${pass.start.length} to start on.`);
  return pass;
}

async function planSubscription(
  dependencies: Dependencies,
  subscription: string,
  policy: PolicyInForce,
  attempts: readonly StoredAttempt[],
): Promise<Pass> {
  const { arm, clock, tables, log } = dependencies;
  const views = await readPoolViews(tables, subscription);
  const listed = await list(arm.listClusters(subscription));
  const known = clustersOf(views);
  if (listed.problem) log.warn(`Subscription ${subscription} could not be listed: ${listed.problem}`);
  const clusters = listed.clusters ?? known;
  const heads = new Map(
    await inParallel(
      clusters,
      width,
      async ({ id }) => [clusterKey(id), await readHeads(tables, clusterKey(id))] as const,
    ),
  );
  const headsOf = (cluster: Cluster): Heads => heads.get(clusterKey(cluster.id)) ?? { pools: [] };
  const stored = await readSubscriptionFacts(tables, subscription);
  const facts = listed.clusters ? await refreshFacts(dependencies, subscription, clusters, stored.facts) : stored.facts;

  const now = clock.now();
  const decided = clusters.map((cluster) => {
    const key = clusterKey(cluster.id);
    const clusterFacts: ClusterFacts = {
      cluster,
      problem: listed.problem,
      window: facts.get(key)?.window ?? { problem: 'it has not been read yet' },
      latest: facts.get(key)?.latest ?? {},
      heads: headsOf(cluster).pools,
      attempt: attempts.find(({ attempt }) => clusterKey(attempt.cluster) === key)?.attempt,
      verdicts: stored.verdicts.get(key) ?? [],
      budgetFreeAt: stored.budget && availableAt(stored.budget, requestsPerStart, now),
    };
    return { cluster, decisions: plan(clusterFacts, policy, now) };
  });
  const unlisted = known.filter(
    (cluster) => !clusters.some((other) => clusterKey(other.id) === clusterKey(cluster.id)),
  );
  await storeViews(dependencies, subscription, views, decided);
  await dropGone(dependencies, subscription, views, clusters, unlisted);
  await writePass(tables, { subscription, at: now.toString(), clusters: clusters.length, problem: listed.problem });
  return {
    observe: [...clusters.filter((cluster) => listed.clusters && differs(cluster, headsOf(cluster))), ...unlisted].map(
      ({ id }) => ({ clusterId: id }),
    ),
    start: decided.flatMap(({ cluster, decisions }) =>
      decisions
        .filter((decision) => decision.reason === 'start' && isInLedger(headsOf(cluster), decision))
        .map(({ nodePool }) => ({ clusterId: cluster.id, nodePool, expiresAt: expiry(now) })),
    ),
  };
}

/** A start needs a head that knows the image it leaves; the observation queued by this pass brings it. */
function isInLedger(heads: Heads, decision: Decision): boolean {
  const head = heads.pools.find(({ nodePool }) => samePool(nodePool, decision.nodePool));
  return head !== undefined && head.nodeImageVersion === decision.current;
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

function expiry(now: Temporal.Instant): string {
  return now.add({ minutes: startMinutes }).toString();
}

/** True when a look at the cluster would tell the ledger something. */
function differs(cluster: Cluster, heads: Heads): boolean {
  if (!heads.chain || heads.chain.gone || !sameResourceUid(heads.chain.resourceUid, cluster.resourceUid)) return true;
  const vanished = heads.pools.some((head) => !cluster.nodePools.some((pool) => samePool(pool.name, head.nodePool)));
  return (
    vanished ||
    cluster.nodePools.some((pool) => {
      const head = heads.pools.find((candidate) => samePool(candidate.nodePool, pool.name));
      if (!head) return pool.nodeImageVersion !== undefined;
      const moved = pool.nodeImageVersion !== undefined && pool.nodeImageVersion !== head.nodeImageVersion;
      return moved || head.rolling !== undefined || !isTerminal(pool.provisioningState);
    })
  );
}

async function storeViews(
  { tables, log }: Dependencies,
  subscription: string,
  before: readonly PoolView[],
  decided: readonly { cluster: Cluster; decisions: readonly Decision[] }[],
): Promise<void> {
  const views = decided.flatMap(({ cluster, decisions }) => toViews(cluster, decisions));
  const news = await storeDecisions(tables, subscription, before, views);
  for (const decision of news) log.info(describe(decision));
}

/** What the pools' view holds of a cluster and the decisions on its pools. */
export function toViews(cluster: Cluster, decisions: readonly Decision[]): readonly PoolView[] {
  const { nodePools, ...rest } = cluster;
  return decisions.flatMap((decision) => {
    const nodePool = nodePools.find((pool) => pool.name === decision.nodePool);
    return nodePool ? [{ cluster: rest, nodePool, decision }] : [];
  });
}

/** A decision on one line, for a log. */
export function describe(decision: Decision): string {
  const cluster = decision.cluster.slice(decision.cluster.lastIndexOf('/') + 1);
  return `Decision: ${cluster}/${decision.nodePool} ${decision.verdict} (${decision.reason}): ${decision.sentence}`;
}

/** Clusters leave the view when the ledger says that they are gone, pools when their cluster no longer shows them. */
async function dropGone(
  { tables }: Dependencies,
  subscription: string,
  views: readonly PoolView[],
  clusters: readonly Cluster[],
  unlisted: readonly Cluster[],
): Promise<void> {
  const gone = views.filter((view) => {
    const listed = clusters.find(({ id }) => clusterKey(id) === clusterKey(view.cluster.id));
    return listed && !listed.nodePools.some((pool) => samePool(pool.name, view.nodePool.name));
  });
  for (const cluster of unlisted) {
    const { chain } = await readHeads(tables, clusterKey(cluster.id));
    if (chain?.gone) gone.push(...viewsOf(views, clusterKey(cluster.id)));
  }
  await removePoolViews(tables, subscription, gone);
}
