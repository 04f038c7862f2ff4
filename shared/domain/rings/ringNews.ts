// News of a cluster, noted before it is appended: until a pass has counted it, no start goes by how the rings did before (ADR 19).
import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { type Cluster, poolOf } from '../cluster/cluster.ts';
import { type ClusterKey, clusterKey } from '../cluster/clusterId.ts';
import type { Append } from '../ledger/append.ts';
import { isRoll } from '../ledger/historyRow.ts';
import type { Entry } from '../ledger/ledger.ts';
import type { Policy } from '../policy/policy.ts';
import { unknownTag } from '../policy/policyTags.ts';
import { ringOf } from '../policy/ring.ts';
import { Instant, type Stored } from '../text/stored.ts';

/** Something is about to be appended to a cluster's ledger that may speak against a start elsewhere. */
export const RingNews = z.looseObject({
  cluster: z.string(),
  /** Of the last entry of it: a count that knows the ledger up to there has it in. */
  sequence: z.int().min(0),
  at: Instant,
  /** Of the pools that it is about; absent: nobody knows. */
  rings: z.array(z.string()).optional(),
});
export type RingNews = Stored<typeof RingNews>;

/** No invocation lives so long: what was not appended by then never will be. */
const maxNewsMinutes = 15;

/** The news that an append brings; undefined where it can't speak against a start elsewhere. @param cluster as ARM shows it */
export function newsIn(
  appends: readonly Append[],
  cluster: Cluster | undefined,
  policy: Policy,
  now: Temporal.Instant,
): RingNews | undefined {
  const entries = appends.flatMap((one) => one.entries.filter((entry) => isAdverse(entry, one)));
  const [first] = entries;
  if (!first) return undefined;
  const sequence = Math.max(...entries.map((entry) => entry.sequence));
  return { cluster: first.cluster, sequence, at: now, rings: ringsOf(entries, cluster, policy) };
}

/** All but a roll that went well and forward. A gap says that heads were rebuilt, where it comes with some: their soak is lost. */
export function isAdverse(entry: Entry, { heads }: Append): boolean {
  if (isRoll(entry)) return entry.outcome !== 'succeeded' || !['forward', undefined].includes(entry.direction);
  if (entry.kind === 'gap') return heads.length > 0;
  if (entry.kind === 'amendment') return entry.outcome !== undefined && entry.outcome !== 'succeeded';
  return true;
}

function ringsOf(entries: readonly Entry[], cluster: Cluster | undefined, policy: Policy): string[] | undefined {
  const { rings = [] } = policy;
  if (!cluster || cluster.unread !== undefined || unknownTag(policy, cluster) !== undefined) return undefined;
  const names = entries.map(({ nodePool }) => {
    const pool = poolOf(cluster, nodePool ?? '');
    return pool && rings[ringOf(rings, cluster, pool) ?? -1]?.name;
  });
  // Of a pool that is gone nobody can tell any more.
  const isKnown = entries.every(({ kind, nodePool }) => kind !== 'gone' && kind !== 'gap' && nodePool !== undefined);
  return isKnown ? [...new Set(names.filter((name) => name !== undefined))] : undefined;
}

/** Whether a count has the news in, by how far it knew the cluster's ledger. */
export function isCounted(
  { cluster, sequence, at }: RingNews,
  known: ReadonlyMap<ClusterKey, number>,
  now: Temporal.Instant,
) {
  const isLost = Math.abs(at.until(now).total('minutes')) > maxNewsMinutes;
  return isLost || (known.get(clusterKey(cluster)) ?? -1) >= sequence;
}
