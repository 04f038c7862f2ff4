// The tags that a policy asks for: those alone are kept of a cluster. Called by the store of views, ringState, gates and the report.
import { type Cluster, tagOf } from '../cluster/cluster.ts';
import { onceFor } from '../text/onceFor.ts';
import type { Policy } from './policy.ts';

type Tagged = Pick<Cluster, 'tags' | 'keptTags' | 'tagsAreCut'>;

const tagsOfSelectors = onceFor(({ selectors = [], rings = [] }: Policy): readonly string[] => {
  const all = [...selectors, ...rings.flatMap((ring) => ring.selectors)];
  return all.flatMap(({ tags = {} }) => Object.keys(tags)).map((tag) => tag.toLowerCase());
});

/** The cluster with the tags that the policy names. Of one that comes from storage there are no more than those kept before. */
export function withNamedTags<T extends Tagged>(cluster: T, policy: Policy): T {
  if (cluster.keptTags) return cluster;
  const { teamTag } = policy.report ?? {};
  const named = new Set([...tagsOfSelectors(policy), ...(teamTag === undefined ? [] : [teamTag.toLowerCase()])]);
  const tags = Object.entries(cluster.tags).filter(([tag]) => named.has(tag.toLowerCase()));
  return { ...cluster, tags: Object.fromEntries(tags), keptTags: [...named].sort() };
}

/** A tag that a selector asks for, where nobody knows whether the cluster has it; in lower case. */
export function unknownTag(policy: Policy, cluster: Tagged): string | undefined {
  return tagsOfSelectors(policy).find((tag) => tagOf(cluster.tags, tag) === undefined && !isKnown(cluster, tag));
}

/** The team by the tag of the policy's report; undefined: it has none, or none is known. */
export function teamOf(cluster: Tagged, teamTag: string) {
  return { name: tagOf(cluster.tags, teamTag), isKnown: isKnown(cluster, teamTag.toLowerCase()) };
}

function isKnown({ keptTags, tagsAreCut }: Tagged, tag: string): boolean {
  return !tagsAreCut && (keptTags?.includes(tag) ?? true);
}
