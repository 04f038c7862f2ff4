// The policy: the row `current` is in force, and every version has a row of its own, the newest first.
import { z } from 'zod';
import { failuresOf } from '../domain/policy/hold.ts';
import { noPolicy, type PolicyInForce, parsePolicy } from '../domain/policy/policy.ts';
import { describeProblems } from '../domain/text/fieldProblems.ts';
import type { Stored } from '../domain/text/stored.ts';
import type { Tables } from '../ports/tables.ts';
import { descending, numberIn } from './rows/keys.ts';
import { type Page, type PageRequest, pageOfRows } from './rows/page.ts';
import { valueIfRead } from './rows/readRow.ts';
import { insertOrReplace } from './rows/replaceRow.ts';
import { approvals, holds } from './standingStore.ts';

const partition = 'policy';
const currentRow = 'current';
const versionPrefix = 'version|';
const versionRow = (version: number) => versionPrefix + descending(version);

/** The most characters of JSON that a row takes: ADR 0006. */
export const longestPolicy = 32 * 1024;

const PolicyVersion = z.looseObject({
  version: z.int(),
  /** As it was given; one that was written into the table by hand may not be valid. */
  policy: z.unknown(),
  /** Who, when (ISO) and why; not known of one that was written into the table by hand. */
  author: z.string().optional(),
  at: z.string().optional(),
  reason: z.string().optional(),
  commit: z.string().optional(),
});
export type PolicyVersion = Stored<typeof PolicyVersion>;

const versionRows = { table: 'Policy', schema: PolicyVersion } as const;

const noJson = `The policy can't be read, so nothing is started: row "${currentRow}" of partition "${partition}" in the table Policy holds no JSON; put a policy in force by PUT /api/policy`;

export type CurrentPolicy = { readonly stored: PolicyVersion; readonly etag: string; readonly byHand: boolean };

/** With its holds and approvals. One that can't be read, or with a hold that can't, is not obeyed in part: then nothing starts. */
export async function readPolicy(tables: Tables): Promise<PolicyInForce> {
  // The policy last: what was approved or held under it stands by then.
  const { standing, unreadable, values } = await holds.readAll(tables);
  const approved = (await approvals.readAll(tables)).standing;
  const countedFailures = values.flatMap(failuresOf);
  const stored = { ...(await readStored(tables)), holds: standing, approvals: approved, countedFailures };
  if (unreadable.length === 0) return stored;
  const rows = unreadable.join(', ');
  const problem = `The table Policy holds rows that are no holds (partition holds: ${rows}), so nothing is started; delete them or correct them`;
  return { ...stored, problem: stored.problem ?? problem };
}

async function readStored(tables: Tables): Promise<PolicyInForce> {
  const row = await tables.get('Policy', partition, currentRow);
  if (!row) return noPolicy;
  if (row.value === undefined) return { policy: noPolicy.policy, problem: noJson };
  const version = valueIfRead(versionRows, row);
  const parsed = parsePolicy(version ? version.policy : row.value);
  if (parsed.ok) return { policy: parsed.policy, author: version?.author };
  const problems = describeProblems(parsed.problems, 'the policy');
  return { policy: noPolicy.policy, problem: `The stored policy is not valid, so nothing is started: ${problems}` };
}

export async function readCurrentPolicy(tables: Tables): Promise<CurrentPolicy | undefined> {
  const row = await tables.get('Policy', partition, currentRow);
  if (!row) return undefined;
  const stored = valueIfRead(versionRows, row);
  if (stored) return { stored, etag: row.etag, byHand: false };
  const version = await nextVersion(tables, undefined);
  return { stored: { version, policy: row.value ?? null }, etag: row.etag, byHand: true };
}

/** A number that no version has, whatever was deleted or put back by hand. */
export async function nextVersion(tables: Tables, current: CurrentPolicy | undefined): Promise<number> {
  const known = current?.stored.version ?? 0;
  for await (const { rowKey } of tables.query('Policy', partition, { from: versionPrefix, pageSize: 1 })) {
    return Math.max(numberIn(rowKey.slice(versionPrefix.length)) || 0, known) + 1;
  }
  return known + 1;
}

/** Versions that were replaced, and the one in force unless it was written by hand; newest first. */
export function listPolicyVersions(tables: Tables, request: PageRequest): Promise<Page<PolicyVersion>> {
  return pageOfRows(tables, versionRows, partition, versionPrefix, request);
}

export async function getPolicyVersion(tables: Tables, version: number): Promise<PolicyVersion | undefined> {
  const row = await tables.get('Policy', partition, versionRow(version));
  if (row) return valueIfRead(versionRows, row);
  const current = await readCurrentPolicy(tables);
  return current?.stored.version === version ? current.stored : undefined;
}

/** In one transaction; false when something else is in force by now. @param before undefined: nothing may be in force */
export async function replacePolicy(tables: Tables, before: CurrentPolicy | undefined, next: PolicyVersion) {
  const keep = (stored: PolicyVersion) => insertOrReplace(versionRow(stored.version), stored, undefined);
  const written = await tables.write('Policy', partition, [
    insertOrReplace(currentRow, next, before?.etag),
    keep(next),
    ...(before?.byHand ? [keep(before.stored)] : []),
  ]);
  return written !== 'conflict';
}

/** As if by hand, without a version, for the local run and tests. @throws with every problem when it is no policy */
export async function writePolicy(tables: Tables, document: unknown): Promise<void> {
  const parsed = parsePolicy(document);
  if (!parsed.ok) throw new Error(`The policy is not valid: ${describeProblems(parsed.problems, 'the policy')}`);
  await tables.write('Policy', partition, [{ kind: 'upsert', rowKey: currentRow, value: parsed.policy }]);
}
