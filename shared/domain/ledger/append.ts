// One transaction on a cluster's ledger partition. Decided by observe, amend and gaps, written by appendToLedger.
import type { Temporal } from 'temporal-polyfill';
import { chainEntries } from './chain.ts';
import type { ChainHead, Heads, PoolHead } from './heads.ts';
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

/** Changes that one transaction can't hold, in order: at least one batch, which moves the chain head. */
export function batchesOf<T>(changes: readonly T[], perAppend: number): readonly (readonly T[])[] {
  const batches = Math.max(1, Math.ceil(changes.length / perAppend));
  return Array.from({ length: batches }, (_, index) => changes.slice(index * perAppend, (index + 1) * perAppend));
}

/** Where the ledger stands once they are written. */
export function headsAfter({ chain, pools }: Heads, appends: readonly Append[]): Heads {
  const after = new Map(pools.map((head) => [head.nodePool.toLowerCase(), head]));
  for (const { heads, removedHeads } of appends) {
    for (const name of removedHeads) after.delete(name.toLowerCase());
    for (const head of heads) after.set(head.nodePool.toLowerCase(), head);
  }
  return { chain: appends.at(-1)?.chain ?? chain, pools: [...after.values()] };
}
