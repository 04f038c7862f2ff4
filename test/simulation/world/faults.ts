// What goes wrong on the way between the keeper and the world, and how often: each run draws its own mix, so that some
// suffer one thing often and others many things rarely. Used by ports.ts, transport.ts, functionsHost.ts and timers.ts.
import type { Invocation } from '../record/record.ts';
import type { Schedule } from './schedule.ts';
import type { Draw } from './seed.ts';

const kinds = [
  'crashBefore',
  'crashAfter',
  'slow',
  'frozen',
  'frozenStarter',
  'frozenOverChange',
  'crashAtRequest',
  'tableError',
  'tableLostAnswer',
  'tableConflict',
  'tableConflictOnOwnWrite',
  'queueError',
  'queueLostAnswer',
  'armServerError',
  'armServerErrorAfter',
  'armReset',
  'armResetAfter',
  'armTimeOut',
  'armTimeOutAfter',
  'armThrottled',
  'armBusy',
  'armPrecondition',
  'armStaleList',
  'armShortList',
  'armUnreadableLatest',
  'eventLost',
  'eventDoubled',
  'eventLate',
  'messageLost',
  'messageDoubled',
  'messageLate',
  'messageKept',
  'tickSkipped',
  'tickLate',
] as const;
/** Those of the topic, which draws for itself. */
export const topicKinds = ['topicError', 'topicLostAnswer', 'topicPart'] as const;
export type FaultKind = (typeof kinds)[number] | (typeof topicKinds)[number];

/** An invocation is given up after five minutes. */
const longestFreeze = 280_000;

/** What befalls one call: at most one thing. */
export type Struck<T> = {
  /** Milliseconds before it takes effect, and from there to its answer. */
  readonly before?: number;
  readonly after?: number;
  readonly crash?: 'before' | 'after';
  /** Answers or throws, and nothing takes effect. */
  readonly instead?: () => T;
  /** Answers or throws after it took effect. */
  readonly afterwards?: () => T;
};

export type Faults = {
  /** True when this kind strikes now; then it is counted, and noted with the invocation. */
  readonly strikes: (kind: FaultKind, invocation?: Invocation) => boolean;
  readonly counts: ReadonlyMap<string, number>;
  /** A call of an invocation: it may be slow, fail, or be the last thing that the invocation does. */
  readonly call: <T>(
    invocation: Invocation,
    effect: () => T | Promise<T>,
    struck: Struck<T> | undefined,
    /** Milliseconds after which the caller gives up. */
    longest?: number,
  ) => Promise<T>;
  readonly draw: Draw;
};

export function createFaults(options: {
  readonly draw: Draw;
  readonly schedule: Schedule;
  /** Kinds beside the usual ones. */
  readonly more?: readonly FaultKind[];
  /** 0: never. */
  readonly intensity: number;
  readonly isQuiet: () => boolean;
  /** True when several invocations are under way, so that their calls must be put in an order. */
  readonly isCrowded: () => boolean;
  readonly die: (invocation: Invocation) => void;
  /** When the world next changes by itself. */
  readonly nextChangeAt: () => number | undefined;
  readonly onStrike: (kind: FaultKind, invocation: Invocation | undefined) => void;
}): Faults {
  const { draw, schedule, intensity } = options;
  const rates = new Map(
    [...kinds, ...(options.more ?? [])].map((kind) => [kind, drawRate(draw) * intensity * (frequency[kind] ?? 1)]),
  );
  const counts = new Map<string, number>();

  function strikes(kind: FaultKind, invocation?: Invocation): boolean {
    if (options.isQuiet() || !draw.chance(rates.get(kind) ?? 0)) return false;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    invocation?.faults.push(kind);
    options.onStrike(kind, invocation);
    return true;
  }

  /** A call of a dead invocation never answers. */
  const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

  async function call<T>(
    invocation: Invocation,
    effect: () => T | Promise<T>,
    special: Struck<T> | undefined,
    longest = Number.POSITIVE_INFINITY,
  ): Promise<T> {
    if (!invocation.alive) return never();
    const struck: Struck<T> = special ?? anyStrike(invocation, longest);
    const before = struck.before ?? (invocation.pace > 0 ? draw.whole(0, invocation.pace) : 0);
    if (options.isCrowded() || before > 0) await schedule.wait(before);
    if (!invocation.alive) return never();
    if (struck.crash === 'before') options.die(invocation);
    if (!invocation.alive) return never();
    let result: T | undefined;
    let thrown: { readonly error: unknown } | undefined;
    try {
      result = struck.instead ? struck.instead() : await effect();
      if (struck.afterwards) result = struck.afterwards();
    } catch (error) {
      thrown = { error };
    }
    if (struck.crash === 'after') options.die(invocation);
    if (struck.after) await schedule.wait(struck.after);
    if (!invocation.alive) return never();
    if (thrown) throw thrown.error;
    return result as T;
  }

  function anyStrike<T>(invocation: Invocation, longest: number): Struck<T> {
    if (strikes('crashBefore', invocation)) return { crash: 'before' };
    if (strikes('crashAfter', invocation)) return { crash: 'after' };
    if (strikes(invocation.name === 'startUpgrade' ? 'frozenStarter' : 'frozen', invocation)) {
      const long = Math.min(draw.whole(5_000, longestFreeze), longest);
      return draw.chance(0.5) ? { before: long } : { after: long };
    }
    // Whoever read the world before it changed wakes up when others have noted the change.
    const canFreeze = !options.isQuiet() && (rates.get('frozenOverChange') ?? 0) > 0;
    const change = ((canFreeze && options.nextChangeAt()) || Number.POSITIVE_INFINITY) - schedule.now();
    if (change < Math.min(longestFreeze, longest) && strikes('frozenOverChange', invocation)) {
      const long = Math.min(change + draw.whole(1_000, 20_000), longest);
      return draw.chance(0.5) ? { before: long } : { after: long };
    }
    if (strikes('slow', invocation)) return { before: draw.whole(0, 2_500), after: draw.whole(0, 2_500) };
    return {};
  }

  return { strikes, counts, call, draw };
}

function drawRate(draw: Draw): number {
  const kind = draw.next();
  if (kind < 0.35) return 0;
  if (kind < 0.85) return 0.001 + 0.008 * draw.next();
  return 0.01 + 0.06 * draw.next();
}

/** Kinds that have fewer chances to strike than a call has, or that would drown all else. */
const frequency: Partial<Record<FaultKind, number>> = {
  crashBefore: 0.3,
  crashAfter: 0.3,
  frozen: 0.2,
  frozenStarter: 4,
  frozenOverChange: 30,
  crashAtRequest: 10,
  armServerErrorAfter: 10,
  armResetAfter: 10,
  armTimeOutAfter: 10,
  armBusy: 10,
  armPrecondition: 5,
  armStaleList: 4,
  armShortList: 2,
  armUnreadableLatest: 0.5,
  tableConflictOnOwnWrite: 2,
  eventLost: 10,
  eventDoubled: 10,
  eventLate: 10,
  messageDoubled: 5,
  messageLate: 5,
  messageKept: 2,
  tickSkipped: 5,
  tickLate: 5,
  topicError: 5,
  topicLostAnswer: 5,
  topicPart: 5,
};
