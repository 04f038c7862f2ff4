// Whether a ring has run a release long enough, by the heads of its pools alone: judged afresh right before every request.
import { Temporal } from 'temporal-polyfill';
import { isTerminal, type NodePool } from '../cluster/cluster.ts';
import { poolLabel } from '../cluster/clusterId.ts';
import { compareReleases, type NodeImageVersion, parseNodeImageVersion } from '../image/nodeImageVersion.ts';
import type { PoolHead } from '../ledger/heads.ts';
import { isNewerRelease } from '../ledger/stepBack.ts';
import { type Ring, soakHoursOf } from '../policy/ring.ts';
import { isBefore } from '../text/stored.ts';

export type RingHealth =
  /** `passedOver`: the ring went on to newer releases before any pool had run this one long enough. */
  | { readonly kind: 'soaked' | 'passedOver' | 'lacksFamily' }
  /** Of a release that was offered after a pass had counted. */
  | { readonly kind: 'uncounted' }
  /** All is well so far; `more`: pools beside those that are named; `until`: when the last pool has run it long enough, if nothing happens. */
  | {
      readonly kind: 'soaking';
      readonly until: Temporal.Instant;
      readonly pools: readonly string[];
      readonly more?: number | undefined;
    }
  /** `unread`: nobody knows how these pools are. `unhealthy`: it failed, or was rolled back, on them. */
  | {
      readonly kind: 'behind' | 'unread' | 'unhealthy';
      readonly pools: readonly string[];
      readonly more?: number | undefined;
    };

const nanosecondsPerHour = 3_600_000_000_000n;

type Standing =
  | { readonly is: 'soaked' | 'behind' | 'unread' | 'unhealthy' | 'beyond' }
  | { readonly is: 'soaking'; readonly until: Temporal.Instant };

/** How `release` has done in the ring. Of excused pools, which nobody waits for, only what they ran long enough counts. */
export function ringHealth(
  ring: Ring,
  pools: readonly RingPool[],
  release: NodeImageVersion,
  now: Temporal.Instant,
): RingHealth {
  const soak = BigInt(soakHoursOf(ring)) * nanosecondsPerHour;
  const judged = pools
    .filter((pool) => concerns(pool, release))
    .map((pool) => ({ name: poolLabel(pool.cluster, pool.pool.name), ...standing(pool, release, soak, now) }));
  if (judged.length === 0) return { kind: 'lacksFamily' };
  const named = (is: Standing['is']) => judged.filter((one) => one.is === is).map(({ name }) => name);
  for (const kind of ['unhealthy', 'unread', 'behind'] as const) {
    if (named(kind).length > 0) return { kind, pools: named(kind) };
  }
  const untils = judged.flatMap((one) => (one.is === 'soaking' ? [one.until] : []));
  const until = untils.sort((a, b) => Temporal.Instant.compare(a, b)).at(-1);
  if (until) return { kind: 'soaking', until, pools: named('soaking') };
  return { kind: named('soaked').length > 0 ? 'soaked' : 'passedOver' };
}

function standing(
  { pool, head, latest, isRead, isUnknown, isExcused }: RingPool,
  release: NodeImageVersion,
  /** In nanoseconds: a duration would be read anew for each pool. */
  soak: bigint,
  now: Temporal.Instant,
): Standing {
  if (isUnknown) return { is: isExcused ? 'beyond' : 'unread' };
  const run = head?.runs?.find(({ nodeImageVersion }) => isRelease(nodeImageVersion, release));
  const soakedAt = run && new Temporal.Instant(run.since.epochNanoseconds + soak);
  const end = run?.until ?? now;
  // An end that is yet to come was written by a clock that ran ahead: nobody knows how long the run was.
  const isOver = soakedAt !== undefined && Temporal.Instant.compare(soakedAt, end) <= 0;
  const isSoaked = isOver && Temporal.Instant.compare(end, now) <= 0;
  if (isExcused) return { is: isSoaked ? 'soaked' : 'beyond' };
  if (!isWell({ pool, head }, release)) return { is: 'unhealthy' };
  if (!isRead) return { is: 'unread' };
  // What ARM shows now is not in the ledger yet, so nobody knows since when.
  if (!head || head.nodeImageVersion !== pool.nodeImageVersion) return { is: 'behind' };
  if (isSoaked) return { is: 'soaked' };
  if (isRelease(head.nodeImageVersion, release)) {
    // Without an open run it was not seen running well yet: an observation is due.
    return soakedAt && run?.until === undefined ? { is: 'soaking', until: soakedAt } : { is: 'behind' };
  }
  const current = parseNodeImageVersion(head.nodeImageVersion);
  // It ran the release once and left its family: nothing will bring it back.
  const hasLeft = current && ![current.family, familyOf(latest)].includes(release.family);
  const isBeyond = hasLeft || (current && (compareReleases(current, release) ?? -1) > 0);
  return { is: isBeyond ? 'beyond' : 'behind' };
}

/** False when the release failed on the pool, was rolled back from it, or the pool's last operation did not succeed. */
function isWell({ pool, head }: Pick<RingPool, 'pool' | 'head'>, release: NodeImageVersion): boolean {
  if (isTerminal(pool.provisioningState) && pool.provisioningState.toLowerCase() !== 'succeeded') return false;
  if (head?.nodesBehind && isRelease(head.nodeImageVersion, release)) return false;
  const last = head?.lastAttempt;
  if (last && last.failures > 0 && isRelease(last.to, release) && !runsSince(head, release, last.opensAt)) return false;
  return !wasLeft(head, release);
}

/** True when the pool went back from this release or a newer one, or from what can't be read, in whatever family. */
function wasLeft(head: PoolHead | undefined, release: NodeImageVersion): boolean {
  return head?.rolledBackFrom !== undefined && isNewerRelease(release.raw, head.rolledBackFrom) !== true;
}

/** True where somebody repaired the pool: it began to run the release without fault after `from`, and still does. */
function runsSince({ runs }: PoolHead, release: NodeImageVersion, from: Temporal.Instant): boolean {
  const run = runs?.[0];
  if (!run || run.until !== undefined || !isRelease(run.nodeImageVersion, release)) return false;
  return isBefore(from, run.since);
}

/** A pool that left the family counts by what it ran of this release, or went back from; one about to join it is behind. */
function concerns({ pool, head, latest, isUnknown, isExcused }: RingPool, release: NodeImageVersion): boolean {
  if (isUnknown && !isExcused) return true;
  if (familyOf(head?.rolledBackFrom) === release.family && wasLeft(head, release)) return true;
  const images = [pool.nodeImageVersion, head?.nodeImageVersion, latest];
  return (
    images.some((image) => familyOf(image) === release.family) ||
    (head?.runs ?? []).some((run) => isRelease(run.nodeImageVersion, release))
  );
}

function familyOf(nodeImageVersion: string | undefined): string | undefined {
  return parseNodeImageVersion(nodeImageVersion ?? '')?.family;
}

function isRelease(nodeImageVersion: string, release: NodeImageVersion): boolean {
  const version = parseNodeImageVersion(nodeImageVersion);
  return version?.family === release.family && version.release === release.release;
}

export type RingPool = {
  /** An ARM id. */
  readonly cluster: string;
  readonly pool: NodePool;
  readonly head: PoolHead | undefined;
  /** What ARM would install on it, where that is known. */
  readonly latest: string | undefined;
  /** False when its cluster could not be read the last time: then `pool` is from before. */
  readonly isRead: boolean;
  /** Its head, or whether it is in this ring at all, can't be told: it counts as unread to whatever release. */
  readonly isUnknown?: boolean;
  /** Held by itself or with its cluster, stopped or unsupported: the rings after it don't wait for it. */
  readonly isExcused: boolean;
};
