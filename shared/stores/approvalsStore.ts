// Approvals of releases for rings: rows of the table Policy. Those that stand under `active`; revoked ones stay as history,
// newest first.
import type { Temporal } from 'temporal-polyfill';
import { type Approval, readApproval } from '../domain/approval.ts';
import type { Tables } from '../ports.ts';
import { descending } from './keys.ts';

const partition = 'approvals';
const activePrefix = 'active|';
const revokedPrefix = 'revoked|';
const activeRow = (id: string) => activePrefix + id;

export type RevokedApproval = Approval & { readonly revokedAt: string; readonly revokedBy: string };

/** The approvals that stand, oldest first. A row that is none approves nothing. */
export async function readApprovals(tables: Tables): Promise<readonly Approval[]> {
  const approvals: Approval[] = [];
  for await (const { value } of tables.query('Policy', partition, { from: activePrefix, to: revokedPrefix })) {
    const approval = readApproval(value);
    if (approval) approvals.push(approval);
  }
  return approvals.sort((a, b) => (a.approvedAt < b.approvedAt ? -1 : 1));
}

export async function listRevokedApprovals(tables: Tables, limit: number): Promise<readonly RevokedApproval[]> {
  const approvals: RevokedApproval[] = [];
  for await (const { value } of tables.query('Policy', partition, { from: revokedPrefix })) {
    approvals.push(value as RevokedApproval);
    if (approvals.length === limit) break;
  }
  return approvals;
}

export async function insertApproval(tables: Tables, approval: Approval): Promise<void> {
  await tables.write('Policy', partition, [{ kind: 'insert', rowKey: activeRow(approval.id), value: approval }]);
}

/** Revokes an approval and keeps who did; undefined when none of that id stands, be it that somebody else has just revoked it. */
export async function revokeApproval(
  tables: Tables,
  id: string,
  revoked: { readonly at: Temporal.Instant; readonly by: string },
): Promise<RevokedApproval | undefined> {
  const row = await tables.get('Policy', partition, activeRow(id));
  if (!row) return undefined;
  const value = { ...(row.value as Approval), revokedAt: revoked.at.toString(), revokedBy: revoked.by };
  const revokedRow = `${revokedPrefix}${descending(revoked.at.epochMilliseconds)}|${id}`;
  const written = await tables.write('Policy', partition, [
    { kind: 'delete', rowKey: activeRow(id), etag: row.etag },
    { kind: 'insert', rowKey: revokedRow, value },
  ]);
  return written === 'conflict' ? undefined : value;
}
