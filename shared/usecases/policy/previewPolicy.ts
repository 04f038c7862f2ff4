// What another policy would change now. Called by putPolicy with dryRun; reads storage only.
import { type Decision, identityOf } from '../../domain/plan/decision.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { readPolicy } from '../../stores/policyStore.ts';
import type { Dependencies } from '../dependencies.ts';
import { decideFleet } from '../plan/planAt.ts';
import { readFleet } from '../plan/readFleet.ts';

export type ChangedDecision = Awaited<ReturnType<typeof previewPolicy>>[number];

/** @param author who would set the policy: their approvals may not count then */
export async function previewPolicy(dependencies: Dependencies, policy: Policy, author?: string) {
  const now = dependencies.clock.now();
  const inForce = await readPolicy(dependencies.tables);
  const fleet = await readFleet(dependencies, now);
  const { problem: _problem, ...standing } = inForce;
  const after = decideFleet(fleet, { ...standing, policy, author }, now);
  return decideFleet(fleet, inForce, now).flatMap((decision, index) => {
    const other = after[index];
    if (!other || identityOf(other) === identityOf(decision)) return [];
    const { cluster, nodePool } = decision;
    return [{ cluster, nodePool, before: toSide(decision), after: toSide(other) }];
  });
}

function toSide({ verdict, reason, sentence, nextEligibleAt, also }: Decision) {
  return { verdict, reason, sentence, nextEligibleAt, also: also.map((other) => other.reason) };
}
