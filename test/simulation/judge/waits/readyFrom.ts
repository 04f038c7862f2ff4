// From when on nothing but windows and turns keeps a pool waiting in the quiet time: where there are rings, from when the one
// before has run the newest image for its soak. Called by judgeWaits.ts.
import { isManaged, refusedPool } from '../../draw/drawPools.ts';
import type { RunRecord } from '../../record/record.ts';
import type { TruePool } from '../../record/truth.ts';
import { isLaterRelease, isNewer, isSameFamily, releasedOn } from '../own/images.ts';
import { type PolicyRead, readPolicyRow, ringIndex } from '../own/judgePolicy.ts';
import { leftByLedger } from '../own/stepsBack.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** Between two passes where nothing is due, and the observation that one asks for. */
const longestPause = 13 * hour;

export type Ready = {
  readonly from: number;
  /** -1: the policy has no rings. */
  readonly ring: number;
  /** Occurrences in which other pools of the ring can have had its limit to themselves. */
  readonly turns: number;
};

/** Undefined: it waits for somebody, or nobody can tell. */
export function readyFrom(record: RunRecord, pool: TruePool): Ready | undefined {
  const { quietFrom, fleet } = record;
  const policy = readPolicyRow(record.base);
  const isHeld = record.policyRows.some(
    ({ at, rowKey, value }) =>
      rowKey.startsWith('active|') && at > quietFrom && (value as { failures?: unknown })?.failures,
  );
  if (!policy || isHeld) return undefined;
  if (!policy.rings) return { from: quietFrom, ring: -1, turns: 0 };
  const ring = ringOf(record, policy, pool);
  const image = pool.moments.at(-1)?.image ?? '';
  const newest = newestOf(fleet.releases, image);
  if (ring === undefined || ring < 0 || newest === undefined) return undefined;
  if ((policy.rings[ring]?.mode ?? policy.mode) !== 'enforce') return undefined;
  const out = Math.max(...fleet.releases.map(({ availableAt }) => Date.parse(availableAt)));
  const old = (releasedOn(newest) ?? 0) + ((policy.images?.minimumAgeDays ?? 0) + 1) * day;
  const calm = Math.max(quietFrom, out, old);
  const others = standing(record).filter((one) => ringOf(record, policy, one) === ring).length - 1;
  const turns = policy.rings[ring]?.concurrency === undefined ? 0 : 2 * others;
  const before = decidedBy(record, policy, ring, newest);
  if (before === 'nobody') {
    const isClosed = ring > 0 && policy.rings[ring]?.unsoakedFamily === 'block';
    return isClosed ? undefined : { from: calm, ring, turns };
  }
  const soaked = before === 'unclear' ? undefined : soakedAt(record, policy, before, newest);
  return soaked === undefined ? undefined : { from: Math.max(calm, soaked), ring, turns };
}

function standing({ truth }: RunRecord): readonly TruePool[] {
  return truth.pools.filter(({ until }) => until === undefined);
}

/** Undefined: its cluster changed since the people left. */
function ringOf({ truth, quietFrom }: RunRecord, policy: PolicyRead, pool: TruePool): number | undefined {
  const cluster = truth.clusters.get(pool.clusterKey)?.at(-1);
  if (!cluster || cluster.at > quietFrom) return undefined;
  const { tags = {} } = JSON.parse(cluster.rest || '{}') as { readonly tags?: Record<string, string> };
  return ringIndex(policy, { clusterKey: pool.clusterKey, nodePool: pool.name, tags });
}

function newestOf(releases: RunRecord['fleet']['releases'], image: string): string | undefined {
  return releases
    .map(({ nodeImageVersion }) => nodeImageVersion)
    .filter((other) => isSameFamily(other, image))
    .reduce<string | undefined>((a, b) => (a === undefined || isNewer(b, a) ? b : a), undefined);
}

/** The ring whose word counts for the newest image, by what stands at the end. */
function decidedBy(record: RunRecord, policy: PolicyRead, ring: number, newest: string): number | 'nobody' | 'unclear' {
  if (ring === 0) return 'nobody';
  const { unsoakedFamily = 'nearest' } = policy.rings?.[ring] ?? {};
  const pools = standing(record);
  if (pools.some((pool) => ringOf(record, policy, pool) === undefined || pool.from > record.quietFrom))
    return 'unclear';
  for (let before = ring - 1; before >= (unsoakedFamily === 'nearest' ? 0 : ring - 1); before -= 1) {
    const members = pools.filter((pool) => ringOf(record, policy, pool) === before);
    if (members.some((pool) => isSameFamily(pool.moments.at(-1)?.image, newest))) return before;
    // One that was of the family counts by what it ran.
    if (members.some((pool) => pool.moments.some(({ image }) => isSameFamily(image, newest)))) return 'unclear';
  }
  return 'nobody';
}

/** When all pools of the family had run the image for the ring's soak, as long as they did to the end. */
function soakedAt(record: RunRecord, policy: PolicyRead, ring: number, newest: string): number | undefined {
  const members = standing(record).filter(
    (pool) =>
      ringOf(record, policy, pool) === ring &&
      isSameFamily(pool.moments.at(-1)?.image, newest) &&
      !isManaged(pool.state.profile.mode) &&
      !pool.state.profile['creationData'],
  );
  const soak = (policy.rings?.[ring]?.ringSoakHours ?? 24) * hour;
  const sinces = members.map((pool) => {
    const last = pool.moments.at(-1);
    const isDone = last?.image === newest && last.provisioningState === 'Succeeded' && last.powerState === 'Running';
    // The release counts as rolled back, in whatever family the pool left it.
    const left = leftByLedger(record, pool.clusterKey, pool.name.toLowerCase(), record.endedAt);
    if (left !== undefined && !isLaterRelease(newest, left)) return undefined;
    return isDone && pool.name !== refusedPool ? last.at : undefined;
  });
  const known = sinces.filter((since) => since !== undefined);
  if (known.length === 0 || known.length < sinces.length) return undefined;
  return Math.max(record.quietFrom, ...known) + soak + longestPause;
}
