// Judges one recorded roll against what rolled: its images, its times, its window, its cause and its end. Called by
// judgeLedger.ts.
import type { Entry } from '../../../../shared/domain/ledger/ledger.ts';
import type { Ledger, RunRecord, Wrong } from '../../record/record.ts';
import { keyOf, type TruePool, type TrueRoll } from '../../world/truth.ts';
import { openAt, readWindow } from '../own/calendar.ts';
import { canonical } from '../own/canonical.ts';
import { isNewer, isOtherFamily } from '../own/images.ts';
import { poolsNear } from './poolsNear.ts';

type Rolled = Extract<Entry, { kind: 'transition' | 'rolled' }>;

export function judgeRoll(
  record: RunRecord,
  clusterKey: string,
  ledger: Ledger,
  entry: Rolled,
  taken: Set<TrueRoll>,
  wrong: Wrong,
): void {
  const slack = record.largestSkew + 1000;
  const observedAt = Date.parse(entry.observedAt);
  // The answer to the read came between the two: what it shows is from then.
  const until = Date.parse(entry.recordedAt) + slack;
  const pools = poolsNear(record, clusterKey, entry.nodePool, observedAt, until);
  const rolls = record.truth.rolls.filter(
    (roll) => pools.includes(roll.pool) && roll.to === entry.to && (roll.endedAt ?? Number.POSITIVE_INFINITY) <= until,
  );
  const own = record.posts.find((post) => post.attempt !== undefined && post.attempt === entry.attempt);
  const ownRoll = own && record.truth.rolls.find((roll) => roll.post === own.id);
  if (entry.outcome === 'notStarted' && ownRoll) wrong('outcome', 'ARM took the request, so it was started');
  if (entry.cause === 'keeper' && !ownRoll) wrong('cause', 'the keeper started nothing');
  if (own?.told === '202' && ownRoll && entry.outcome !== 'unknown' && entry.cause !== 'keeper') {
    const running = record.claims.some(
      ({ kind, attempt, value }) =>
        kind === 'replaced' && attempt === entry.attempt && (value as { readonly state?: string }).state === 'running',
    );
    if (running) wrong('cause', `the keeper started it, and was told so; the cause is ${entry.cause}`);
  }
  if (ownRoll && entry.outcome !== 'notStarted') taken.add(ownRoll);
  if (entry.kind === 'rolled') {
    if (entry.attempt === undefined) judgeUnmoved(record, ledger, entry, pools, until, taken, wrong);
    return;
  }
  const isRemade = pools.length > 1 || pools.some((pool) => pool.from > Date.parse(seenBefore(ledger, entry)) - slack);
  const roll = entry.cause === 'keeper' ? ownRoll : rolls.at(-1);
  if (!roll) {
    // A pool that was made again under its name: no read can tell that from a roll.
    if (!isRemade) wrong('true images', `no roll ended in ${entry.to}`);
    return;
  }
  if (roll.to !== entry.to && entry.cause === 'keeper') {
    // The keeper's roll, and then another before anybody looked.
    return;
  }
  if (isRemade) return;
  if (taken.has(roll) && roll !== ownRoll)
    wrong('once', `the roll of ${new Date(roll.startedAt).toISOString()} is recorded before`);
  taken.add(roll);
  // Of several that nobody saw end, the entry may date any.
  const since = Date.parse(seenBefore(ledger, entry)) - slack;
  const unseen = record.truth.rolls.filter(
    (one) => pools.includes(one.pool) && one.startedAt >= since && one.startedAt <= until,
  );
  judgeTimes(record, entry, roll, unseen.includes(roll) ? unseen : [...unseen, roll], slack, wrong);
  judgeCause(entry, roll, wrong);
  const outcomes = ['succeeded', 'failed', 'canceled', 'partial'];
  // A roll that ended well for ARM is partial while nodes are behind: judgeProof.ts.
  const byArm = entry.outcome === 'partial' ? 'succeeded' : entry.outcome;
  if (outcomes.includes(entry.outcome) && roll.outcome !== byArm) {
    const sinceThen = roll.pool.moments.some(({ at }) => at > (roll.endedAt ?? 0) && at <= until);
    if (!sinceThen) wrong('outcome', `${entry.outcome}, but it ${roll.outcome}`);
  }
}

/** A roll that left the image as it was: something rolled since the pool was last heard of, and is not recorded yet. */
function judgeUnmoved(
  record: RunRecord,
  ledger: Ledger,
  entry: Rolled,
  pools: readonly TruePool[],
  until: number,
  taken: Set<TrueRoll>,
  wrong: Wrong,
): void {
  const roll = record.truth.rolls.findLast(
    (one) => pools.includes(one.pool) && !taken.has(one) && one.startedAt <= until && (one.endedAt ?? until) <= until,
  );
  const isRemade = pools.some((pool) => pool.from > Date.parse(seenBefore(ledger, entry)) - record.largestSkew - 1000);
  if (roll) taken.add(roll);
  else if (!isRemade) wrong('true rolls', 'nothing rolled that is not recorded');
}

/** When the ledger last saw the pool at rest before an entry: what amends an earlier entry may come while it rolls. */
function seenBefore({ entries }: Ledger, entry: Rolled): string {
  const before = entries.findLast(
    (other) =>
      other.sequence < entry.sequence &&
      other.kind !== 'amendment' &&
      other.nodePool?.toLowerCase() === entry.nodePool.toLowerCase(),
  );
  return before?.observedAt ?? entry.observedAt;
}

function judgeTimes(
  record: RunRecord,
  entry: Rolled,
  roll: TrueRoll,
  rolls: readonly TrueRoll[],
  slack: number,
  wrong: Wrong,
): void {
  const when = new Date(roll.startedAt).toISOString();
  const [after, notAfter] = entry.startedBetween;
  const isInside = (start: number) =>
    (after === null || start >= Date.parse(after) - slack) && start <= Date.parse(notAfter) + slack;
  const wasShown = record.shown.some(
    ({ at, clusterKey, busy }) =>
      clusterKey === keyOf(entry.cluster) &&
      busy.has(entry.nodePool.toLowerCase()) &&
      at >= roll.startedAt &&
      at <= (roll.endedAt ?? at),
  );
  if (!(wasShown ? [roll] : rolls).some(({ startedAt }) => isInside(startedAt))) {
    wrong('startedBetween', `${after} to ${notAfter}, but it started at ${when}`);
  }
  // An answer takes up to 30 s, and so does what is written from it.
  if (
    entry.startedAt &&
    !rolls.some((one) => Math.abs(one.startedAt - Date.parse(entry.startedAt ?? '')) <= slack + 31_000)
  ) {
    wrong('startedAt', `${entry.startedAt}, but it started at ${when}`);
  }
  if (entry.inWindow === 'unknown' || rolls.length > 1) return;
  const window = entry.window && readWindow(JSON.stringify(entry.window.maintenanceWindow));
  const verdicts = [-slack, 0, slack].map((shift) => openAt(window, roll.startedAt + shift) !== undefined);
  if (new Set(verdicts).size === 1 && verdicts[0] !== entry.inWindow) {
    wrong('inWindow', `${entry.inWindow}, but it started at ${when}; judged on ${JSON.stringify(entry.window)}`);
  }
  judgeReading(record, entry, wrong);
}

/** The configuration that it was judged on was in force when it was read. */
function judgeReading(record: RunRecord, entry: Rolled, wrong: Wrong): void {
  if (!entry.window) return;
  const slack = record.largestSkew + 31_000;
  const readAt = Date.parse(entry.window.readAt);
  const moments = record.truth.clusters.get(keyOf(entry.cluster)) ?? [];
  const text = canonical(entry.window.maintenanceWindow);
  const isTrue = moments.some(
    ({ at, window }, index) =>
      window !== undefined &&
      canonical(JSON.parse(window)) === text &&
      at <= readAt + slack &&
      (moments[index + 1]?.at ?? Number.POSITIVE_INFINITY) >= readAt - slack,
  );
  if (!isTrue) wrong('window configuration', `not in force at ${entry.window.readAt}`);
}

/** Only what the evidence shows: unknown is honest where nothing shows it. */
function judgeCause(entry: Rolled, roll: TrueRoll, wrong: Wrong): void {
  const said = `${entry.cause}, but it was ${roll.cause}`;
  switch (entry.cause) {
    case 'keeper':
      if (roll.cause !== 'keeper') wrong('cause', said);
      break;
    case 'rollback':
      if (!isNewer(entry.from, entry.to) && roll.cause !== 'rollback')
        wrong('cause', `rollback from ${entry.from} to ${entry.to}`);
      break;
    case 'reconfiguration':
      if (!isOtherFamily(entry.from, entry.to)) wrong('cause', `reconfiguration from ${entry.from} to ${entry.to}`);
      break;
    case 'manual':
      // Who rolls a rollback back takes a step forward by hand.
      if (roll.cause !== 'manual' && !(roll.cause === 'rollback' && isNewer(entry.to, entry.from)))
        wrong('cause', said);
      break;
    case 'aksAutoUpgrade':
    case 'securityPatch':
      if (roll.cause !== entry.cause) wrong('cause', said);
      break;
    case 'kubernetesUpgrade':
      if (roll.cause !== 'kubernetesUpgrade' && !hasKubernetesUpgrade(roll)) wrong('cause', said);
      break;
    case 'unknown':
      if (isNewer(entry.from, entry.to) && !entry.attempt) wrong('cause', 'a step backward is a rollback');
      break;
  }
}

// Another roll of the pool since it was last looked at changed the Kubernetes version.
function hasKubernetesUpgrade({ pool }: TrueRoll): boolean {
  return pool.moments.some(({ provisioningState }) => provisioningState === 'Upgrading');
}
