// Which pools an invocation can have taken for those of a ring, and which it must have. Used by the judges of rings.
import type { Invocation, RunRecord } from '../../record/record.ts';
import type { TruePool } from '../../record/truth.ts';
import { isSameFamily } from '../own/images.ts';
import { type PolicyRead, ringIndex } from '../own/judgePolicy.ts';

/** From the last pass that was shown the whole fleet to what is judged: what the keeper knows of pools is from then. */
export type Since = { readonly from: number; readonly to: number };

/** A list can come out of a cache that is so old. */
const oldestList = 11 * 60_000;

export function sinceLastPass(record: RunRecord, { startedAt }: Invocation, to: number): Since {
  const pass = record.invocations.findLast(
    ({ name, outcome, endedAt = Number.POSITIVE_INFINITY, faults }) =>
      name === 'planUpgrades' &&
      outcome === 'done' &&
      endedAt < startedAt &&
      !faults.some((fault) => /arm/i.test(fault)),
  );
  return { from: (pass?.startedAt ?? record.startedAt) - oldestList, to };
}

/** The tags and the power state that a cluster had in this time; before it, where it is no more. */
export function clusterStates(
  { truth }: RunRecord,
  clusterKey: string,
  { from, to }: Since,
): readonly { readonly tags: Record<string, string>; readonly power: string }[] {
  const moments = (truth.clusters.get(clusterKey) ?? []).filter(({ at }) => at <= to);
  const during = moments.filter((_, index) => (moments[index + 1]?.at ?? Number.POSITIVE_INFINITY) >= from);
  const last = moments.findLast(({ uid }) => uid !== undefined);
  const shown = during.filter(({ uid }) => uid !== undefined);
  return (shown.length > 0 ? shown : last ? [last] : []).map(({ rest }) => {
    const { tags = {}, power = '' } = JSON.parse(rest || '{}') as { tags?: Record<string, string>; power?: string };
    return { tags, power };
  });
}

/** The pools that are in a ring of this policy: surely, or perhaps. */
export function membersOf(record: RunRecord, policy: PolicyRead, index: number, since: Since) {
  const rings = (pool: TruePool): readonly number[] =>
    clusterStates(record, pool.clusterKey, since).map(({ tags }) =>
      ringIndex(policy, { clusterKey: pool.clusterKey, nodePool: pool.name, tags }),
    );
  const known = record.truth.pools.filter((pool) => pool.from <= since.to);
  const stood = (pool: TruePool) => pool.from <= since.from && (pool.until ?? Number.POSITIVE_INFINITY) > since.to;
  return {
    surely: known.filter((pool) => stood(pool) && rings(pool).every((ring) => ring === index)),
    perhaps: known.filter((pool) => rings(pool).includes(index)),
  };
}

/** The moments of a pool in this time. */
export function momentsIn({ moments }: TruePool, { from, to }: Since): TruePool['moments'] {
  return moments.filter(({ at }, index) => at <= to && (moments[index + 1]?.at ?? Number.POSITIVE_INFINITY) >= from);
}

/** The rings before this one whose word can count for an image; `undefined` among them: that none has its family. */
export function decidingRings(
  record: RunRecord,
  policy: PolicyRead,
  index: number,
  image: string,
  since: Since,
): readonly (number | undefined)[] {
  const { unsoakedFamily = 'nearest' } = policy.rings?.[index] ?? {};
  const found: (number | undefined)[] = [];
  const last = unsoakedFamily === 'nearest' ? 0 : index - 1;
  for (let before = index - 1; before >= last; before -= 1) {
    const { surely, perhaps } = membersOf(record, policy, before, since);
    const isOf = (moment: { readonly image: string | undefined }) => isSameFamily(moment.image, image);
    if (perhaps.some((pool) => pool.moments.some(isOf))) found.push(before);
    if (surely.some((pool) => momentsIn(pool, since).every(isOf))) return found;
  }
  return [...found, undefined];
}
