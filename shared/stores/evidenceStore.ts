// Evidence of who changed a cluster: a partition a cluster, newest first, kept for 90 days.
import { createHash } from 'node:crypto';
import type { Temporal } from 'temporal-polyfill';
import { type ClusterKey, clusterKey } from '../domain/cluster/clusterId.ts';
import { ChangeEvidence, type OperationEvidence } from '../domain/observe/changeEvidence.ts';
import type { Tables } from '../ports/tables.ts';
import { descending } from './rows/keys.ts';
import { deleteRows, listRows, listValues } from './rows/listRows.ts';
import { writeInBatches } from './rows/writeInBatches.ts';

const evidenceRows = { table: 'Evidence', schema: ChangeEvidence } as const;

/** The same event delivered again is the same row. */
export async function keepEvidence(tables: Tables, evidence: ChangeEvidence): Promise<void> {
  const change = { kind: 'upsert', rowKey: rowKeyOf(evidence), value: evidence } as const;
  await tables.write('Evidence', clusterKey(evidence.cluster), [change]);
}

/** Evidence that the Activity Log has judged, or tells itself. It stands beside what events said, and counts in its place. */
export async function keepLogged(tables: Tables, key: ClusterKey, some: readonly OperationEvidence[]): Promise<void> {
  const changes = some.map((evidence) => ({ kind: 'upsert', rowKey: rowKeyOf(evidence), value: evidence }) as const);
  await writeInBatches(tables, 'Evidence', key, changes);
}

/** An event that is sent again changes nothing of what the log said of it: that has a key that no event can have. */
function rowKeyOf(evidence: ChangeEvidence): string {
  const { kind, id, at } = evidence;
  const identity = JSON.stringify(isJudged(evidence) ? ['activityLog', kind, id] : [kind, id]);
  const digest = createHash('sha256').update(identity).digest('hex');
  return `${descending(at.epochMilliseconds)}|${digest}`;
}

/** Newest first. What can't be read is none. */
export async function readEvidence(tables: Tables, key: ClusterKey): Promise<readonly ChangeEvidence[]> {
  const evidence = await listValues(tables, evidenceRows, key);
  const judged = new Set(evidence.filter(isJudged).map(({ id }) => id));
  return evidence.filter((one) => one.kind === 'scheduled' || isJudged(one) || !judged.has(one.id));
}

function isJudged(evidence: ChangeEvidence): boolean {
  return evidence.kind === 'operation' && (evidence.logged !== undefined || evidence.isUnlogged === true);
}

export async function deleteEvidenceBefore(tables: Tables, key: ClusterKey, oldest: Temporal.Instant): Promise<void> {
  const from = descending(oldest.epochMilliseconds - 1);
  await deleteRows(tables, 'Evidence', key, await listRows(tables, 'Evidence', key, { from }));
}
