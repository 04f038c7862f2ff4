// Turns what an observation adds into transactions on the cluster's ledger partition. Called by recordObservation.
import type { Temporal } from 'temporal-polyfill';
import { ofPool } from '../cluster/cluster.ts';
import { type Append, batchesOf } from '../ledger/append.ts';
import { chainEntries, genesisHash } from '../ledger/chain.ts';
import type { ChainHead, Heads, PoolHead } from '../ledger/heads.ts';
import type { Entry, EntryBody } from '../ledger/ledger.ts';
import type { Observation, ObserveResult, PoolChange } from '../observe/observation.ts';

// A change is a head and at most two entries. Of a transaction's 100 operations two are the chain head and a last entry.
const changesPerAppend = 30;

type Step = {
  readonly changes: readonly PoolChange[];
  readonly last?: EntryBody | undefined;
  readonly resourceUid: string | undefined;
  readonly gone: boolean;
  /** What the chain goes on knowing of gaps; undefined where it begins, or the one before it has ended. */
  readonly coverage: ChainHead | undefined;
};

/** At least one, which moves the chain head. Each leaves the ledger right: after a crash between two, the next look finds the rest. */
export function toAppends(
  heads: Heads,
  result: ObserveResult,
  observation: Observation,
  recordedAt: Temporal.Instant,
): readonly Append[] {
  const steps = [...stepsToEnd(heads, result), ...stepsOf(heads, result, observation)];
  let chain = heads.chain;
  return steps.map(({ changes, last, resourceUid, gone, coverage }, index) => {
    const timedBy = observation.isTimedByArm ? ('arm' as const) : undefined;
    const all = [...changes.flatMap((change) => change.entries), ...(last ? [last] : [])];
    const bodies = all.map((body) => ({ ...body, timedBy }));
    const entries = chainEntries(chain, bodies, recordedAt);
    const newest = entries.at(-1) ?? chain;
    const isWhole = index === steps.length - 1 && showsAllImages(heads, observation);
    // Before a cluster was there, there was nothing to be seen of it.
    const gaps = {
      gapsTo: coverage ? coverage.gapsTo : observation.observedAt,
      unlistedSince: coverage?.unlistedSince,
    };
    chain = {
      cluster: observation.cluster?.id ?? observation.clusterId,
      resourceUid,
      sequence: newest?.sequence ?? 0,
      hash: newest?.hash ?? genesisHash,
      // What a read showed of a pool that is not in the ledger yet may be older than the read.
      observedAt: (isWhole ? undefined : heads.chain?.observedAt) ?? observation.observedAt,
      gone: gone || undefined,
      ...(gone ? {} : gaps),
    };
    return {
      chain,
      entries,
      heads: changes.flatMap((change) => headOf(change, heads, entries, recordedAt)),
      removedHeads: changes.filter(({ head }) => !head).map(({ nodePool }) => nodePool),
    };
  });
}

/** The cluster is gone, for the ledger, when the last of its heads is: a crash before finds it there, to end it again. */
function stepsToEnd({ chain }: Heads, { ended }: ObserveResult): readonly Step[] {
  const batches = ended ? batchesOf(ended.pools, changesPerAppend) : [];
  return batches.map((changes, index) => {
    const last = index === batches.length - 1 ? ended?.entry : undefined;
    return { changes, last, resourceUid: chain?.resourceUid, gone: last !== undefined, coverage: chain };
  });
}

function stepsOf({ chain }: Heads, { ended, pools }: ObserveResult, { cluster }: Observation): readonly Step[] {
  if (!cluster && ended) return [];
  const resourceUid = cluster?.resourceUid ?? chain?.resourceUid;
  const coverage = ended || chain?.gone ? undefined : chain;
  return batchesOf(pools, changesPerAppend).map((changes) => ({ changes, resourceUid, gone: !cluster, coverage }));
}

function showsAllImages(heads: Heads, { cluster }: Observation): boolean {
  if (cluster?.hasUnreadPools) return false;
  const withoutImage = cluster?.nodePools.filter((pool) => pool.nodeImageVersion === undefined) ?? [];
  return !withoutImage.some((pool) => ofPool(heads.pools, pool.name));
}

function headOf(change: PoolChange, heads: Heads, entries: readonly Entry[], recordedAt: Temporal.Instant): PoolHead[] {
  const { nodePool, head } = change;
  if (!head) return [];
  const before = heads.pools.find((one) => one.nodePool === nodePool);
  // An amendment says nothing new of where the pool stands, and what it amends is what the head goes on pointing at.
  const newest = entries.findLast((entry) => entry.nodePool === nodePool && entry.kind !== 'amendment');
  const { sequence } = newest ?? before ?? { sequence: 0 };
  return [{ ...head, sequence, recordedAt: newest ? recordedAt : (before?.recordedAt ?? recordedAt) }];
}
