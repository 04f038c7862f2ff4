// What the row `current` puts in force, and whose it is: a write by the API puts the same into the row of its version, so where
// they differ somebody changed `current` by hand, and nobody knows who. Called by policyStore.ts.
import { isDeepStrictEqual } from 'node:util';
import type { Row, Tables } from '../../ports/tables.ts';
import { numberIn } from '../rows/keys.ts';
import { valueIfRead } from '../rows/readRow.ts';
import { currentRow, type PolicyVersion, partition, versionPrefix, versionRow, versionRows } from './policyRows.ts';

/** `isKept`: its version has a row already. */
export type CurrentPolicy = { readonly stored: PolicyVersion; readonly etag: string; readonly isKept: boolean };

/** One that was changed by hand is a version of its own, without an author, whatever stands in its row. */
export async function inForce(tables: Tables, row: Row): Promise<CurrentPolicy> {
  const given = valueIfRead(versionRows, row);
  const [witness, last] = await Promise.all([
    given && tables.get('Policy', partition, versionRow(given.version)),
    lastVersion(tables),
  ]);
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
export async function lastVersion(tables: Tables): Promise<PolicyVersion | undefined> {
  for await (const row of tables.query('Policy', partition, { from: versionPrefix, pageSize: 1 })) {
    const version = numberIn(row.rowKey.slice(versionPrefix.length)) || 0;
    return { policy: undefined, ...valueIfRead(versionRows, row), version };
  }
  return undefined;
}
