// Keeps the windows and latest images of a subscription fresh, within its request budget. Called by gatherFleet.
import type { Temporal } from 'temporal-polyfill';
import { requestsPerStart } from '../../domain/attempt/requestBudget.ts';
import type { Cluster } from '../../domain/cluster/cluster.ts';
import { type ClusterKey, clusterKey } from '../../domain/cluster/clusterId.ts';
import { opensWithin } from '../../domain/ledger/judgeStart.ts';
import { messageOf } from '../../domain/text/messageOf.ts';
import { shortened } from '../../domain/text/shortened.ts';
import { isBefore } from '../../domain/text/stored.ts';
import { takeRequests } from '../../stores/budgetStore.ts';
import { type StoredFacts, writeFacts } from '../../stores/factsStore.ts';
import type { Dependencies } from '../dependencies.ts';
import { inParallel } from '../inParallel.ts';
import { poolsToRead, readClusterFacts } from './readClusterFacts.ts';

const staleHours = 24;
const soonMinutes = 15;
/** What a pass leaves in the budget for the starters that it wakes: four of them. */
const reservedForStarts = 4 * requestsPerStart;
const longestProblem = 500;

type Refreshing = Pick<Dependencies, 'arm' | 'clock' | 'tables' | 'log' | 'requestsPerPass' | 'factsMinutes'>;

/** All facts, some of them refreshed, by urgency. What is younger than `factsMinutes` stays: the starter reads it again. */
export async function refreshFacts(
  dependencies: Refreshing,
  subscription: string,
  clusters: readonly Cluster[],
  stored: ReadonlyMap<ClusterKey, StoredFacts>,
): Promise<ReadonlyMap<ClusterKey, StoredFacts>> {
  const now = dependencies.clock.now();
  const recent = now.subtract({ seconds: Math.round(dependencies.factsMinutes * 60) });
  const order = clusters
    .map((cluster) => ({ cluster, facts: stored.get(clusterKey(cluster.id)) }))
    .filter(({ facts }) => isDue(facts, recent, now))
    .map(({ cluster, facts }) => ({ cluster, requests: 1 + poolsToRead(cluster).length, ...turnOf(facts, now) }))
    .sort((a, b) => a.urgency - b.urgency || a.readAt - b.readAt);
  const needed = order.reduce((sum, { requests }) => sum + requests, 0);
  const wanted = Math.min(needed, dependencies.requestsPerPass);
  let granted = await takeRequests(dependencies.tables, subscription, wanted, reservedForStarts, now);
  const chosen: Cluster[] = [];
  for (const { cluster, requests } of order) {
    // A cluster with more pools than the budget still gets its turn.
    if (granted > 0) chosen.push(cluster);
    granted -= requests;
  }
  const facts = new Map(stored);
  await inParallel(chosen, 8, async (cluster) => {
    facts.set(clusterKey(cluster.id), await readAndKeep(dependencies, cluster, now));
  });
  return facts;
}

/** What was read, also where it could not be kept; what else goes wrong is a problem of this cluster's. */
async function readAndKeep(dependencies: Refreshing, cluster: Cluster, now: Temporal.Instant): Promise<StoredFacts> {
  const { tables, log } = dependencies;
  try {
    const read = await readClusterFacts(dependencies, cluster.id, poolsToRead(cluster));
    await writeFacts(tables, clusterKey(cluster.id), read);
    return read;
  } catch (error) {
    const problem = shortened(messageOf(error), longestProblem);
    log.warn(`The window and the latest images of ${cluster.id} could not be kept: ${problem}`);
    return { readAt: now, window: { problem }, latest: {} };
  }
}

function isDue(facts: StoredFacts | undefined, recent: Temporal.Instant, now: Temporal.Instant): boolean {
  return !facts || hasProblem(facts) || isBefore(facts.readAt, recent) || isAhead(facts, now);
}

/** Read by a clock that ran ahead: nobody knows when. */
function isAhead({ readAt }: StoredFacts, now: Temporal.Instant): boolean {
  return isBefore(now, readAt);
}

function hasProblem(facts: StoredFacts): boolean {
  return [facts.window, ...Object.values(facts.latest)].some((read) => 'problem' in read);
}

/** Stale facts first, then windows that open soon; among equals the oldest, so that a failing read blocks no other. */
function turnOf(facts: StoredFacts | undefined, now: Temporal.Instant) {
  if (!facts || isAhead(facts, now)) return { urgency: 0, readAt: Number.NEGATIVE_INFINITY };
  const isStale = isBefore(facts.readAt, now.subtract({ hours: staleHours }));
  return { urgency: isStale ? 0 : isSoon(facts, now) ? 1 : 2, readAt: facts.readAt.epochMilliseconds };
}

function isSoon(facts: StoredFacts, now: Temporal.Instant): boolean {
  if (hasProblem(facts) || 'problem' in facts.window) return true;
  try {
    return opensWithin(facts.window.value, now, soonMinutes);
  } catch {
    return true;
  }
}
