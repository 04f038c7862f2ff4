// Turns what an observation adds into transactions on the cluster's ledger partition. Called by observeCluster.
import { chainEntries } from './chain.ts';
import type { ChainHead, Entry, Heads, PoolHead } from './ledger.ts';
import type { Observation, ObserveResult, PoolChange } from './observe.ts';

/** One transaction: entries and heads change together, and the chain head moves with every one. */
export type Append = {
  readonly chain: ChainHead;
  readonly entries: readonly Entry[];
  readonly heads: readonly PoolHead[];
  readonly removedHeads: readonly string[];
};

// A change is a head and at most two entries; a transaction takes 100 operations, the chain head being one.
const changesPerAppend = 30;

/**
 * The transactions that bring the ledger up to this observation, in order: at least one, which moves `observedAt`.
 * Each leaves the ledger right; after a crash between two, the next observation finds what the second would have said.
 * @param recordedAt ISO time of the append
 */
export function toAppends(
  heads: Heads,
  result: ObserveResult,
  observation: Observation,
  recordedAt: string,
): readonly Append[] {
  const batches: PoolChange[][] = [];
  for (let start = 0; start < Math.max(result.pools.length, 1); start += changesPerAppend) {
    batches.push(result.pools.slice(start, start + changesPerAppend));
  }
  const replaced = result.clusterEntries.length > 0;
  let chain = heads.chain;
  return batches.map((changes, index) => {
    const isLast = index === batches.length - 1;
    const gone = observation.cluster === undefined || (replaced && !isLast);
    const bodies = [...(index === 0 ? result.clusterEntries : []), ...changes.flatMap((change) => change.entries)];
    const entries = chainEntries(chain, bodies, recordedAt);
    const newest = entries.at(-1) ?? chain;
    const resourceUid = observation.cluster?.resourceUid ?? chain?.resourceUid;
    chain = {
      cluster: observation.cluster?.id ?? observation.clusterId,
      ...(resourceUid ? { resourceUid } : {}),
      sequence: newest?.sequence ?? 0,
      hash: newest?.hash ?? '',
      observedAt: observation.observedAt.toString(),
      ...(gone ? { gone } : {}),
    };
    return {
      chain,
      entries,
      heads: changes.flatMap((change) => headOf(change, heads, entries, recordedAt)),
      removedHeads: changes.filter((change) => !change.head).map((change) => change.nodePool),
    };
  });
}

function headOf(change: PoolChange, heads: Heads, entries: readonly Entry[], recordedAt: string): PoolHead[] {
  if (!change.head) return [];
  const before = heads.pools.find((head) => head.nodePool === change.nodePool);
  const newest = entries.findLast((entry) => entry.nodePool === change.nodePool);
  return [
    {
      ...change.head,
      sequence: newest?.sequence ?? before?.sequence ?? 0,
      recordedAt: newest ? recordedAt : (before?.recordedAt ?? recordedAt),
    },
  ];
}
