// Selectors: which clusters, and in rings which pools, a policy means. Part of the policy.
import { z } from 'zod';
import { type Cluster, type NodePool, tagOf } from '../cluster/cluster.ts';
import { parseClusterId } from '../cluster/clusterId.ts';
import { fields } from '../text/fieldProblems.ts';
import { globMatches } from '../text/glob.ts';

const allowed = 'a name, with * and ? for any characters';
const pattern = z.string({ error: allowed }).min(1, { error: allowed });

const clusterFields = {
  subscription: pattern.optional(),
  resourceGroup: pattern.optional(),
  cluster: pattern.optional(),
  tags: z
    .record(z.string(), z.string({ error: "the tag's value as text" }), { error: 'an object of tags and their values' })
    .optional(),
};

export const Selector = fields(clusterFields)
  .refine(namesSomething, { error: 'one that names something; leave selectors out to select all clusters' })
  .describe('Selects the clusters that match every field given; names take * and ?.');
export type Selector = z.infer<typeof Selector>;

export const PoolSelector = fields({ ...clusterFields, nodePool: pattern.optional() })
  .refine(namesSomething, { error: 'one that names something; cluster: "*" names every cluster' })
  .describe('Selects the pools that match every field given; names take * and ?.');
export type PoolSelector = z.infer<typeof PoolSelector>;

function namesSomething({ tags = {}, ...names }: { readonly tags?: object | undefined }): boolean {
  return Object.keys({ ...names, ...tags }).length > 0;
}

/** A cluster whose id can't be read matches no selector. */
export function selectorMatches(selector: Selector, cluster: Cluster): boolean {
  if (!hasTags(cluster, selector.tags)) return false;
  const name = parseClusterId(cluster.id);
  return (
    name !== undefined &&
    matches(selector.subscription, name.subscription) &&
    matches(selector.resourceGroup, name.resourceGroup) &&
    matches(selector.cluster, name.cluster)
  );
}

function hasTags({ tags }: Cluster, wanted: Selector['tags']): boolean {
  return wanted === undefined || Object.keys(wanted).every((tag) => tagOf(tags, tag) === wanted[tag]);
}

export function poolSelectorMatches(selector: PoolSelector, cluster: Cluster, pool: NodePool): boolean {
  return selectorMatches(selector, cluster) && matches(selector.nodePool, pool.name);
}

function matches(wanted: string | undefined, name: string): boolean {
  return wanted === undefined || globMatches(wanted, name);
}
