// What the weekly digests say the chains were. Called by checkRecord before it reads the ledger, which then holds all of it.
import { type ClusterKey, clusterKey } from '../../domain/cluster/clusterId.ts';
import { type Digest, type DigestedHead, isDigestName, readDigest, sha256 } from '../../domain/ledger/digest.ts';
import { messageOf } from '../../domain/text/messageOf.ts';
import type { Dependencies } from '../dependencies.ts';
import { inParallel } from '../inParallel.ts';

export type DigestReport = {
  readonly whole: boolean | 'unknown';
  readonly compared: number;
  readonly oldest?: string | undefined;
  readonly newest?: { readonly name: string; readonly at: string; readonly sha256: string } | undefined;
  /** Of the digests themselves: what is wrong with a chain stands at its cluster. */
  readonly problems?: readonly string[] | undefined;
};

/** What is kept of a digest once it is read: its heads go into the map, so that memory does not grow with the weeks. */
type Link = { readonly name: string; readonly sha256: string; readonly digest?: Pick<Digest, 'at' | 'previous'> };

export async function readDigests({ digests }: Pick<Dependencies, 'digests'>, isAsked: (cluster: string) => boolean) {
  const heads = new Map<ClusterKey, Map<string, DigestedHead>>();
  const unreadable: string[] = [];

  async function read(name: string): Promise<Link | undefined> {
    const text = await digests.read(name);
    const digest = text === undefined ? undefined : readDigest(text);
    if (!digest) unreadable.push(`${name} is ${text === undefined ? 'no longer there' : 'no digest'}.`);
    if (text === undefined) return undefined;
    if (!digest) return { name, sha256: sha256(text) };
    for (const { cluster, sequence, hash } of digest.clusters.filter((head) => isAsked(head.cluster))) {
      const known = heads.get(clusterKey(cluster)) ?? new Map<string, DigestedHead>();
      heads.set(clusterKey(cluster), known);
      const key = `${sequence} ${hash}`;
      const before = known.get(key);
      // Of those that name the same head, the oldest.
      if (!before || name < before.digest) known.set(key, { digest: name, sequence, hash });
    }
    return { name, sha256: sha256(text), digest: { at: digest.at, previous: digest.previous } };
  }

  try {
    const names = (await digests.list()).filter(isDigestName);
    const links = await inParallel(names, 4, read);
    return { heads, report: reportOf(names, links, unreadable) };
  } catch (error) {
    const report: DigestReport = { whole: 'unknown', compared: 0, problems: [messageOf(error)] };
    return { heads: new Map<ClusterKey, Map<string, DigestedHead>>(), report };
  }
}

function reportOf(
  names: readonly string[],
  links: readonly (Link | undefined)[],
  unreadable: readonly string[],
): DigestReport {
  const compared = links.flatMap((link) => (link?.digest ? [{ ...link, at: link.digest.at }] : []));
  const broken = firstUnlinked(links);
  const newest = compared.at(-1);
  const nothing = names.length === 0 ? ['There is no digest yet: the weekly check writes one.'] : [];
  const problems = [...(broken ? [broken] : []), ...unreadable, ...nothing];
  return {
    whole: broken ? false : problems.length > 0 ? 'unknown' : true,
    compared: compared.length,
    oldest: compared[0]?.name,
    newest: newest && { name: newest.name, at: newest.at, sha256: newest.sha256 },
    problems: problems.length > 0 ? problems : undefined,
  };
}

// Digests before the oldest may have been removed when their time was over; one that is missing between two was deleted.
function firstUnlinked(links: readonly (Link | undefined)[]): string | undefined {
  for (const [index, link] of links.entries()) {
    if (index === 0 || !link?.digest) continue;
    const before = links[index - 1];
    const { previous } = link.digest;
    if (!previous) return `${link.name} names no digest before it, and there is one.`;
    if (before && previous.name !== before.name) return `${link.name} follows ${previous.name}, which is missing.`;
    if (before && previous.sha256 !== before.sha256) return `${before.name} is not what ${link.name} says it was.`;
  }
  return undefined;
}
