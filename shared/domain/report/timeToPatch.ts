// How long a release took from its first offer to the last pool that it was offered to. Called by weekReport.
import { Temporal } from 'temporal-polyfill';
import { poolKey } from '../cluster/clusterId.ts';
import { compareReleases, isNewer, parseNodeImageVersion } from '../image/nodeImageVersion.ts';
import { isRoll } from '../ledger/historyRow.ts';
import { poolStanding } from './poolStatus.ts';
import type { ReportFacts, ReportPool } from './reportFacts.ts';

const days = 56;

export function timeToPatch(facts: ReportFacts) {
  const { week, pools, policy, now } = facts;
  const since = week.to.subtract({ hours: days * 24 }).epochMilliseconds;
  const offers = pools
    .filter((pool) => poolStanding(pool, policy, now).status !== 'notKept')
    .flatMap((pool) => offersTo(pool).map((offer) => ({ ...offer, pool })));
  return [...Map.groupBy(offers, ({ image }) => image)]
    .map(([image, offered]) => patchOf(image, offered, facts))
    .filter(({ availableAt }) => Date.parse(availableAt) >= since)
    .sort(
      (a, b) =>
        Date.parse(b.availableAt) - Date.parse(a.availableAt) || (a.nodeImageVersion < b.nodeImageVersion ? -1 : 1),
    );
}

function offersTo({ decision, decisions }: ReportPool): readonly { readonly image: string; readonly at: string }[] {
  const first = new Map<string, string>();
  for (const { latest, current, decidedAt } of [decision, ...decisions]) {
    if (latest !== undefined && isNewer(latest, current) === true) first.set(latest, decidedAt);
  }
  return [...first].map(([image, at]) => ({ image, at }));
}

type Offer = { readonly at: string; readonly pool: ReportPool };

function patchOf(nodeImageVersion: string, offered: readonly Offer[], facts: ReportFacts) {
  const availableAt = offered.map(({ at }) => at).reduce((a, b) => (Date.parse(a) < Date.parse(b) ? a : b));
  const times = offered.flatMap((offer) => reachedAt(nodeImageVersion, offer, facts) ?? []);
  const isOver = times.length === offered.length;
  const completedAt = isOver ? times.reduce((a, b) => (Date.parse(a) > Date.parse(b) ? a : b)) : undefined;
  const hours = completedAt && Temporal.Instant.from(availableAt).until(completedAt).total('hours');
  return {
    nodeImageVersion,
    availableAt,
    /** Those that it was offered to while behind it; `patched`: now on it or beyond. */
    pools: offered.length,
    patched: times.length,
    completedAt,
    hours: typeof hours === 'number' ? Math.max(0, Math.round(hours)) : undefined,
  };
}

function reachedAt(image: string, { at: since, pool }: Offer, { rows }: ReportFacts): string | undefined {
  const { cluster, nodePool } = pool;
  if (!isAtLeast(nodePool.nodeImageVersion, image)) return undefined;
  const key = poolKey(cluster.id, nodePool.name);
  const moves = rows
    .filter(isRoll)
    .filter((roll) => poolKey(roll.cluster, roll.nodePool) === key && isAtLeast(roll.to, image))
    .filter(({ completedAt }) => Date.parse(completedAt) >= Date.parse(since));
  if (moves.length === 0) return since;
  // A roll that failed may have left the pool naming an image that its nodes do not run.
  const reached = moves.filter(({ outcome }) => outcome === 'succeeded').map(({ completedAt }) => completedAt);
  return reached.sort((a, b) => Date.parse(a) - Date.parse(b))[0];
}

/** A pool of another family has left for where the release does not go. */
function isAtLeast(current: string | undefined, image: string): boolean {
  const [a, b] = [parseNodeImageVersion(current ?? ''), parseNodeImageVersion(image)];
  if (!a || !b) return current === image;
  return (compareReleases(a, b) ?? 0) >= 0;
}
