// Holds and approvals in force that match no pool. Called by lintPolicy.
import type { Temporal } from 'temporal-polyfill';
import type { Approval } from '../policy/approval.ts';
import type { Hold } from '../policy/hold.ts';
import { hasRing } from '../policy/ring.ts';
import { spanOfHold } from '../rings/excuses.ts';
import { type Fleet, type Reach, reachOfApproval, reachOfHold } from '../rings/reach.ts';
import { describeProblems } from '../text/fieldProblems.ts';
import type { PolicyWarning } from './policyWarning.ts';

/** Says nothing of those that may mean what is not known, and of rings that are gone, which have warnings of their own. */
export function lintReach(fleet: Fleet): readonly PolicyWarning[] {
  const { holds = [], approvals = [], policy } = fleet.policy;
  return [
    ...holds.filter((hold) => !isOver(hold, fleet.now)).flatMap((hold) => lintHold(hold, fleet)),
    ...approvals
      .filter(({ ring }) => hasRing(policy.rings, ring))
      .flatMap((approval) => lintApproval(approval, reachOfApproval(approval, fleet))),
  ];
}

function isOver(hold: Hold, now: Temporal.Instant): boolean {
  const { until } = spanOfHold(hold);
  return until !== undefined && until.epochMilliseconds <= now.epochMilliseconds;
}

function lintHold(hold: Hold, fleet: Fleet): readonly PolicyWarning[] {
  const isOnNone = hold.scope === 'ring' && !hasRing(fleet.policy.policy.rings, hold.ring);
  const why = hold.scope === 'fleet' || isOnNone ? undefined : whyNone(reachOfHold(hold, fleet));
  if (why === undefined) return [];
  const message = `The hold on scope ${hold.scope} that ${hold.owner} has since ${hold.createdAt} (${hold.reason}) matches no pool: ${why}. Lift it (DELETE /api/holds/${hold.id}), unless it is to precede what it is for; if something else is meant, hold that.`;
  return [{ code: 'holdMatchesNothing', hold: hold.id, message }];
}

function lintApproval({ id, ring, release, approvedBy }: Approval, reach: Reach): readonly PolicyWarning[] {
  const why = whyNone(reach);
  if (why === undefined) return [];
  const message = `The approval of ${release} for ring ${ring} by ${approvedBy} matches no pool: ${why}. Revoke it (DELETE /api/approvals/${id}), unless it is to precede the release.`;
  return [{ code: 'approvalMatchesNothing', approval: id, message }];
}

function whyNone({ pools, unknown, sense, unmatched }: Reach): string | undefined {
  if (pools.length > 0 || unknown !== undefined) return undefined;
  return sense ?? (unmatched && describeProblems([unmatched], 'it'));
}
