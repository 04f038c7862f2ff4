// The weekly digest: the heads of all chains, kept outside of the ledger to check chains by. Called by writeDigest, readDigests.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { isObject } from '../text/anyValue.ts';
import { jsonIn } from '../text/jsonIn.ts';
import type { Break } from './chain.ts';
import type { ChainHead } from './heads.ts';

const Hash = z.string().regex(/^[0-9a-f]{64}$/);

const DigestHead = z.object({
  cluster: z.string(),
  resourceUid: z.string().optional(),
  sequence: z.int().min(0),
  hash: Hash,
  observedAt: z.string(),
  gone: z.boolean().optional(),
});

/** A document a week. It names the one before it, so that the digests are a chain themselves. */
const Digest = z.object({
  kind: z.literal('digest'),
  week: z.string(),
  at: z.string(),
  /** `sha256`: over the bytes of the document. Absent in the first digest. */
  previous: z.object({ name: z.string(), sha256: Hash }).optional(),
  clusters: z.array(DigestHead),
});
export type Digest = z.infer<typeof Digest>;

export type DigestedHead = { readonly digest: string; readonly sequence: number; readonly hash: string };

/** `2026-W47.json`: names sort by time. */
export const digestName = (week: string) => `${week}.json`;

export const isDigestName = (name: string) => /^\d{4}-W\d{2}\.json$/.test(name);

export const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');

/** A digest as it is kept: JSON, a cluster a line. @param heads one a cluster */
export function digestText(
  { week, at, previous }: Pick<Digest, 'week' | 'at' | 'previous'>,
  heads: readonly ChainHead[],
): string {
  const lines = heads.map(({ cluster, resourceUid, sequence, hash, observedAt, gone }) =>
    JSON.stringify({ cluster, resourceUid, sequence, hash, observedAt, gone }),
  );
  const rest = JSON.stringify({ kind: 'digest', week, at, previous }).slice(0, -1);
  return `${rest},"clusters":[\n${lines.join(',\n')}\n]}\n`;
}

export function readDigest(text: string): Digest | undefined {
  return Digest.safeParse(jsonIn(text)).data;
}

/** The first entry that can't be what it was when a digest named it. @param entries a whole chain as stored, oldest first */
export function firstUndigested(entries: readonly unknown[], heads: readonly DigestedHead[]): Break | undefined {
  let agreed = 0;
  for (const { digest, sequence, hash } of heads.toSorted((a, b) => a.sequence - b.sequence)) {
    if (sequence === 0) continue;
    const entry = entries[sequence - 1];
    const since = agreed > 0 ? `; up to entry ${agreed} nothing was` : '';
    if (!entry) {
      const problem = `is missing: the digest ${digest} names ${sequence} entries`;
      return { sequence: Math.min(entries.length + 1, sequence), problem };
    }
    if (!isObject(entry) || entry['hash'] !== hash) {
      const problem = `is not the one that the digest ${digest} names: it, or one before it, was changed${since}`;
      return { sequence, problem };
    }
    agreed = sequence;
  }
  return undefined;
}
