// The hash chain of a cluster's ledger: numbers and links entries. Called when entries are about to be appended.
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Temporal } from 'temporal-polyfill';
import { type ClusterKey, clusterKey, parseClusterId } from '../cluster/clusterId.ts';
import { type Fields, isObject, show } from '../text/anyValue.ts';
import type { ChainHead } from './heads.ts';
import type { Entry, EntryBody } from './ledger.ts';

export const genesisHash = '0'.repeat(64);

/** Numbers `bodies` after the head and links each to the one before. */
export function chainEntries(
  head: Pick<ChainHead, 'sequence' | 'hash'> | undefined,
  bodies: readonly EntryBody[],
  recordedAt: Temporal.Instant,
): readonly Entry[] {
  let sequence = head?.sequence ?? 0;
  let previousHash = head?.hash ?? genesisHash;
  return bodies.map((body) => {
    sequence += 1;
    const unhashed = { ...body, sequence, recordedAt: recordedAt.toString(), previousHash };
    const hash = hashEntry(unhashed);
    previousHash = hash;
    return { ...unhashed, hash };
  });
}

/** SHA-256, in lower-case hex, over the RFC 8785 canonical JSON of an entry, as it is stored, without its `hash`. */
export function hashEntry(entry: object): string {
  const text = canonicalize(entry);
  if (text === undefined) throw new Error('A ledger entry has no JSON form.');
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** Where a ledger is not what was written, and what is wrong there: the rest of a sentence about the entry. */
export type Break = { readonly sequence: number; readonly problem: string };

/** @param entries oldest first, whatever somebody put there @param head without it a chain that lacks its newest entries looks whole */
export function firstBrokenEntry(entries: Iterable<unknown>, head?: Fields): Break | undefined {
  let sequence = 0;
  let previousHash: unknown = genesisHash;
  for (const one of entries) {
    sequence += 1;
    const entry = isObject(one) ? one : {};
    const found = entry['sequence'];
    if (found !== sequence) {
      const isMissing = typeof found === 'number' && found > sequence;
      return { sequence, problem: isMissing ? 'is missing' : `is missing: in its place stands ${show(found)}` };
    }
    if (entry['previousHash'] !== previousHash) return { sequence, problem: 'does not link to the entry before it' };
    if (!isHashed(entry)) return { sequence, problem: 'does not match its hash' };
    previousHash = entry['hash'];
  }
  if (!head || (head['sequence'] === sequence && head['hash'] === previousHash)) return undefined;
  if (head['sequence'] === sequence) return { sequence, problem: "is not the one that the chain's head names" };
  const last = Number.isInteger(head['sequence']) ? Number(head['sequence']) : 0;
  if (last > sequence) return { sequence: sequence + 1, problem: `is missing: the chain's head is entry ${last}` };
  return { sequence: last + 1, problem: `is not in the chain, whose head is entry ${last}` };
}

/** The same for all that a cluster's ledger holds: every entry is the cluster's own, and the chain has a head. */
export function firstBreak(key: ClusterKey, entries: readonly unknown[], head: Fields | undefined): Break | undefined {
  const broken = firstBrokenEntry(entries, head);
  const foreign = entries.findIndex((entry) => isObject(entry) && !isOfCluster(entry, key)) + 1;
  if (foreign > 0 && foreign <= (broken?.sequence ?? foreign)) {
    return { sequence: foreign, problem: 'is an entry of another cluster' };
  }
  if (broken) return broken;
  if (head ? isOfCluster(head, key) : entries.length === 0) return undefined;
  const what = head ? "another cluster's" : 'missing';
  return { sequence: entries.length, problem: `is the last one, and the chain's head is ${what}` };
}

function isOfCluster({ cluster }: { readonly cluster?: unknown }, key: ClusterKey): boolean {
  return typeof cluster === 'string' && parseClusterId(cluster) !== undefined && clusterKey(cluster) === key;
}

function isHashed({ hash, ...unhashed }: Fields): boolean {
  try {
    return hashEntry(unhashed) === hash;
  } catch {
    return false;
  }
}
