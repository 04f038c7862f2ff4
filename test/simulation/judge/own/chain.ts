// The checker's own reading of a ledger's chain: numbers, links and hashes, entry by entry. Called by judgeLedger.ts.
import { createHash } from 'node:crypto';
import type { Ledger } from '../../record/stored.ts';
import { canonical } from './canonical.ts';

const beforeTheFirst = '0'.repeat(64);

/** What is wrong with the chain, in words; undefined: nothing. */
export function brokenChain({ entries, chain }: Ledger): string | undefined {
  let previous = beforeTheFirst;
  for (const [index, { hash, ...hashed }] of entries.entries()) {
    const where = `entry ${index + 1}`;
    if (hashed.sequence !== index + 1) return `${where}: it has the number ${hashed.sequence}`;
    if (hashed.previousHash !== previous) return `${where}: it links to ${hashed.previousHash}, not to ${previous}`;
    if (sha256(canonical(hashed)) !== hash) return `${where}: its hash is ${hash}`;
    previous = hash;
  }
  if (entries.length === 0) return chain && `the head names entry ${chain.sequence} of none`;
  const isHead = chain?.sequence === entries.length && chain.hash === previous;
  return isHead ? undefined : `the head names entry ${chain?.sequence} of ${entries.length}, ${chain?.hash}`;
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
