// Approves a release for a ring. The policy may change meanwhile: the gate approvalNeeded looks at both afresh.
import { randomUUID } from 'node:crypto';
import { type Approval, isSamePerson, parseApproval } from '../../domain/policy/approval.ts';
import { ringProblem } from '../../domain/policy/ring.ts';
import type { Problem } from '../../domain/text/fieldProblems.ts';
import { readPolicy } from '../../stores/policyStore.ts';
import { approvals } from '../../stores/standingStore.ts';
import type { Dependencies } from '../dependencies.ts';

export type ApproveResult =
  | { readonly kind: 'approved'; readonly approval: Approval }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] }
  /** The policy asks for an approver who is not its last author: this one is, or nobody knows who that was. */
  | { readonly kind: 'ownPolicy' | 'authorUnknown' };

export async function approveRelease(
  { tables, clock, log }: Dependencies,
  document: unknown,
  approver: string,
): Promise<ApproveResult> {
  const parsed = parseApproval(document);
  if (!parsed.ok) return { kind: 'invalid', problems: parsed.problems };
  const { policy, author } = await readPolicy(tables);
  const unknownRing = ringProblem(policy.rings, parsed.approval.ring);
  if (unknownRing) return { kind: 'invalid', problems: [unknownRing] };
  if (policy.approvals?.byOthers) {
    if (author === undefined) return { kind: 'authorUnknown' };
    if (isSamePerson(author, approver)) return { kind: 'ownPolicy' };
  }
  const approvedAt = clock.now().toString();
  const approval = { ...parsed.approval, id: randomUUID(), approvedAt, approvedBy: approver };
  await approvals.insert(tables, approval);
  const { id, ring, release, reason } = approval;
  log.info(`Approval ${id} of ${release} for ring ${ring} given by ${approver}: ${reason}`);
  return { kind: 'approved', approval };
}
