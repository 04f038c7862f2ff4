// Judges the weekly digests against the ledger. Called by judgeLedger.ts.
import { keyOf } from '../../record/keyOf.ts';
import type { RunRecord, Wrong } from '../../record/record.ts';
import type { Ledger } from '../../record/stored.ts';
import { sha256 } from '../own/chain.ts';

/** What a weekly digest names was so, and is for ever; and each names the one before it. */
export function judgeDigests(record: RunRecord, clusterKey: string, { entries }: Ledger, wrong: Wrong): void {
  const slack = record.largestSkew + 60_000;
  for (const [index, text] of record.digests.entries()) {
    const digest = JSON.parse(text) as {
      readonly week: string;
      readonly at: string;
      readonly previous?: { readonly sha256: string };
      readonly clusters: readonly { readonly cluster: string; readonly sequence: number; readonly hash: string }[];
    };
    const before = record.digests[index - 1];
    const hashBefore = before === undefined ? undefined : sha256(before);
    if (digest.previous?.sha256 !== hashBefore) wrong('digests', `${digest.week} does not name the one before it`);
    const named = digest.clusters.find(({ cluster }) => keyOf(cluster) === clusterKey);
    const hash = named && entries.find(({ sequence }) => sequence === named.sequence)?.hash;
    if (named && hash !== named.hash) wrong('digests', `${digest.week} names entry ${named.sequence} as ${named.hash}`);
    // A cluster is known when its first entry is projected, which a crash can put off.
    const isKnown = entries[0] && Date.parse(entries[0].recordedAt) < Date.parse(digest.at) - 86_400_000;
    const isUnread = record.harms.some(
      ({ kind, clusterKey: key, from, to = Number.POSITIVE_INFINITY }) =>
        kind === 'chainHead' &&
        key === clusterKey &&
        from <= Date.parse(digest.at) + slack &&
        to >= Date.parse(digest.at) - slack,
    );
    if (!named && isKnown && !isUnread) wrong('digests', `${digest.week} does not name it`);
  }
}
