// The policy: what the keeper may do, and to which clusters. Read by the planner; without one nothing is started.
import { z } from 'zod';
import { type Cluster, parseClusterId } from './cluster.ts';
import { globMatches } from './glob.ts';

/** Selects clusters: every field given must match. Names compare case-insensitively and take `*` and `?`. */
const Selector = z
  .strictObject({
    subscription: z.string().min(1).optional(),
    resourceGroup: z.string().min(1).optional(),
    cluster: z.string().min(1).optional(),
    tags: z.record(z.string(), z.string()).optional(),
  })
  .refine(({ tags = {}, ...names }) => Object.keys({ ...names, ...tags }).length > 0, {
    message: 'names nothing: give subscription, resourceGroup, cluster or tags, or leave selectors out to select all',
  });

/** The policy document. `selectors` absent: the whole fleet; given: clusters that one of them matches. */
export const Policy = z.strictObject({
  mode: z.enum(['observe', 'enforce']),
  selectors: z.array(Selector).optional(),
});
export type Policy = z.infer<typeof Policy>;

export type Problem = { readonly path: string; readonly message: string };

/** The policy that the planner goes by; `problem`: why it is not the stored one. */
export type PolicyInForce = { readonly policy: Policy; readonly problem?: string };

/** Where no policy was set: everything is recorded and explained, nothing is started. */
export const noPolicy: PolicyInForce = {
  policy: { mode: 'observe' },
  problem: 'No policy is set, so the keeper records and starts nothing.',
};

/** A policy, or every problem of the document with its path. */
export function parsePolicy(
  document: unknown,
): { readonly ok: true; readonly policy: Policy } | { readonly ok: false; readonly problems: readonly Problem[] } {
  const parsed = Policy.safeParse(document);
  if (parsed.success) return { ok: true, policy: parsed.data };
  return {
    ok: false,
    problems: parsed.error.issues.map((issue) => ({
      path: issue.path.join('.') || '(policy)',
      message: issue.message,
    })),
  };
}

/** True when the policy covers this cluster. */
export function selects(policy: Policy, cluster: Cluster): boolean {
  if (!policy.selectors) return true;
  const name = parseClusterId(cluster.id);
  if (!name) return false;
  return policy.selectors.some(
    (selector) =>
      matches(selector.subscription, name.subscription) &&
      matches(selector.resourceGroup, name.resourceGroup) &&
      matches(selector.cluster, name.cluster) &&
      Object.entries(selector.tags ?? {}).every(([tag, value]) => tagValue(cluster, tag) === value),
  );
}

function matches(pattern: string | undefined, name: string): boolean {
  return pattern === undefined || globMatches(pattern, name);
}

// Azure compares tag names case-insensitively and tag values exactly.
function tagValue(cluster: Cluster, tag: string): string | undefined {
  return Object.entries(cluster.tags).find(([name]) => name.toLowerCase() === tag.toLowerCase())?.[1];
}
