// Judges what was recorded against what happened: every change once, with its right images, time, cause and window.
// Called by checker.ts for each cluster.
import { createHash } from 'node:crypto';
import { firstBrokenEntry } from '../../shared/domain/chain.ts';
import type { Entry } from '../../shared/domain/ledger.ts';
import { openAt, readWindow } from './calendar.ts';
import type { Violation } from './checker.ts';
import { isNewer, isOtherFamily } from './images.ts';
import type { Ledger, RunRecord } from './record.ts';
import type { TruePool, TrueRoll } from './truth.ts';

type Rolled = Extract<Entry, { kind: 'transition' | 'rolled' }>;
type Wrong = (check: string, what: string) => void;

export function judgeLedger(record: RunRecord, clusterKey: string, ledger: Ledger): readonly Violation[] {
  const problems: Violation[] = [];
  const name = clusterKey.split('|')[2];
  const wrong: Wrong = (check, what) => problems.push({ check, what: `${name}: ${what}` });
  const broken = firstBrokenEntry(ledger.entries, ledger.chain);
  if (broken) wrong('chain', `entry ${broken.sequence}: ${broken.problem}`);
  judgeHash(ledger, wrong);
  judgeImages(ledger, wrong);
  judgeShown(record, clusterKey, ledger, wrong);
  judgeEnd(record, clusterKey, ledger, wrong);
  const taken = new Set<TrueRoll>();
  for (const entry of ledger.entries) {
    const say: Wrong = (check, what) =>
      wrong(check, `entry ${entry.sequence} (${entry.kind} ${entry.nodePool}): ${what}`);
    if (entry.kind === 'gone') judgeGone(record, clusterKey, ledger, entry, say);
    if (entry.kind === 'firstSeen') judgeFirstSeen(record, clusterKey, entry, say);
    if (entry.kind === 'transition' || entry.kind === 'rolled') {
      judgeRoll(record, clusterKey, ledger, entry, taken, say);
    }
  }
  judgeViews(ledger, wrong);
  return problems;
}

/** The hash of one entry, computed without the keeper's code. */
function judgeHash({ entries }: Ledger, wrong: Wrong): void {
  const entry = entries[Math.floor(entries.length / 2)];
  if (!entry) return;
  const { hash, ...rest } = entry;
  if (createHash('sha256').update(sorted(rest)).digest('hex') !== hash)
    wrong('chain', `hash of entry ${entry.sequence}`);
}

function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${sorted(field)}`)
    .join(',')}}`;
}

/** From entry to entry each pool's images join up. */
function judgeImages({ entries, pools, chain }: Ledger, wrong: Wrong): void {
  const images = new Map<string, string>();
  for (const entry of entries) {
    const pool = entry.nodePool?.toLowerCase() ?? '';
    const before = images.get(pool);
    const where = `entry ${entry.sequence} (${entry.kind} ${pool})`;
    if (entry.kind === 'gone') {
      if (entry.nodePool === undefined) images.clear();
      else if (!images.delete(pool)) wrong('images join', `${where}: the pool was not there`);
    } else if (entry.kind === 'firstSeen') {
      if (before !== undefined) wrong('images join', `${where}: it was seen before, on ${before}`);
      images.set(pool, entry.nodeImageVersion);
    } else {
      if (entry.from !== before) wrong('images join', `${where}: from ${entry.from}, but it was on ${before}`);
      if ((entry.kind === 'transition') !== (entry.from !== entry.to)) wrong('images join', `${where}: wrong kind`);
      images.set(pool, entry.to);
    }
  }
  const heads = new Map((chain?.gone ? [] : pools).map((head) => [head.nodePool.toLowerCase(), head.nodeImageVersion]));
  const same = heads.size === images.size && [...heads].every(([pool, image]) => images.get(pool) === image);
  if (!same) wrong('heads', `heads ${JSON.stringify([...heads])}, entries ${JSON.stringify([...images])}`);
}

/** What finished observations were shown, in order, is in the ledger in that order: nothing shown was lost. */
function judgeShown(record: RunRecord, clusterKey: string, { entries }: Ledger, wrong: Wrong): void {
  const recorded = new Map<string, string[]>();
  for (const entry of entries) {
    const image = entry.kind === 'firstSeen' ? entry.nodeImageVersion : entry.kind === 'gone' ? undefined : entry.to;
    if (image === undefined || entry.nodePool === undefined) continue;
    const pool = entry.nodePool.toLowerCase();
    recorded.set(pool, [...(recorded.get(pool) ?? []), image]);
  }
  const places = new Map<string, number>();
  for (const { at, images } of record.shown
    .filter((one) => one.clusterKey === clusterKey)
    .sort((a, b) => a.at - b.at)) {
    for (const [pool, image] of images) {
      const place = recorded.get(pool)?.indexOf(image, places.get(pool) ?? 0) ?? -1;
      if (place < 0) {
        wrong('nothing lost', `${pool} on ${image}, shown at ${new Date(at).toISOString()}, is not recorded`);
        places.set(pool, Number.POSITIVE_INFINITY);
      } else places.set(pool, place);
    }
  }
}

/** At the end the record says what is. */
function judgeEnd(record: RunRecord, clusterKey: string, { chain, pools }: Ledger, wrong: Wrong): void {
  const standing = record.truth.pools.filter((pool) => pool.clusterKey === clusterKey && pool.until === undefined);
  const heads = chain && !chain.gone ? pools : [];
  for (const pool of standing) {
    const moment = pool.moments.at(-1);
    const head = heads.find((one) => one.nodePool.toLowerCase() === pool.name.toLowerCase());
    if (!head) wrong('converges', `${pool.name} has no head`);
    else if (
      isTerminal(moment?.provisioningState) &&
      head.nodeImageVersion !== moment?.image &&
      moment &&
      moment.at < record.endedAt - 86_400_000
    ) {
      wrong('converges', `${pool.name} is on ${moment.image}, its head on ${head.nodeImageVersion}`);
    }
  }
  for (const head of heads) {
    if (!standing.some(({ name }) => name.toLowerCase() === head.nodePool.toLowerCase())) {
      wrong('converges', `${head.nodePool} is gone, its head is not`);
    }
  }
}

function isTerminal(state: string | undefined): boolean {
  return state !== undefined && /^(succeeded|failed|canceled)$/i.test(state);
}

function judgeFirstSeen(
  record: RunRecord,
  clusterKey: string,
  entry: Extract<Entry, { kind: 'firstSeen' }>,
  wrong: Wrong,
): void {
  const at = Date.parse(entry.observedAt);
  const there = poolsNear(record, clusterKey, entry.nodePool, at, Date.parse(entry.recordedAt));
  if (!there.some((pool) => pool.moments.some(({ image }) => image === entry.nodeImageVersion))) {
    wrong('true images', `it was never on ${entry.nodeImageVersion}`);
  }
}

/** What is said to be gone was not there, or was not the same. */
function judgeGone(
  record: RunRecord,
  clusterKey: string,
  { entries }: Ledger,
  entry: Extract<Entry, { kind: 'gone' }>,
  wrong: Wrong,
): void {
  const slack = record.largestSkew + 31_000;
  const [from, to] = [Date.parse(entry.observedAt) - slack, Date.parse(entry.observedAt) + slack];
  const seen = entries.findLast(
    (other) =>
      other.kind === 'firstSeen' &&
      other.sequence < entry.sequence &&
      (entry.nodePool === undefined || other.nodePool.toLowerCase() === entry.nodePool.toLowerCase()),
  );
  const uid = seen?.kind === 'firstSeen' ? seen.resourceUid : undefined;
  const stood = record.truth.pools.some(
    (pool) =>
      pool.clusterKey === clusterKey &&
      pool.uid === uid &&
      (entry.nodePool === undefined || pool.name.toLowerCase() === entry.nodePool.toLowerCase()) &&
      pool.from <= from &&
      (pool.until ?? Number.POSITIVE_INFINITY) >= to,
  );
  if (stood) wrong('gone', `it stood at ${entry.observedAt}`);
}

/** The pools of this name that stood at some time between, give or take what clocks can be off. */
function poolsNear(record: RunRecord, clusterKey: string, name: string, from: number, to: number): readonly TruePool[] {
  const slack = record.largestSkew + 1000;
  return record.truth.pools.filter(
    (pool) =>
      pool.clusterKey === clusterKey &&
      pool.name.toLowerCase() === name.toLowerCase() &&
      pool.from <= to + slack &&
      (pool.until ?? Number.POSITIVE_INFINITY) >= from - slack,
  );
}

function judgeRoll(
  record: RunRecord,
  clusterKey: string,
  ledger: Ledger,
  entry: Rolled,
  taken: Set<TrueRoll>,
  wrong: Wrong,
): void {
  const slack = record.largestSkew + 1000;
  const observedAt = Date.parse(entry.observedAt);
  const pools = poolsNear(record, clusterKey, entry.nodePool, observedAt, observedAt);
  const rolls = record.truth.rolls.filter(
    (roll) =>
      pools.includes(roll.pool) &&
      roll.to === entry.to &&
      (roll.endedAt ?? Number.POSITIVE_INFINITY) <= observedAt + slack,
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
  if (entry.kind === 'rolled') return;
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
  if (taken.has(roll)) wrong('once', `the roll of ${new Date(roll.startedAt).toISOString()} is recorded before`);
  taken.add(roll);
  // Of several that nobody saw end, the entry may date any.
  const since = Date.parse(seenBefore(ledger, entry)) - slack;
  const unseen = record.truth.rolls.filter(
    (one) => pools.includes(one.pool) && one.startedAt >= since && one.startedAt <= observedAt + slack,
  );
  judgeTimes(record, entry, roll, unseen.includes(roll) ? unseen : [...unseen, roll], slack, wrong);
  judgeCause(entry, roll, wrong);
  const outcomes = ['succeeded', 'failed', 'canceled', 'partial'];
  if (outcomes.includes(entry.outcome) && roll.outcome !== entry.outcome) {
    const sinceThen = roll.pool.moments.some(({ at }) => at > (roll.endedAt ?? 0) && at <= observedAt + slack);
    if (!sinceThen) wrong('outcome', `${entry.outcome}, but it ${roll.outcome}`);
  }
}

/** When the ledger last heard of the pool before an entry. */
function seenBefore({ entries }: Ledger, entry: Rolled): string {
  const before = entries.findLast(
    (other) => other.sequence < entry.sequence && other.nodePool?.toLowerCase() === entry.nodePool.toLowerCase(),
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
  if (!rolls.some(({ startedAt }) => isInside(startedAt))) {
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
  const moments = record.truth.clusters.get(clusterKeyOf(entry)) ?? [];
  const text = sorted(entry.window.maintenanceWindow);
  const isTrue = moments.some(
    ({ at, window }, index) =>
      window !== undefined &&
      sorted(JSON.parse(window)) === text &&
      at <= readAt + slack &&
      (moments[index + 1]?.at ?? Number.POSITIVE_INFINITY) >= readAt - slack,
  );
  if (!isTrue) wrong('window configuration', `not in force at ${entry.window.readAt}`);
}

function clusterKeyOf({ cluster }: Entry): string {
  const [, , subscription, , group, , , , name] = cluster.split('/');
  return `${subscription}|${group}|${name}`.toLowerCase();
}

/** Only what the evidence shows: unknown is honest where nothing shows it. */
function judgeCause(entry: Rolled, roll: TrueRoll, wrong: Wrong): void {
  const said = `${entry.cause}, but it was ${roll.cause}`;
  switch (entry.cause) {
    case 'keeper':
      if (roll.cause !== 'keeper') wrong('cause', said);
      break;
    case 'rollback':
      if (!isNewer(entry.from, entry.to)) wrong('cause', `rollback from ${entry.from} to ${entry.to}`);
      break;
    case 'reconfiguration':
      if (!isOtherFamily(entry.from, entry.to)) wrong('cause', `reconfiguration from ${entry.from} to ${entry.to}`);
      break;
    case 'aksAutoUpgrade':
    case 'manual':
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

function judgeViews({ entries, clusterView, monthView }: Ledger, wrong: Wrong): void {
  const rolls = entries
    .filter(({ kind }) => kind === 'transition' || kind === 'rolled')
    .map(sorted)
    .sort();
  for (const [name, view] of Object.entries({ cluster: clusterView, month: monthView })) {
    const rows = view.map((row) => sorted({ ...(row as object), id: undefined })).sort();
    if (JSON.stringify(rows) !== JSON.stringify(rolls)) {
      wrong('views', `the ${name} view has ${rows.length} rows, the ledger ${rolls.length}, or they differ`);
    }
  }
}
