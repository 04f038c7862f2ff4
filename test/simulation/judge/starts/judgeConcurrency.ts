// Judges how many attempts are in flight in a ring: never more than its limit by the policy that each starter had read.
// Called by checker.ts.
import type { Claim, RunRecord, Violation } from '../../record/record.ts';
import { readPolicyRow } from '../own/judgePolicy.ts';
import { membersOf } from './ringMembers.ts';

/** A pass comes at least once in this time, so that the keeper knows the tags by which pools are in rings. */
const oldestView = 13 * 3_600_000;

export function judgeConcurrency(record: RunRecord): readonly Violation[] {
  const open = new Map<string, Claim>();
  return record.claims.flatMap((claim) => {
    if (claim.kind === 'verdict') return [];
    if (claim.kind === 'removed') open.delete(claim.clusterKey);
    if (claim.kind !== 'inserted') return [];
    const problem = overLimit(record, claim, [...open.values()]);
    open.set(claim.clusterKey, claim);
    return problem ? [{ check: 'concurrency', what: problem }] : [];
  });
}

/** In words, when a ring has more attempts in flight than it may with this one. */
function overLimit(record: RunRecord, claim: Claim, others: readonly Claim[]): string | undefined {
  const policy = readPolicyRow(claim.policy);
  const rings = policy?.rings ?? [];
  if (!policy || rings.every(({ concurrency }) => concurrency === undefined)) return undefined;
  const since = { from: claim.at - oldestView, to: claim.at };
  for (const [index, { name, concurrency }] of rings.entries()) {
    if (concurrency === undefined) continue;
    const { surely } = membersOf(record, policy, index, since);
    const isIn = ({ clusterKey, value }: Claim) =>
      surely.some((pool) => pool.clusterKey === clusterKey && pool.name.toLowerCase() === poolOf(value));
    const inRing = others.filter(isIn).length;
    if (isIn(claim) && inRing + 1 > concurrency) {
      return `attempt ${claim.attempt} of ${new Date(claim.at).toISOString()} on ${claim.clusterKey} makes ${inRing + 1} in ring ${name}, which takes ${concurrency}`;
    }
  }
  return undefined;
}

function poolOf(value: unknown): string {
  return (value as { readonly nodePool: string }).nodePool.toLowerCase();
}
