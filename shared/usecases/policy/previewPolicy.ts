// What a policy would change: the decisions of this moment under the policy in force and under another. Called by putPolicy
// with dryRun. Reads storage only, and stores nothing.
import type { Decision, RefusalReason } from '../../domain/plan/decision.ts';
import { identityOf } from '../../domain/plan/decision.ts';
import { planFleet } from '../../domain/plan/planFleet.ts';
import type { Policy, PolicyInForce } from '../../domain/policy/policy.ts';
import { fleetState } from '../../domain/rings/ringState.ts';
import { readPolicy } from '../../stores/policyStore.ts';
import type { Dependencies } from '../dependencies.ts';
import { readFleet } from '../plan/readFleet.ts';

type Side = Pick<Decision, 'verdict' | 'reason' | 'sentence' | 'nextEligibleAt'> & {
  /** The reasons that stand behind the first. */
  readonly also: readonly RefusalReason[];
};

export type ChangedDecision = {
  readonly cluster: string;
  readonly nodePool: string;
  readonly before: Side;
  readonly after: Side;
};

/**
 * The pools on which something else would be decided now, be it only what stands behind the reason.
 * @param author who would set the policy: his approvals may not count then
 */
export async function previewPolicy(
  dependencies: Pick<Dependencies, 'tables' | 'subscriptions' | 'clock'>,
  policy: Policy,
  author?: string,
): Promise<readonly ChangedDecision[]> {
  const now = dependencies.clock.now();
  const inForce = await readPolicy(dependencies.tables);
  const fleet = await readFleet(dependencies, now);
  const decide = (by: PolicyInForce) =>
    planFleet(fleet, fleetState(fleet, by, now), now).flatMap((one) => one.decisions);
  const { problem: _problem, author: _author, ...standing } = inForce;
  const after = decide({ ...standing, policy, ...(author === undefined ? {} : { author }) });
  return decide(inForce).flatMap((decision, index) => {
    const other = after[index];
    if (!other || identityOf(other) === identityOf(decision)) return [];
    const { cluster, nodePool } = decision;
    return [{ cluster, nodePool, before: toSide(decision), after: toSide(other) }];
  });
}

function toSide({ verdict, reason, sentence, nextEligibleAt, also }: Decision): Side {
  return {
    verdict,
    reason,
    sentence,
    ...(nextEligibleAt === undefined ? {} : { nextEligibleAt }),
    also: also.map((other) => other.reason),
  };
}
