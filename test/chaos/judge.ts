// Holds the record against what truly happened in the simulator. Pure; called by main.ts.
import { Temporal } from 'temporal-polyfill';

export type OpenTime = { readonly opensAt: Temporal.Instant; readonly closesAt: Temporal.Instant };

export type TrueRoll = {
  readonly cluster: string;
  readonly nodePool: string;
  readonly from: string;
  readonly to: string;
  readonly by: 'keeper' | 'person';
  readonly startedAt: Temporal.Instant;
};

/** A request of the keeper's to upgrade a pool. */
export type TruePost = {
  readonly cluster: string;
  readonly nodePool: string;
  readonly at: Temporal.Instant;
  /** A roll of the pool that was under way when it came. */
  readonly during: 'keeper' | 'person' | undefined;
  readonly correlationId: string | undefined;
};

/** A row of the history or an entry of the ledger, as far as it is compared. */
export type Row = {
  readonly cluster: string;
  readonly nodePool: string;
  readonly kind: string;
  readonly from: string;
  readonly to: string;
  readonly cause: string;
  readonly inWindow: boolean | 'unknown';
  readonly outcome: string;
  readonly attempt?: string | undefined;
};

export type Truth = {
  /** Those that ended well: no fault of a chaos run lets a roll fail. */
  readonly rolls: readonly TrueRoll[];
  readonly posts: readonly TruePost[];
  readonly open: ReadonlyMap<string, OpenTime>;
};

/** Each difference as a sentence; none: the record is the truth. */
export function differences(truth: Truth, rows: readonly Row[], ledger: readonly Row[]): readonly string[] {
  const transitions = rows.filter(({ kind }) => kind === 'transition');
  return [
    ...compareRolls('history', truth.rolls, transitions),
    ...compareRolls(
      'ledger',
      truth.rolls,
      ledger.filter(({ kind }) => kind === 'transition'),
    ),
    ...rows.filter(isNoRoll).map((row) => `history: ${nameOf(row)} is a roll that ${row.outcome}, which none did`),
    ...judgeRows(truth, transitions),
    ...judgePosts(truth),
    ...sharedAttempts(rows),
  ];
}

function compareRolls(where: string, rolls: readonly TrueRoll[], rows: readonly Row[]): readonly string[] {
  const [happened, recorded] = [countBy(rolls, nameOf), countBy(rows, nameOf)];
  return [...new Set([...happened.keys(), ...recorded.keys()])].flatMap((name) => {
    const [true_, told] = [happened.get(name) ?? 0, recorded.get(name) ?? 0];
    return true_ === told ? [] : [`${where}: ${name} happened ${true_} times and is recorded ${told} times`];
  });
}

/** A `rolled` row tells of a roll that left the image, or of an attempt that came to nothing. */
function isNoRoll({ kind, outcome }: Row): boolean {
  return kind === 'rolled' && outcome !== 'notStarted';
}

function judgeRows(truth: Truth, rows: readonly Row[]): readonly string[] {
  return rows.flatMap((row) => {
    const roll = truth.rolls.find((one) => nameOf(one) === nameOf(row));
    if (!roll) return [];
    const cause = roll.by === 'keeper' ? 'keeper' : 'manual';
    const inWindow = isOpen(truth, roll.cluster, roll.startedAt);
    return [
      row.cause === cause || row.cause === 'unknown' ? [] : `${nameOf(row)} by the ${roll.by} has cause ${row.cause}`,
      row.inWindow === inWindow || row.inWindow === 'unknown'
        ? []
        : `${nameOf(row)} says inWindow ${row.inWindow}, and started at ${roll.startedAt.toString()}`,
    ].flat();
  });
}

function judgePosts(truth: Truth): readonly string[] {
  const ids = countBy(
    truth.posts.filter(({ correlationId }) => correlationId !== undefined),
    ({ correlationId }) => correlationId ?? '',
  );
  return truth.posts.flatMap((post) => {
    const what = `the request for ${shortName(post)} at ${post.at.toString()}`;
    return [
      isOpen(truth, post.cluster, post.at) ? [] : `${what} was outside the window`,
      post.during === 'keeper' ? `${what} came while the keeper's own roll ran` : [],
      (ids.get(post.correlationId ?? '') ?? 0) > 1 ? `${what} was sent twice` : [],
    ].flat();
  });
}

function sharedAttempts(rows: readonly Row[]): readonly string[] {
  const attempts = countBy(
    rows.filter(({ attempt }) => attempt !== undefined),
    ({ attempt }) => attempt ?? '',
  );
  return [...attempts].flatMap(([id, times]) => (times > 1 ? [`attempt ${id} stands in ${times} rows`] : []));
}

function isOpen({ open }: Truth, cluster: string, at: Temporal.Instant): boolean {
  const time = open.get(cluster);
  if (!time) return false;
  return Temporal.Instant.compare(time.opensAt, at) <= 0 && Temporal.Instant.compare(at, time.closesAt) < 0;
}

function nameOf(roll: Pick<TrueRoll, 'cluster' | 'nodePool' | 'from' | 'to'>): string {
  return `${shortName(roll)} from ${roll.from} to ${roll.to}`;
}

function shortName({ cluster, nodePool }: Pick<TrueRoll, 'cluster' | 'nodePool'>): string {
  return `${cluster.split('/').at(-1)}/${nodePool}`;
}

function countBy<T>(values: readonly T[], key: (value: T) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(key(value), (counts.get(key(value)) ?? 0) + 1);
  return counts;
}
