// Approves a release for a ring. The policy may change meanwhile: the gate approvalNeeded looks at both afresh.
import { randomUUID } from 'node:crypto';
import { parseApproval } from '../../domain/policy/approval.ts';
import { unknownRing } from '../../domain/policy/ring.ts';
import { reachOfApproval } from '../../domain/rings/reach.ts';
import { isSamePerson } from '../../domain/text/personName.ts';
import { readPolicy } from '../../stores/policyStore.ts';
import { approvals } from '../../stores/standingStore.ts';
import type { Dependencies } from '../dependencies.ts';
import { judgeReach, noMatch } from './judgeReach.ts';

/**
 * One of a release that ARM certainly offers no pool of the ring is refused, as a hold that matches nothing is.
 * @param approver undefined where nobody may approve: then it says what is wrong with the document alone
 */
export async function approveRelease(
  dependencies: Dependencies,
  document: unknown,
  approver: string | undefined,
  allowNoMatch = false,
) {
  const { tables, clock, log } = dependencies;
  const parsed = parseApproval(document);
  const { policy, author } = await readPolicy(tables);
  const problems = [...(parsed.ok ? [] : parsed.problems), ...unknownRing(policy.rings, document)];
  if (!parsed.ok || problems.length > 0 || approver === undefined) return { kind: 'invalid', problems } as const;
  if (policy.approvals?.byOthers) {
    // Of a policy that was written by hand nobody knows the author.
    if (author === undefined) return { kind: 'authorUnknown' } as const;
    if (isSamePerson(author, approver)) return { kind: 'ownPolicy' } as const;
  }
  const approvedAt = clock.now().toString();
  const approval = { ...parsed.approval, id: randomUUID(), approvedAt, approvedBy: approver };
  const { matches, warning, unmatched } = await judgeReach(dependencies, (fleet) => reachOfApproval(approval, fleet));
  if (unmatched && !allowNoMatch) return { kind: 'noMatch', unmatched } as const;
  await approvals.insert(tables, approval);
  const { id, ring, release, reason } = approval;
  log.info(`Approval ${id} of ${release} for ring ${ring} given by ${approver}: ${reason}`);
  return { kind: 'approved', approval, matches, warning: unmatched ? noMatch : warning } as const;
}
