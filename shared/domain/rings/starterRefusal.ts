// What a starter found out about a pool, as a refusal, for as long as it holds. Asked by the gates.
import type { StarterVerdict } from '../attempt/starterVerdict.ts';
import { stillHolds } from '../attempt/starterVerdict.ts';
import { samePool } from '../cluster/cluster.ts';
import { explainFailure } from '../failure/explainFailure.ts';
import type { ArmFailure } from '../failure/failure.ts';
import { type FailedWork, nextStep } from '../failure/nextStep.ts';
import { withoutFullStop } from '../text/messageOf.ts';
import type { PoolFacts } from './poolFacts.ts';
import type { Refusal } from './refusal.ts';

/** What to do about an error, where there is one, and what the keeper does next. */
export function remedyAnd(error: ArmFailure | undefined, work: FailedWork): string {
  if (!error) return nextStep('unknown', work);
  const { remedy, next } = explainFailure(error, work);
  return `${remedy} ${next}`;
}

/** What a starter found out about this pool, as long as it holds. */
export function starterRefusal({ facts, pool, now }: PoolFacts, reason: StarterVerdict['reason']): Refusal | undefined {
  const verdict = facts.verdicts.find(
    (given) => given.reason === reason && samePool(given.nodePool, pool.name) && stillHolds(given, now),
  );
  return (
    verdict && {
      sentence: `${withoutFullStop(verdict.message)}. ${remedyAnd(verdict.refused, { kind: 'refused', reason, retryAt: verdict.retryAt.toString() })}`,
      nextEligibleAt: verdict.retryAt,
    }
  );
}
