// Judges the holds that the failure limit sets: in time, on what failed, and once. Called by checker.ts.
import type { Invocation, RunRecord, Violation } from '../../record/record.ts';
import { type PolicyRead, readPolicyRow, selectsCluster } from '../own/judgePolicy.ts';
import { clusterStates, membersOf } from './ringMembers.ts';

/** The last attempt on a pool, as the ledger has it: it failed, and nobody rolled the pool since. */
type Failure = { readonly clusterKey: string; readonly nodePool: string; readonly id: string; readonly to: string };

export function judgeFailureLimit(record: RunRecord): readonly Violation[] {
  return [...record.invocations.flatMap((pass) => judgePass(record, pass)), ...judgeSetOnce(record)];
}

/** Ids of the attempts for which the keeper ever set a hold, up to a time. */
function countedBy({ policyRows }: RunRecord, at: number): ReadonlySet<string> {
  const rows = policyRows.filter((row) => row.at <= at && row.partition === 'holds');
  return new Set(rows.flatMap(({ value }) => failuresOf(value)));
}

function failuresOf(value: unknown): readonly string[] {
  return (value as { readonly failures?: readonly string[] } | null | undefined)?.failures ?? [];
}

/** A complete pass leaves no limit reached without its hold. */
function judgePass(record: RunRecord, pass: Invocation): readonly Violation[] {
  const { name, outcome, startedAt, endedAt = startedAt, faults } = pass;
  const policy = readPolicyRow(pass.policy?.value);
  const limit = policy?.failureLimit;
  const isComplete =
    name === 'planUpgrades' && outcome === 'done' && !faults.some((fault) => /tableConflict|arm/i.test(fault));
  if (!policy || !limit || !isComplete) return [];
  const failures = standingFailures(record, startedAt - record.largestSkew - 1000, endedAt + record.largestSkew + 1000);
  if (failures.length < limit.pools) return [];
  const counted = countedBy(record, endedAt);
  const scopes = Map.groupBy(
    failures.filter(({ id }) => !counted.has(id)),
    (failure) => scopeOf(record, policy, failure, startedAt, endedAt),
  );
  return [...scopes].flatMap(([scope, failed]) =>
    scope === undefined || failed.length < limit.pools
      ? []
      : [
          {
            check: 'failure limit',
            what: `the pass of ${new Date(startedAt).toISOString()} set no hold for ${failed.length} failures in ${scope}: ${failed.map(({ id }) => id).join()}`,
          },
        ],
  );
}

/** The ring, or the release, that a failure counts for; undefined: nobody can tell, or it counts for none. */
function scopeOf(
  record: RunRecord,
  policy: PolicyRead,
  failure: Failure,
  from: number,
  to: number,
): string | undefined {
  const { clusterKey, nodePool } = failure;
  const since = { from: from - 11 * 60_000, to };
  const isSelected = clusterStates(record, clusterKey, since).every(({ tags }) =>
    selectsCluster(policy, { clusterKey, tags }),
  );
  const stands = record.truth.pools.some(
    (pool) =>
      pool.clusterKey === clusterKey &&
      pool.name.toLowerCase() === nodePool &&
      pool.from <= since.from &&
      (pool.until ?? Number.POSITIVE_INFINITY) > to,
  );
  if (!isSelected || !stands) return undefined;
  if (policy.failureLimit?.hold === 'release') return `release ${failure.to.slice(failure.to.lastIndexOf('-') + 1)}`;
  const ring = (policy.rings ?? []).find((_, index) =>
    membersOf(record, policy, index, since).surely.some(
      (pool) => pool.clusterKey === clusterKey && pool.name.toLowerCase() === nodePool,
    ),
  );
  return ring && `ring ${ring.name}`;
}

/** Failures that stood in the ledger all the time between. */
function standingFailures({ ledgers, claims }: RunRecord, from: number, to: number): readonly Failure[] {
  const found: Failure[] = [];
  for (const [clusterKey, { entries }] of ledgers) {
    const last = new Map<string, Failure | undefined>();
    for (const entry of entries) {
      const recordedAt = Date.parse(entry.recordedAt);
      if (recordedAt > to) break;
      const nodePool = entry.nodePool?.toLowerCase();
      if (nodePool === undefined) last.clear();
      else if ('attempt' in entry && entry.attempt !== undefined && entry.outcome === 'failed' && recordedAt <= from) {
        const id = entry.attempt;
        // The pool may have stayed what it was; what it was to become stood in Starts.
        const claim = claims.find(({ kind, attempt }) => kind === 'inserted' && attempt === id);
        const { to = entry.to } = (claim?.value ?? {}) as { readonly to?: string };
        last.set(nodePool, { clusterKey, nodePool, id, to });
      } else last.delete(nodePool);
    }
    found.push(...[...last.values()].filter((failure) => failure !== undefined));
  }
  return found;
}

/** No failure makes two holds, be the first lifted; and what made one was a failed attempt. */
function judgeSetOnce({ policyRows, ledgers, harms }: RunRecord): readonly Violation[] {
  const set = new Map<string, string>();
  const failed = new Set<string>();
  for (const { entries } of ledgers.values()) {
    for (const entry of entries) {
      // That nodes stayed behind may have been learnt later.
      const roll = entry.kind === 'amendment' ? entries.find(({ sequence }) => sequence === entry.amends) : entry;
      const isFailure = 'outcome' in entry && /failed|partial/.test(entry.outcome ?? '');
      if (isFailure && roll && 'attempt' in roll && roll.attempt !== undefined) failed.add(roll.attempt);
    }
  }
  return policyRows.flatMap(({ partition, rowKey, value, at }) => {
    if (partition !== 'holds' || !rowKey.startsWith('active|') || value === undefined) return [];
    // Put back by those who damaged it.
    if (harms.some((harm) => harm.rowKey === rowKey && harm.to === at)) return [];
    const when = `the hold ${rowKey} of ${new Date(at).toISOString()}`;
    return failuresOf(value).flatMap((id) => {
      const before = set.get(id);
      set.set(id, when);
      const again =
        before === undefined ? [] : [{ check: 'failure limit', what: `${when} is for ${id}, as was ${before}` }];
      return failed.has(id)
        ? again
        : [...again, { check: 'failure limit', what: `${when} is for ${id}, which did not fail` }];
    });
  });
}
