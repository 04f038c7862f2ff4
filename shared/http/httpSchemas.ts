// The HTTP operations' queries, and what a list answers.
import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Attempt } from '../domain/attempt/attempt.ts';
import { expectedEnd } from '../domain/attempt/progress.ts';
import { clusterKey, parseClusterId, samePool } from '../domain/cluster/cluster.ts';
import { imageSupport } from '../domain/image/imageSupport.ts';
import { knownAge, parseNodeImageVersion } from '../domain/image/nodeImageVersion.ts';
import type { Page } from '../stores/rows/page.ts';
import type { PoolView } from '../stores/views/poolView.ts';

export const instant = (text: string) =>
  z.iso
    .datetime({
      offset: true,
      error: (issue) =>
        `is "${String(issue.input)}"; give ${text} in ISO 8601, for example 2026-11-21T00:00:00Z (in a URL the + of an offset is %2B)`,
    })
    .transform((value) => new Date(value).toISOString());

export const Name = z.string().min(1, { error: 'is empty; give a name, or leave it out' });

/** A name, a pattern with `*` and `?`, or an ARM id. */
export const ClusterFilter = Name.refine((text) => !text.startsWith('/') || parseClusterId(text) !== undefined, {
  error: (issue) =>
    `is "${String(issue.input)}"; give a name, a pattern like shop-*, or the ARM id of a managed cluster`,
});

/** Where a page ended, as the key that the next one begins at; opaque to clients, who follow `nextLink`. */
export const Cursor = z.string().transform((text, context) => {
  try {
    return z.object({ key: z.string().min(1) }).parse(JSON.parse(Buffer.from(text, 'base64url').toString())).key;
  } catch {
    context.addIssue({ code: 'custom', message: 'is not one that this API gave; follow nextLink as it is' });
    return z.NEVER;
  }
});

/** The request's own URL with the cursor of the next page, without the caller's key: answers are kept and shared. */
export function withCursor(url: string, key: string): string {
  const link = new URL(url);
  link.searchParams.delete('code');
  link.searchParams.set('cursor', Buffer.from(JSON.stringify({ key })).toString('base64url'));
  return link.toString();
}

export const Limit = z
  .string()
  .refine((text) => /^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= 1000, {
    error: (issue) => `is "${String(issue.input)}"; give a whole number from 1 to 1000, and follow nextLink for more`,
  })
  .transform(Number);

/** Filters of the lists of pools. */
export const PoolQuery = z.strictObject({ cluster: ClusterFilter.optional(), nodePool: Name.optional() });
export type PoolQuery = z.infer<typeof PoolQuery>;

/** `at`: a moment from now on; without it the plan is what the last pass decided. */
export const PlanQuery = PoolQuery.extend({ at: instant('the moment to plan for').optional() });

export const DecisionsQuery = z.strictObject({ limit: Limit.default(100), cursor: Cursor.optional() });

/** The parameters of a request; a function key in the URL is the host's, not ours. */
export function parametersOf(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...query].filter(([name]) => name !== 'code' && name !== 'clientId'));
}

/** A page of a list as it is answered. `url`: the request's. */
export function toList<T>(
  url: string,
  { values, next }: Page<T>,
): { readonly value: readonly T[]; readonly nextLink?: string } {
  return { value: values, ...(next === undefined ? {} : { nextLink: withCursor(url, next) }) };
}

/** A row of `GET /api/nodepools`. */
export function toNodePoolRow(
  { cluster, nodePool, decision }: PoolView,
  now: Temporal.Instant,
  attempts: readonly Attempt[] = [],
) {
  const version = parseNodeImageVersion(nodePool.nodeImageVersion ?? '');
  const attempt = attempts.find(
    (one) => clusterKey(one.cluster) === clusterKey(cluster.id) && samePool(one.nodePool, nodePool.name),
  );
  return {
    cluster: cluster.id,
    nodePool: nodePool.name,
    location: cluster.location,
    current: nodePool.nodeImageVersion,
    latest: decision.latest,
    releaseDate: version?.releaseDate,
    ageDays: version && knownAge(version, now),
    support: version && imageSupport(version, now),
    osType: nodePool.osType,
    osSku: nodePool.osSku,
    mode: nodePool.mode,
    kubernetesVersion: nodePool.kubernetesVersion,
    // Of a pool that could not be read nobody knows.
    count: cluster.unread === undefined ? nodePool.count : undefined,
    autoscaler: nodePool.autoscaler,
    maxSurge: nodePool.maxSurge,
    nodeOsUpgradeChannel: cluster.nodeOsUpgradeChannel,
    provisioningState: nodePool.provisioningState,
    powerState: nodePool.powerState,
    upgrade: attempt && toUpgrade(attempt),
    decision,
  };
}

export type NodePoolRow = ReturnType<typeof toNodePoolRow>;

/** The keeper's upgrade that is under way. `nodes`: as last counted, once they were. */
function toUpgrade(attempt: Attempt) {
  const { id, from, to, state, acceptedAt, intendedAt, estimateMinutes, stuckAt, progress } = attempt;
  const startedAt = acceptedAt ?? intendedAt;
  return {
    id,
    from,
    to,
    state,
    startedAt,
    estimateMinutes,
    expectedEnd: expectedEnd(attempt),
    stuckAt,
    nodes: progress,
  };
}
