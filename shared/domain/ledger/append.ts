// One transaction on a cluster's ledger partition. Made by observe, amend and gaps, written by the ledger's store.
import type { ChainHead, Entry, PoolHead } from './ledger.ts';

/** One transaction: entries and heads change together, and the chain head moves with every one. */
export type Append = {
  readonly chain: ChainHead;
  readonly entries: readonly Entry[];
  readonly heads: readonly PoolHead[];
  readonly removedHeads: readonly string[];
};
