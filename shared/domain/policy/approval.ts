// An approval of a release for a ring. Given over HTTP, read by the gate approvalNeeded.
import { z } from 'zod';
import { matchesImage } from '../image/imagePattern.ts';
import { parseNodeImageVersion } from '../image/nodeImageVersion.ts';
import { fields, toProblems } from '../text/fieldProblems.ts';
import type { Stored } from '../text/stored.ts';
import { trimmedText } from './fieldKinds.ts';
import { RingName } from './ring.ts';

const release = 'a release such as 202512.18.0, or a whole node image version';

const ApprovalFields = fields({
  ring: RingName,
  release: z
    .string({ error: release })
    .trim()
    .max(200, { error: release, abort: true })
    .refine((text) => !/[*?]/.test(text) && (parseNodeImageVersion(text) ?? parseNodeImageVersion(`any-${text}`)), {
      error: release,
    }),
  reason: trimmedText('why it is approved, in up to 500 characters', 500),
});
type ApprovalFields = z.infer<typeof ApprovalFields>;

const Making = z.looseObject({ id: z.string(), approvedAt: z.string(), approvedBy: z.string() });

export type Approval = ApprovalFields & Stored<typeof Making>;

export function parseApproval(document: unknown) {
  const parsed = ApprovalFields.safeParse(document);
  if (!parsed.success) return { ok: false, problems: toProblems(document, parsed.error) } as const;
  return { ok: true, approval: parsed.data } as const;
}

export function readApproval(stored: unknown): Approval | undefined {
  const making = Making.safeParse(stored);
  if (!making.success) return undefined;
  const { id, approvedAt, approvedBy, ...rest } = making.data;
  const approval = ApprovalFields.safeParse(rest);
  return approval.success ? { ...approval.data, id, approvedAt, approvedBy } : undefined;
}

export function approves(approval: Approval, ring: string, nodeImageVersion: string): boolean {
  // A release alone or a whole version, without * and ?, so that only equal ones match.
  const isOfImage = matchesImage(approval.release.replaceAll(':', '-'), nodeImageVersion);
  return isOfImage && approval.ring.toLowerCase() === ring.toLowerCase();
}
