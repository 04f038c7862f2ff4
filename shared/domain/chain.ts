// The hash chain of a cluster's ledger: numbers and links entries. Called when entries are about to be appended.
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { ChainHead, Entry, EntryBody } from './ledger.ts';

/** The `previousHash` of a cluster's first entry. */
export const genesisHash = '0'.repeat(64);

/**
 * Numbers `bodies` after the head and links each to the one before.
 * @param recordedAt ISO time of the append, the same for all of them
 */
export function chainEntries(
  head: Pick<ChainHead, 'sequence' | 'hash'> | undefined,
  bodies: readonly EntryBody[],
  recordedAt: string,
): readonly Entry[] {
  let sequence = head?.sequence ?? 0;
  let previousHash = head?.hash ?? genesisHash;
  return bodies.map((body) => {
    sequence += 1;
    const unhashed = { ...body, sequence, recordedAt, previousHash };
    const hash = hashEntry(unhashed);
    previousHash = hash;
    return { ...unhashed, hash };
  });
}

/** SHA-256, in lower-case hex, over the RFC 8785 canonical JSON of an entry without its `hash`. */
export function hashEntry(entry: Omit<Entry, 'hash'>): string {
  const text = canonicalize(entry);
  if (text === undefined) throw new Error('A ledger entry has no JSON form.');
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/**
 * The first entry that breaks the chain, or undefined. `entries`: a cluster's, oldest first, from the first on.
 * @param head where the chain must end; without it a chain whose newest entries are missing looks whole
 */
export function firstBrokenEntry(
  entries: Iterable<Entry>,
  head?: Pick<ChainHead, 'sequence' | 'hash'>,
): { sequence: number; problem: string } | undefined {
  let sequence = 0;
  let previousHash = genesisHash;
  for (const entry of entries) {
    sequence += 1;
    if (entry.sequence !== sequence) return { sequence, problem: `entry ${sequence} is missing` };
    if (entry.previousHash !== previousHash) return { sequence, problem: 'does not link to the entry before it' };
    const { hash, ...unhashed } = entry;
    if (hashEntry(unhashed) !== hash) return { sequence, problem: 'its content does not match its hash' };
    previousHash = hash;
  }
  if (!head || (head.sequence === sequence && head.hash === previousHash)) return undefined;
  const broken = head.sequence === sequence ? sequence : Math.min(sequence, head.sequence) + 1;
  return { sequence: broken, problem: `the entries end at ${sequence}, not in the chain's head, ${head.sequence}` };
}
