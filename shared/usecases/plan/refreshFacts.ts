// Keeps the windows and latest images of a subscription fresh, within its request budgets. A pass reads some at once, and leaves
// others to messages that come as AKS's bucket fills.
import { Temporal } from 'temporal-polyfill';
import { refreshShare, requestsPerStart } from '../../domain/attempt/requestBudget.ts';
import type { Cluster } from '../../domain/cluster/cluster.ts';
import { type ClusterKey, clusterKey } from '../../domain/cluster/clusterId.ts';
import { messageOf } from '../../domain/text/messageOf.ts';
import { shortened } from '../../domain/text/shortened.ts';
import { isBefore } from '../../domain/text/stored.ts';
import { readFacts, type StoredFacts, writeFacts } from '../../stores/factsStore.ts';
import {
  type Budget,
  refreshIn,
  secondsPlanned,
  takeRequests,
  upgradesIn,
  upgradesOf,
} from '../../stores/starts/budgetStore.ts';
import type { Dependencies } from '../dependencies.ts';
import { inParallel } from '../inParallel.ts';
import type { RefreshMessage } from '../messages.ts';
import { readClusterFacts } from './readClusterFacts.ts';
import { type Refresh, refreshesDue } from './refreshOrder.ts';

/** Of AKS's bucket, for facts that are neither stale nor wanted soon: with the others it stays under a quarter of it. */
const backgroundShare = 0.2;
/** What is left in the bucket for the starters that a pass wakes: four of them. */
const reservedForStarts = 4 * requestsPerStart;
const spentSeconds = 10;
const longestProblem = 500;

type Refreshing = Pick<Dependencies, 'arm' | 'clock' | 'tables' | 'log' | 'shareForOthers' | 'factsMinutes'>;

export type Refreshed = {
  readonly facts: ReadonlyMap<ClusterKey, StoredFacts>;
  /** What is to be read before the next pass. */
  readonly later: readonly RefreshMessage[];
};

/**
 * All facts, some of them refreshed, by urgency. What is younger than `factsMinutes` stays: the starter reads it again.
 * @param isBusy pools of that region wait to start: refreshing has its own share of the bucket, and no more
 */
export async function refreshFacts(
  dependencies: Refreshing,
  subscription: string,
  clusters: readonly Cluster[],
  stored: ReadonlyMap<ClusterKey, StoredFacts>,
  isBusy: (region: string) => boolean,
): Promise<Refreshed> {
  const { clock, tables, factsMinutes, shareForOthers } = dependencies;
  const now = clock.now();
  const facts = new Map(stored);
  const later: RefreshMessage[] = [];
  for (const [region, own] of Map.groupBy(clusters, ({ location }) => location ?? '')) {
    const budget = upgradesIn(subscription, region, shareForOthers);
    const share = isBusy(region) ? refreshShare : 1;
    const perSecond = budget.perSecond * share;
    const due = refreshesDue(own, stored, { now, factsMinutes, perSecond: budget.perSecond });
    const order = await planned(dependencies, budget, share, due);
    const wanted = order.reduce((sum, { requests }) => sum + requests, 0);
    const granted = await takeRequests(tables, budget, { wanted, reserve: reservedForStarts }, now);
    const atOnce: Refresh[] = [];
    let before = 0;
    for (const one of order) {
      // A cluster with more pools than the budget still gets its turn.
      if (before < granted) atOnce.push(one);
      else later.push(toMessage(one, region, now, (before + one.requests - granted) / perSecond));
      before += one.requests;
    }
    await inParallel(atOnce, 8, async ({ cluster, pools }) => {
      facts.set(clusterKey(cluster.id), await readAndKeep(dependencies, cluster, pools));
    });
  }
  return { facts, later };
}

/** As many as the rate allows before the next pass; a cluster with more pools than that still gets its turn. */
async function planned(
  { clock, tables }: Refreshing,
  budget: Budget,
  share: number,
  due: readonly Refresh[],
): Promise<readonly Refresh[]> {
  const [urgent, background] = [due.filter(({ isUrgent }) => isUrgent), due.filter(({ isUrgent }) => !isUrgent)];
  const within = async (own: Budget, some: readonly Refresh[]) => {
    const wanted = some.reduce((sum, { requests }) => sum + requests, 0);
    let left = wanted === 0 ? 0 : await takeRequests(tables, own, { wanted }, clock.now());
    return some.filter(({ requests }) => {
      const isIn = left > 0;
      left -= requests;
      return isIn;
    });
  };
  const first = await within(refreshIn(budget, 'urgent', share), urgent);
  // While pools wait to start, what nobody needs soon waits too.
  if (share < 1) return first;
  return [...first, ...(await within(refreshIn(budget, 'background', backgroundShare), background))];
}

function toMessage(
  { cluster: { id }, pools }: Refresh,
  region: string,
  now: Temporal.Instant,
  seconds: number,
): RefreshMessage {
  const at = now.add({ milliseconds: Math.round(seconds * 1000) }).toString();
  return { clusterId: id, region, pools: [...pools], since: now.toString(), at };
}

/** A cluster's facts are read when its turn has come, unless somebody read them since, or another pass has planned anew. */
export async function refreshCluster(
  dependencies: Refreshing & Pick<Dependencies, 'queues'>,
  message: RefreshMessage,
): Promise<void> {
  const { clock, tables, queues, shareForOthers } = dependencies;
  const { clusterId, region, pools } = message;
  const key = clusterKey(clusterId);
  const now = clock.now();
  const since = Temporal.Instant.from(message.since);
  if (isBefore(since.add({ seconds: secondsPlanned }), now)) return;
  const known = await readFacts(tables, key);
  if (known && isBefore(since, known.readAt)) return;
  const cluster = { id: clusterId, location: region };
  const budget = upgradesOf(cluster, shareForOthers);
  const most = budget.burst - requestsPerStart;
  const wanted = Math.max(1, Math.min(1 + pools.length, most));
  if ((await takeRequests(tables, budget, { wanted, least: wanted, reserve: requestsPerStart }, now)) < wanted) {
    return queues.send('refresh-facts', message, spentSeconds);
  }
  await readAndKeep(dependencies, cluster, pools);
}

/** What was read, also where it could not be kept; what else goes wrong is a problem of this cluster's. */
async function readAndKeep(
  dependencies: Refreshing,
  cluster: Pick<Cluster, 'id' | 'location'>,
  pools: readonly string[],
): Promise<StoredFacts> {
  const { clock, tables, log } = dependencies;
  try {
    const read = await readClusterFacts(dependencies, cluster, pools);
    await writeFacts(tables, clusterKey(cluster.id), read);
    return read;
  } catch (error) {
    const problem = shortened(messageOf(error), longestProblem);
    log.warn(`The window and the latest images of ${cluster.id} could not be kept: ${problem}`);
    return { readAt: clock.now(), window: { problem }, latest: {} };
  }
}
