// One transaction on a cluster's ledger partition. Decided by observe, amend and gaps, written by appendToLedger.
import type { Temporal } from 'temporal-polyfill';
import { chainEntries } from './chain.ts';
import type { ChainHead, PoolHead } from './heads.ts';
import type { Entry, EntryBody } from './ledger.ts';

/** Entries and heads change together, and the chain head moves with every one. */
export type Append = {
  readonly chain: ChainHead;
  readonly entries: readonly Entry[];
  readonly heads: readonly PoolHead[];
  readonly removedHeads: readonly string[];
};

export function toAppend(chain: ChainHead, bodies: readonly EntryBody[], recordedAt: Temporal.Instant): Append {
  const entries = chainEntries(chain, bodies, recordedAt);
  const { sequence, hash } = entries.at(-1) ?? chain;
  return { chain: { ...chain, sequence, hash }, entries, heads: [], removedHeads: [] };
}
