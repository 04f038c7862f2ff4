// What harms one cluster, and must harm no other: rows of the keeper's tables that somebody damages, answers of ARM that no
// keeper expects, and floods of events. Used by drawOptions.ts.
import { createDraw, type Draw } from './seed.ts';

const minute = 60_000;
const hour = 60 * minute;

/** Whose rows. Common ones stand more than once. */
const rowKinds = [
  ...([
    'chainHead',
    'chainHead',
    'chainHead',
    'chainHead',
    'poolHead',
    'starts',
    'starts',
    'starts',
    'facts',
    'verdict',
    'budget',
  ] as const),
  ...(['mark', 'poolView', 'poolView', 'historyCursor', 'told', 'notification', 'evidence', 'hold', 'hold'] as const),
] as const;
export type RowKind = (typeof rowKinds)[number] | 'entry';

const ways = ['noJson', 'null', 'number', 'list', 'empty', 'another', 'older', 'deleted'] as const;
export type Way = (typeof ways)[number];

/** Times are epoch milliseconds. */
export type Damage = {
  readonly kind: RowKind;
  readonly way: Way;
  readonly from: number;
  /** People put back by then what the keeper did not mend. */
  readonly to: number;
};

/** Of one kind of events, within some seconds. */
export type Flood = {
  readonly from: number;
  /** Rather when the next window opens, which is when all others wait for the keeper. */
  readonly isAtOpening: boolean;
  readonly events: number;
  readonly of: 'cluster' | 'strangers' | 'malformed';
};

const oddities = ['nulls', 'noPoolName', 'longError', 'manyDates', 'longTags', 'manyPools', 'controls'] as const;
export type Oddity = (typeof oddities)[number];

/** What ARM answers about a cluster for a while. */
export type Oddness = { readonly oddity: Oddity; readonly cluster: number; readonly from: number; readonly to: number };

export type HarmOptions = {
  readonly damages: readonly Damage[];
  readonly oddnesses: readonly Oddness[];
  readonly floods: readonly Flood[];
};

/** All of it but floods is over when the quiet time begins. */
export function drawHarm(seed: number, from: number, quietFrom: number, endAt: number): HarmOptions {
  if (quietFrom === from) return { damages: [], oddnesses: [], floods: [] };
  const last = quietFrom - hour;
  const some = <T>(name: string, chance: number, most: number, make: (draw: Draw) => T): readonly T[] => {
    const draw = createDraw(seed, name);
    return draw.chance(chance) ? Array.from({ length: draw.whole(1, most) }, () => make(draw)) : [];
  };
  const span = (draw: Draw) => {
    const begins = draw.whole(from, last);
    return { from: begins, to: Math.min(last, begins + draw.whole(1, 14) * hour) };
  };
  const damaged = some('damaged rows', 0.35, 14, (draw): Damage => {
    const kind = draw.pick(rowKinds);
    return { kind, way: wayOf(draw, kind), ...span(draw) };
  });
  const entries = some(
    'damaged entries',
    0.04,
    2,
    (draw): Damage => ({ kind: 'entry', way: wayOf(draw, 'entry'), ...span(draw) }),
  );
  return {
    damages: [...damaged, ...entries],
    oddnesses: some('odd answers', 0.3, 4, (draw) => ({
      oddity: draw.pick(oddities),
      cluster: draw.whole(0, 5),
      ...span(draw),
    })),
    floods: some('floods', 0.2, 2, (draw) => ({
      from: draw.chance(0.5) ? draw.whole(from, last) : draw.whole(quietFrom + 13 * hour, endAt - 48 * hour),
      isAtOpening: draw.chance(0.6),
      events: draw.whole(200, 1000),
      of: draw.pick(['cluster', 'cluster', 'strangers', 'malformed'] as const),
    })),
  };
}

/** What can be lost, or is read as somebody else's, where the keeper can know. */
const others: Partial<Record<RowKind, readonly Way[]>> = {
  chainHead: ['another', 'older', 'deleted', 'deleted', 'deleted', 'deleted'],
  poolHead: ['deleted'],
  starts: ['another'],
  facts: ['older', 'deleted'],
  mark: ['older', 'deleted'],
  poolView: ['another', 'older', 'deleted'],
  historyCursor: ['older', 'deleted'],
  told: ['older'],
};

function wayOf(draw: Draw, kind: RowKind): Way {
  return draw.pick([
    ...(['noJson', 'null', 'number', 'list', 'empty'] as const),
    ...(others[kind] ?? []),
    ...(others[kind] ?? []),
  ]);
}

export function describeHarm({ damages, oddnesses, floods }: HarmOptions): readonly string[] {
  const at = (time: number) => new Date(time).toISOString().slice(0, 16);
  return [
    ...damages.map(({ kind, way, from, to }) => `a row ${kind} becomes ${way} at ${at(from)}Z until ${at(to)}Z`),
    ...oddnesses.map(
      (one) => `ARM answers ${one.oddity} of cluster ${one.cluster + 1} from ${at(one.from)}Z to ${at(one.to)}Z`,
    ),
    ...floods.map(({ from, events, of }) => `${events} events at ${at(from)}Z: ${of}`),
  ];
}
