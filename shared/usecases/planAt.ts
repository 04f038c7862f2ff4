// What would be decided at a later moment, if nothing changed until then: today's pools, windows and latest images.
// Called by getPlan with `at`. Reads storage only.
import { Temporal } from 'temporal-polyfill';
import type { Attempt } from '../domain/attempt.ts';
import { clusterKey } from '../domain/cluster.ts';
import type { Decision } from '../domain/decision.ts';
import { plan } from '../domain/plan.ts';
import { clustersOf } from '../stores/decisionsStore.ts';
import { readSubscriptionFacts } from '../stores/factsStore.ts';
import { readHeads } from '../stores/ledgerStore.ts';
import { readPolicy } from '../stores/policyStore.ts';
import { listAttempts } from '../stores/startsStore.ts';
import type { Dependencies } from './dependencies.ts';
import { inParallel } from './inParallel.ts';
import { listNodePools, type PoolFilter } from './listNodePools.ts';

const width = 16;

/** The decisions on the pools that the filter names, as of `at`. */
export async function planAt(
  dependencies: Pick<Dependencies, 'tables' | 'subscriptions'>,
  filter: PoolFilter,
  at: Temporal.Instant,
): Promise<readonly Decision[]> {
  const { tables, subscriptions } = dependencies;
  const policy = await readPolicy(tables);
  const attempts = await listAttempts(tables);
  const wanted = await listNodePools(dependencies, filter);
  const names = new Set(wanted.map((view) => `${view.cluster.id}|${view.nodePool.name}`));
  const clusters = clustersOf(await listNodePools(dependencies, { cluster: filter.cluster }));
  const stored = await Promise.all(subscriptions.map((subscription) => readSubscriptionFacts(tables, subscription)));
  const facts = new Map(stored.flatMap((one) => [...one.facts]));
  const verdicts = new Map(stored.flatMap((one) => [...one.verdicts]));
  const decisions = await inParallel(clusters, width, async (cluster) => {
    const key = clusterKey(cluster.id);
    const inFlight = attempts.find(({ attempt }) => clusterKey(attempt.cluster) === key)?.attempt;
    const clusterFacts = {
      cluster,
      window: facts.get(key)?.window ?? { problem: 'it has not been read yet' },
      latest: facts.get(key)?.latest ?? {},
      heads: (await readHeads(tables, key)).pools,
      attempt: inFlight && isInFlightAt(inFlight, at) ? inFlight : undefined,
      verdicts: verdicts.get(key) ?? [],
    };
    return plan(clusterFacts, policy, at);
  });
  return decisions.flat().filter((decision) => names.has(`${decision.cluster}|${decision.nodePool}`));
}

/** An attempt is taken to last as long as it was estimated to; one that is stuck stays. */
function isInFlightAt({ acceptedAt, intendedAt, estimateMinutes, stuckAt }: Attempt, at: Temporal.Instant): boolean {
  const end = Temporal.Instant.from(acceptedAt ?? intendedAt).add({ minutes: estimateMinutes });
  return stuckAt !== undefined || Temporal.Instant.compare(at, end) < 0;
}
