// What the planner knows of each cluster, from storage alone: as of the last pass. Called by planAt, previewPolicy,
// lintFleet and startUpgrade.
import { Temporal } from 'temporal-polyfill';
import type { Attempt } from '../domain/attempt.ts';
import { clusterKey, subscriptionOf } from '../domain/cluster.ts';
import type { ClusterFacts } from '../domain/clusterFacts.ts';
import { clustersOf } from '../stores/decisionsStore.ts';
import { readSubscriptionFacts } from '../stores/factsStore.ts';
import { readHeads } from '../stores/ledgerStore.ts';
import { readPasses } from '../stores/passStore.ts';
import { listAttempts } from '../stores/startsStore.ts';
import type { Dependencies } from './dependencies.ts';
import { inParallel } from './inParallel.ts';
import { listNodePools } from './listNodePools.ts';

const width = 16;

/** @param at the moment to plan for: attempts end by then */
export async function readFleet(
  dependencies: Pick<Dependencies, 'tables' | 'subscriptions'>,
  at: Temporal.Instant,
): Promise<readonly ClusterFacts[]> {
  const { tables, subscriptions } = dependencies;
  const attempts = await listAttempts(tables);
  const clusters = clustersOf(await listNodePools(dependencies, {}));
  const stored = await Promise.all(subscriptions.map((subscription) => readSubscriptionFacts(tables, subscription)));
  const facts = new Map(stored.flatMap((one) => [...one.facts]));
  const verdicts = new Map(stored.flatMap((one) => [...one.verdicts]));
  const passes = new Map((await readPasses(tables)).map((pass) => [pass.subscription.toLowerCase(), pass]));
  return inParallel(clusters, width, async (one) => {
    const key = clusterKey(one.id);
    const inFlight = attempts.find(({ attempt }) => clusterKey(attempt.cluster) === key)?.attempt;
    return {
      cluster: one,
      problem: passes.get(subscriptionOf(key))?.problem,
      window: facts.get(key)?.window ?? { problem: 'it has not been read yet' },
      latest: facts.get(key)?.latest ?? {},
      heads: (await readHeads(tables, key)).pools,
      attempt: inFlight && isInFlightAt(inFlight, at) ? inFlight : undefined,
      verdicts: verdicts.get(key) ?? [],
    };
  });
}

/** An attempt is taken to last as long as it was estimated to; one that is stuck stays. */
function isInFlightAt({ acceptedAt, intendedAt, estimateMinutes, stuckAt }: Attempt, at: Temporal.Instant): boolean {
  const end = Temporal.Instant.from(acceptedAt ?? intendedAt).add({ minutes: estimateMinutes });
  return stuckAt !== undefined || Temporal.Instant.compare(at, end) < 0;
}
