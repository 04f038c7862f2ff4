// Why a pool is not started, by one gate; and what a starter found out about it, as such a refusal. Made and asked by the gates.
import type { Temporal } from 'temporal-polyfill';
import { type StarterVerdict, stillHolds } from '../attempt/starterVerdict.ts';
import { samePool } from '../cluster/cluster.ts';
import { explainFailure } from '../failure/explainFailure.ts';
import type { ArmFailure } from '../failure/failure.ts';
import { type FailedWork, nextStep } from '../failure/nextStep.ts';
import { withoutFullStop } from '../text/messageOf.ts';
import type { PoolFacts } from './poolFacts.ts';

export type Refusal = {
  readonly sentence: string;
  readonly nextEligibleAt?: Temporal.Instant | undefined;
  /** Where somebody must act, though the gate's other refusals lift by themselves. */
  readonly verdict?: 'blocked';
};

export function remedyAnd(error: ArmFailure | undefined, work: FailedWork): string {
  if (!error) return nextStep('unknown', work);
  const { remedy, next } = explainFailure(error, work);
  return `${remedy} ${next}`;
}

export function starterRefusal({ facts, pool, now }: PoolFacts, reason: StarterVerdict['reason']): Refusal | undefined {
  const verdict = facts.verdicts.find(
    (given) => given.reason === reason && samePool(given.nodePool, pool.name) && stillHolds(given, now),
  );
  if (!verdict) return undefined;
  const { message, refused, retryAt } = verdict;
  const what = remedyAnd(refused, { kind: 'refused', reason, retryAt: retryAt.toString() });
  return { sentence: `${withoutFullStop(message)}. ${what}`, nextEligibleAt: retryAt };
}
