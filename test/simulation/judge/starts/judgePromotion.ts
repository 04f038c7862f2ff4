// Judges a request of a later ring: the release that it installs ran in the ring before for its soak, and no pool there was
// left behind, as far as the keeper was shown. Called by judgePosts.ts.
import { isManaged, refusedPool } from '../../draw/drawPools.ts';
import type { Post, RunRecord, Shown, Wrong } from '../../record/record.ts';
import type { TruePool } from '../../record/truth.ts';
import { isLaterRelease, isNewer, isSameFamily } from '../own/images.ts';
import { leftByLedger } from '../own/stepsBack.ts';
import { holdOver, isApproved, type Judged } from './judgeHeld.ts';
import { clusterStates, decidingRings, membersOf, momentsIn, type Since, sinceLastPass } from './ringMembers.ts';

export function judgePromotion(record: RunRecord, post: Post, judged: Judged, wrong: Wrong): void {
  const { policy, ring, image } = judged;
  const index = ring ? (policy.rings ?? []).indexOf(ring) : -1;
  if (!ring || index <= 0) return;
  const since = sinceLastPass(record, post.invocation, post.at);
  const deciding = decidingRings(record, policy, index, image, since);
  const refusals = deciding.map((before) => {
    if (before !== undefined) return refusalOf(record, post, judged, before, since);
    if (ring.unsoakedFamily === 'block') return `no ring before ${ring.name} has the family`;
    return isApproved(post, policy, ring, image)
      ? undefined
      : `no ring before ${ring.name} has the family, nor is it approved`;
  });
  if (refusals.every((refusal) => refusal !== undefined)) wrong('promotion', `${image}: ${refusals.join('; or ')}`);
}

/** What in the deciding ring speaks against it. */
function refusalOf(record: RunRecord, post: Post, judged: Judged, index: number, since: Since): string | undefined {
  const { name = '', ringSoakHours = 24 } = judged.policy.rings?.[index] ?? {};
  const { surely, perhaps } = membersOf(record, judged.policy, index, since);
  const longest = Math.max(0, ...perhaps.map((pool) => ranFor(record, pool, judged.image, post.at)));
  const slack = 2 * record.largestSkew + 60_000;
  if (!perhaps.some((pool) => pool.moments.some(({ image }) => image === judged.image)))
    return `ring ${name} never ran it`;
  if (longest < ringSoakHours * 3_600_000 - slack) {
    return `ring ${name} ran it for ${(longest / 3_600_000).toFixed(1)} h, not ${ringSoakHours}`;
  }
  const waiting = surely.find((pool) => isLeft(record, post, judged, pool, name, since));
  return waiting && `${waiting.clusterKey.split('|')[2]}/${waiting.name} of ring ${name} is behind or failed`;
}

/** The longest time for which a pool, or one of its name before it, ran an image, broken by what the keeper was shown. */
function ranFor(record: RunRecord, pool: TruePool, image: string, until: number): number {
  const breaks = shownOf(record, pool, until).filter(
    ({ images, well }) => images.get(pool.name.toLowerCase()) !== image || !well.has(pool.name.toLowerCase()),
  );
  const starts = pool.moments.flatMap((moment, index) => {
    if (moment.image !== image || moment.at > until) return [];
    const end = pool.moments[index + 1]?.at ?? until;
    return [moment.at, ...breaks.map(({ at }) => at).filter((at) => at > moment.at && at < end)];
  });
  return Math.max(0, ...starts.map((start) => (breaks.find(({ at }) => at > start)?.at ?? until) - start));
}

/** What finished observations were shown of a pool, in order. */
function shownOf(record: RunRecord, pool: TruePool, until: number): readonly Shown[] {
  return record.shown
    .filter(
      ({ at, endedAt, clusterKey, images }) =>
        clusterKey === pool.clusterKey && at >= pool.from && endedAt < until && images.has(pool.name.toLowerCase()),
    )
    .sort((a, b) => a.at - b.at);
}

/** True when the keeper was shown that a pool is older or failed, that did not change since, and nothing excuses it. */
function isLeft(
  record: RunRecord,
  { invocation }: Post,
  { image, decidedAt }: Judged,
  pool: TruePool,
  ring: string,
  since: Since,
): boolean {
  const last = shownOf(record, pool, invocation.startedAt).at(-1);
  const { mode, creationData } = pool.state.profile;
  if (!last || pool.name === refusedPool || isManaged(mode) || creationData) return false;
  const [moment, ...others] = momentsIn(pool, { from: Math.min(since.from, last.at), to: since.to });
  if (!moment?.image || others.length > 0 || moment.powerState !== 'Running') return false;
  if (clusterStates(record, pool.clusterKey, since).some(({ power }) => power !== 'Running')) return false;
  // A hold that the keeper set itself excuses nothing: it is there because of what failed.
  const byPeople = (invocation.holds ?? []).filter(
    ({ value }) => !(value as { failures?: unknown } | undefined)?.failures,
  );
  const target = { clusterKey: pool.clusterKey, nodePool: pool.name, ring };
  const doubt = -record.largestSkew - 60_000;
  if (holdOver(byPeople, { ...target, image }, decidedAt, doubt)) return false;
  // What it went back from counts against it in whatever family it is now, once the keeper has recorded it.
  const left = leftByLedger(record, pool.clusterKey, pool.name.toLowerCase(), invocation.startedAt + doubt);
  if (left && isSameFamily(left, image) && !isLaterRelease(image, left)) return true;
  const isFailed = /^(failed|canceled)$/i.test(moment.provisioningState) && isSameFamily(moment.image, image);
  return isFailed || (/^succeeded$/i.test(moment.provisioningState) && isNewer(image, moment.image));
}
