// The failure limit: too many failed pools make the keeper set a hold, which somebody must lift. Called by fleetState.
import type { Temporal } from 'temporal-polyfill';
import type { z } from 'zod';
import { poolLabel } from '../cluster/clusterId.ts';
import { parseNodeImageVersion } from '../image/nodeImageVersion.ts';
import type { PoolHead } from '../ledger/heads.ts';
import { fields } from '../text/fieldProblems.ts';
import { oneOf, wholeNumber } from './fieldKinds.ts';
import type { Hold } from './hold.ts';

export const FailureLimit = fields({
  pools: wholeNumber('pools', 1, 100).describe('So many pools whose last attempt failed set a hold.'),
  hold: oneOf('ring', 'release').describe(
    'ring: failures in a ring hold the ring. release: failures at a release hold the release everywhere.',
  ),
});
export type FailureLimit = z.infer<typeof FailureLimit>;

export type JudgedPool = {
  readonly cluster: string;
  readonly head: PoolHead | undefined;
  readonly ring: string | undefined;
  /** Its outcome can't be read, so it counts as failed beside one that is known to: in its ring, or anywhere. */
  readonly unknown?: 'here' | 'anywhere' | undefined;
};

const keeper = 'aks-node-image-keeper';

export function holdsDue(
  limit: FailureLimit | undefined,
  fleet: readonly JudgedPool[],
  counted: ReadonlySet<string>,
  now: Temporal.Instant,
): readonly Hold[] {
  if (!limit) return [];
  const failures = fleet.flatMap(({ cluster, head, ring }) => {
    const last = head?.lastAttempt;
    const hasFailed = last && last.failures > 0 && (last.outcome === 'failed' || last.outcome === 'partial');
    if (!hasFailed || counted.has(last.id)) return [];
    const scope = limit.hold === 'ring' ? ring : parseNodeImageVersion(last.to)?.release;
    const name = poolLabel(cluster, head.nodePool);
    return scope === undefined ? [] : [{ scope, id: last.id, name, to: last.to }];
  });
  return [...Map.groupBy(failures, ({ scope }) => scope)].flatMap(([scope, failed]) => {
    const unknown = fleet.filter(
      (pool) => pool.unknown === 'anywhere' || (pool.unknown && (limit.hold === 'release' || pool.ring === scope)),
    ).length;
    if (failed.length + unknown < limit.pools) return [];
    const ids = failed.map(({ id }) => id).toSorted();
    const what = failed.map(({ name, to }) => `${name} at ${to}`).join(', ');
    const unread = unknown > 0 ? `${unknown} that can't be read count as failed, and ` : '';
    const common = {
      // Two instances that find the same failures set one hold.
      id: `failures-${ids[0]}`,
      owner: keeper,
      reason: `The failure limit of ${limit.pools} is reached: ${unread}${what}`.slice(0, 500),
      createdAt: now.toString(),
      createdBy: keeper,
      failures: ids,
    };
    const held =
      limit.hold === 'ring' ? ({ scope: 'ring', ring: scope } as const) : { scope: limit.hold, release: scope };
    return [{ ...common, ...held }];
  });
}
