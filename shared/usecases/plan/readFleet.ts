// What the planner knows of each cluster, from storage alone: as of the last pass. Called by planAt, previewPolicy,
// lintFleet and startAttempt.
import { Temporal } from 'temporal-polyfill';
import type { Attempt } from '../../domain/attempt/attempt.ts';
import { clusterKey, subscriptionOf } from '../../domain/cluster/cluster.ts';
import type { ClusterFacts } from '../../domain/rings/clusterFacts.ts';
import { readSubscriptionFacts } from '../../stores/factsStore.ts';
import { readHeadsOrProblem } from '../../stores/ledgerStore.ts';
import { readPass } from '../../stores/passStore.ts';
import { readStarts } from '../../stores/startsStore.ts';
import { clustersOf } from '../../stores/views/decisionsStore.ts';
import { listNodePools } from '../ask/listNodePools.ts';
import type { Dependencies } from '../dependencies.ts';
import { inParallel } from '../inParallel.ts';
import { claimOn, strayClaims } from './claims.ts';

const width = 16;

/** @param at the moment to plan for: attempts end by then */
export async function readFleet(dependencies: Dependencies, at: Temporal.Instant): Promise<readonly ClusterFacts[]> {
  const { tables, subscriptions } = dependencies;
  const starts = await readStarts(tables);
  const clusters = clustersOf(await listNodePools(dependencies, {}));
  const stored = await Promise.all(subscriptions.map((subscription) => readSubscriptionFacts(tables, subscription)));
  const facts = new Map(stored.flatMap((one) => [...one.facts]));
  const verdicts = new Map(stored.flatMap((one) => [...one.verdicts]));
  const verdictProblems = new Map(stored.flatMap((one) => [...one.verdictProblems]));
  const problems = new Map(await inParallel(subscriptions, width, (one) => listProblem(tables, one)));
  const known = await inParallel(clusters, width, async (one): Promise<ClusterFacts> => {
    const key = clusterKey(one.id);
    const heads = await readHeadsOrProblem(tables, key);
    const { attempt, attemptProblem } = claimOn(key, starts);
    return {
      cluster: one,
      problem: one.unread ?? problems.get(subscriptionOf(key)),
      window: facts.get(key)?.window ?? { problem: 'it has not been read yet' },
      latest: facts.get(key)?.latest ?? {},
      heads: heads.pools,
      headsProblem: heads.problem,
      attempt: attempt && isInFlightAt(attempt, at) ? attempt : undefined,
      attemptProblem,
      verdicts: verdicts.get(key) ?? [],
      verdictProblem: verdictProblems.get(key),
    };
  });
  return [...known, ...strayClaims(starts, known)];
}

/** Why a subscription's clusters are not known as they are now. */
async function listProblem(
  tables: Dependencies['tables'],
  subscription: string,
): Promise<readonly [subscription: string, problem: string | undefined]> {
  const pass = await readPass(tables, subscription);
  return [subscription.toLowerCase(), pass && ('problem' in pass ? pass.problem : pass.value.problem)];
}

/** An attempt is taken to last as long as it was estimated to; one that is stuck stays. */
function isInFlightAt({ acceptedAt, intendedAt, estimateMinutes, stuckAt }: Attempt, at: Temporal.Instant): boolean {
  const end = (acceptedAt ?? intendedAt).add({ minutes: estimateMinutes });
  return stuckAt !== undefined || Temporal.Instant.compare(at, end) < 0;
}
