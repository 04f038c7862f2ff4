// Approvals of releases for rings: rows of the table Policy. Revoked ones stay as history.
import type { Temporal } from 'temporal-polyfill';
import { type Approval, readApproval } from '../domain/policy/approval.ts';
import type { Tables } from '../ports/tables.ts';
import { type Page, type PageRequest, pageOfList } from './rows/page.ts';
import { endStanding, insertStanding, listEnded, readRows, type StandingRows } from './rows/standingRows.ts';

const rows: StandingRows = { partition: 'approvals', ended: 'revoked|' };

export type RevokedApproval = Approval & { readonly revokedAt: string; readonly revokedBy: string };

/** The approvals that stand, oldest first. A row that is none approves nothing. */
export async function readApprovals(tables: Tables): Promise<readonly Approval[]> {
  const approvals: Approval[] = [];
  for await (const { value, hasEnded } of readRows(tables, rows)) {
    if (hasEnded) break;
    const approval = readApproval(value);
    if (approval) approvals.push(approval);
  }
  return approvals.sort((a, b) => (a.approvedAt < b.approvedAt ? -1 : 1));
}

/** The same, a page at a time. */
export async function listApprovals(tables: Tables, request: PageRequest): Promise<Page<Approval>> {
  return pageOfList(await readApprovals(tables), ({ approvedAt, id }) => `${approvedAt}|${id}`, request);
}

/** Those that were revoked, the last one first. */
export function listRevokedApprovals(tables: Tables, request: PageRequest): Promise<Page<RevokedApproval>> {
  return listEnded(tables, rows, request);
}

export async function insertApproval(tables: Tables, approval: Approval): Promise<void> {
  await insertStanding(tables, rows, approval);
}

/** Revokes an approval and keeps who did; undefined when none of that id stands, be it that somebody else has just revoked it. */
export function revokeApproval(
  tables: Tables,
  id: string,
  { at, by }: { readonly at: Temporal.Instant; readonly by: string },
): Promise<RevokedApproval | undefined> {
  return endStanding<Approval, Pick<RevokedApproval, 'revokedAt' | 'revokedBy'>>(tables, rows, id, at, {
    revokedAt: at.toString(),
    revokedBy: by,
  });
}
