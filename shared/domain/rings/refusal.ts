// Why a pool is not started, by one gate; and what a starter found out about it, as such a refusal. Made and asked by the gates.
import type { Temporal } from 'temporal-polyfill';
import { type StarterVerdict, stillHolds } from '../attempt/starterVerdict.ts';
import { samePool } from '../cluster/cluster.ts';
import type { PoolName } from '../failure/azCommands.ts';
import { explainFailure } from '../failure/explainFailure.ts';
import type { ArmFailure } from '../failure/failure.ts';
import { type FailedWork, nextStep } from '../failure/nextStep.ts';
import { withoutFullStop } from '../text/messageOf.ts';
import type { PoolFacts } from './poolFacts.ts';

export type Refusal = {
  readonly sentence: string;
  readonly nextEligibleAt?: Temporal.Instant | undefined;
};

/** @param pool what the error befell, to be named in commands */
export function remedyAnd(error: ArmFailure | undefined, work: FailedWork, pool: PoolName): string {
  if (!error) return nextStep('unknown', work);
  const { remedy, next } = explainFailure(error, work, pool);
  return `${remedy} ${next}`;
}

export function starterRefusal({ facts, pool, now }: PoolFacts, reason: StarterVerdict['reason']): Refusal | undefined {
  const verdict = facts.verdicts.find(
    (given) => given.reason === reason && samePool(given.nodePool, pool.name) && stillHolds(given, now),
  );
  if (!verdict) return undefined;
  const { message, refused, retryAt } = verdict;
  const work = { kind: 'refused', reason, retryAt: retryAt.toString() } as const;
  const what = remedyAnd(refused, work, { cluster: facts.cluster.id, nodePool: pool.name });
  return { sentence: `${withoutFullStop(message)}. ${what}`, nextEligibleAt: retryAt };
}
