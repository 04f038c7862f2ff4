// The policy: the row `current` is in force, and every version has a row of its own, the newest first. A write by the API puts
// the same into both: where they differ, somebody changed `current` by hand, and nobody knows who.
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { failuresOf } from '../domain/policy/hold.ts';
import { noPolicy, type PolicyInForce, parsePolicy } from '../domain/policy/policy.ts';
import { describeProblems } from '../domain/text/fieldProblems.ts';
import type { Stored } from '../domain/text/stored.ts';
import type { Row, RowChange, Tables } from '../ports/tables.ts';
import { readCountedFailures } from './countedFailures.ts';
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
  policy: z.unknown(),
  /** Who, when (ISO) and why; not known of one that was written into the table, or changed there, by hand. */
  author: z.string().optional(),
  at: z.string().optional(),
  reason: z.string().optional(),
  commit: z.string().optional(),
  changedOutsideApi: z.literal(true).optional(),
});
export type PolicyVersion = Stored<typeof PolicyVersion>;

const versionRows = { table: 'Policy', schema: PolicyVersion } as const;

const noJson = `The policy can't be read, so nothing is started: row "${currentRow}" of partition "${partition}" in the table Policy holds no JSON; put a policy in force by PUT /api/policy`;

/** `isKept`: its version has a row already. */
export type CurrentPolicy = { readonly stored: PolicyVersion; readonly etag: string; readonly isKept: boolean };

/** With its holds and approvals. One that can't be read, or with a hold that can't, is not obeyed in part: then nothing starts. */
export async function readPolicy(tables: Tables): Promise<PolicyInForce> {
  // The policy last: what was approved or held under it stands by then.
  const { standing, unreadable, values } = await holds.readAll(tables);
  const approved = (await approvals.readAll(tables)).standing;
  const countedFailures = [...values.flatMap(failuresOf), ...(await readCountedFailures(tables))];
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
  const { stored } = await inForce(tables, row);
  const parsed = parsePolicy(stored.policy);
  if (parsed.ok) return { policy: parsed.policy, author: stored.author };
  const problems = describeProblems(parsed.problems, 'the policy');
  return { policy: noPolicy.policy, problem: `The stored policy is not valid, so nothing is started: ${problems}` };
}

export async function readCurrentPolicy(tables: Tables): Promise<CurrentPolicy | undefined> {
  const row = await tables.get('Policy', partition, currentRow);
  return row && inForce(tables, row);
}

/** One that was changed by hand is a version of its own, without an author, whatever stands in its row. */
async function inForce(tables: Tables, row: Row): Promise<CurrentPolicy> {
  const given = valueIfRead(versionRows, row);
  const witness = given && (await tables.get('Policy', partition, versionRow(given.version)));
  const last = await lastVersion(tables);
  const isAsKept = given !== undefined && isDeepStrictEqual(witness?.value, row.value);
  // An older version that stands here was put back by hand.
  if (isAsKept && last?.version === given.version) return { stored: given, etag: row.etag, isKept: true };
  const now = await tables.get('Policy', partition, currentRow);
  // Another was put in force between these reads.
  if (now && now.etag !== row.etag) return inForce(tables, now);
  const policy = given ? given.policy : (row.value ?? null);
  const isKept = last?.changedOutsideApi === true && isDeepStrictEqual(last.policy, policy);
  // What stands in the row may be a number of anybody's, or the last trace of versions whose rows were deleted.
  const claimed = given && given.version > 0 && given.version < 1e9 ? given.version : 0;
  const version = isKept ? last.version : Math.max(last?.version ?? 0, claimed) + 1;
  return { stored: { version, policy, changedOutsideApi: true }, etag: row.etag, isKept };
}

/** Of a row that can't be read the number stays. */
async function lastVersion(tables: Tables): Promise<PolicyVersion | undefined> {
  for await (const row of tables.query('Policy', partition, { from: versionPrefix, pageSize: 1 })) {
    const version = numberIn(row.rowKey.slice(versionPrefix.length)) || 0;
    return { policy: undefined, ...valueIfRead(versionRows, row), version };
  }
  return undefined;
}

/** A number that no version has. */
export async function nextVersion(tables: Tables, current: CurrentPolicy | undefined): Promise<number> {
  return Math.max((await lastVersion(tables))?.version ?? 0, current?.stored.version ?? 0) + 1;
}

/** Keeps what somebody put in force by hand as a version. Undefined where nobody did, or it is kept already. */
export async function keepHandMadePolicy(tables: Tables): Promise<PolicyVersion | undefined> {
  const current = await readCurrentPolicy(tables);
  const keep = handMade(current);
  return current && keep.length > 0 && (await tables.write('Policy', partition, keep)) === 'written'
    ? current.stored
    : undefined;
}

/** Versions that were replaced, and the one in force; newest first. One that was made by hand comes with the next pass. */
export function listPolicyVersions(tables: Tables, request: PageRequest): Promise<Page<PolicyVersion>> {
  return pageOfRows(tables, versionRows, partition, versionPrefix, request);
}

export async function getPolicyVersion(tables: Tables, version: number): Promise<PolicyVersion | undefined> {
  const row = await tables.get('Policy', partition, versionRow(version));
  if (row) return valueIfRead(versionRows, row);
  const current = await readCurrentPolicy(tables);
  return current?.stored.version === version ? current.stored : undefined;
}

/** One that fills its row alone is too large to be kept beside its number: it must not keep the next from being set. */
function handMade(current: CurrentPolicy | undefined): readonly RowChange[] {
  if (!current || current.isKept || JSON.stringify(current.stored).length > longestPolicy) return [];
  return [{ kind: 'insert', rowKey: versionRow(current.stored.version), value: current.stored }];
}

/** In one transaction; false when something else is in force by now. @param before undefined: nothing may be in force */
export async function replacePolicy(tables: Tables, before: CurrentPolicy | undefined, next: PolicyVersion) {
  const written = await tables.write('Policy', partition, [
    insertOrReplace(currentRow, next, before?.etag),
    { kind: 'insert', rowKey: versionRow(next.version), value: next },
    ...handMade(before),
  ]);
  return written !== 'conflict';
}

/** As if by hand, without a version, for the local run and tests. @throws with every problem when it is no policy */
export async function writePolicy(tables: Tables, document: unknown): Promise<void> {
  const parsed = parsePolicy(document);
  if (!parsed.ok) throw new Error(`The policy is not valid: ${describeProblems(parsed.problems, 'the policy')}`);
  await tables.write('Policy', partition, [{ kind: 'upsert', rowKey: currentRow, value: parsed.policy }]);
}
