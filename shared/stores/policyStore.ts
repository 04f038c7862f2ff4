// The policy: the row `current` is in force, and every version has a row of its own, the newest first.
import { failuresOf } from '../domain/policy/hold.ts';
import { noPolicy, type PolicyInForce, parsePolicy } from '../domain/policy/policy.ts';
import { describeProblems } from '../domain/text/fieldProblems.ts';
import type { RowChange, Tables } from '../ports/tables.ts';
import { readCountedFailures } from './policy/countedFailures.ts';
import { type CurrentPolicy, inForce, lastVersion } from './policy/policyInForce.ts';
import {
  currentRow,
  type PolicyVersion,
  partition,
  versionPrefix,
  versionRow,
  versionRows,
} from './policy/policyRows.ts';
import { type Page, type PageRequest, pageOfRows } from './rows/page.ts';
import { valueIfRead } from './rows/readRow.ts';
import { insertOrReplace } from './rows/replaceRow.ts';
import { approvals, holds } from './standingStore.ts';

/** The most characters of JSON that a row takes: ADR 0006. */
export const longestPolicy = 32 * 1024;

const noJson = `The policy can't be read, so nothing is started: row "${currentRow}" of partition "${partition}" in the table Policy holds no JSON; put a policy in force by PUT /api/policy`;

/** With its holds and approvals. One that can't be read, or with a hold that can't, is not obeyed in part: then nothing starts. */
export async function readPolicy(tables: Tables): Promise<PolicyInForce> {
  const [{ standing, unreadable, values }, approved] = await Promise.all([
    holds.readAll(tables),
    approvals.readAll(tables),
  ]);
  // The policy last: what was approved or held under it stands by then. So does a hold that is being lifted, or its failures.
  const [policy, ofLifted] = await Promise.all([readStored(tables), readCountedFailures(tables)]);
  const problem =
    unreadable.length > 0
      ? `The table Policy holds rows that are no holds (partition holds: ${unreadable.join(', ')}), so nothing is started; delete them or correct them`
      : undefined;
  return {
    ...policy,
    problem: policy.problem ?? problem,
    holds: standing,
    approvals: approved.standing,
    countedFailures: [...values.flatMap(failuresOf), ...ofLifted],
  };
}

async function readStored(tables: Tables): Promise<PolicyInForce> {
  const row = await tables.get('Policy', partition, currentRow);
  if (!row) return noPolicy;
  if (row.value === undefined) return { policy: noPolicy.policy, problem: noJson };
  const { stored } = await inForce(tables, row);
  const parsed = parsePolicy(stored.policy);
  if (parsed.ok) return { policy: parsed.policy, author: stored.author, version: stored.version };
  const found = describeProblems(parsed.problems, 'the policy');
  return { policy: noPolicy.policy, problem: `The stored policy is not valid, so nothing is started: ${found}` };
}

export async function readCurrentPolicy(tables: Tables): Promise<CurrentPolicy | undefined> {
  const row = await tables.get('Policy', partition, currentRow);
  return row && inForce(tables, row);
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
