// Approves a release for a ring. The policy may change meanwhile: the gate approvalNeeded looks at both afresh.
import { randomUUID } from 'node:crypto';
import { parseApproval } from '../../domain/policy/approval.ts';
import { ringProblem } from '../../domain/policy/ring.ts';
import { isSamePerson } from '../../domain/text/personName.ts';
import { readPolicy } from '../../stores/policyStore.ts';
import { approvals } from '../../stores/standingStore.ts';
import type { Dependencies } from '../dependencies.ts';

export async function approveRelease({ tables, clock, log }: Dependencies, document: unknown, approver: string) {
  const parsed = parseApproval(document);
  if (!parsed.ok) return { kind: 'invalid', problems: parsed.problems } as const;
  const { policy, author } = await readPolicy(tables);
  const unknownRing = ringProblem(policy.rings, parsed.approval.ring);
  if (unknownRing) return { kind: 'invalid', problems: [unknownRing] } as const;
  if (policy.approvals?.byOthers) {
    // Of a policy that was written by hand nobody knows the author.
    if (author === undefined) return { kind: 'authorUnknown' } as const;
    if (isSamePerson(author, approver)) return { kind: 'ownPolicy' } as const;
  }
  const approvedAt = clock.now().toString();
  const approval = { ...parsed.approval, id: randomUUID(), approvedAt, approvedBy: approver };
  await approvals.insert(tables, approval);
  const { id, ring, release, reason } = approval;
  log.info(`Approval ${id} of ${release} for ring ${ring} given by ${approver}: ${reason}`);
  return { kind: 'approved', approval } as const;
}
