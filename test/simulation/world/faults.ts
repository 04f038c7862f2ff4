// What goes wrong on the way between the keeper and the world: faults strike at the rates that were drawn, until the quiet
// time. Used by ports.ts, transport.ts, topic.ts, functionsHost.ts and timers.ts.
import type { FaultKind, FaultRates } from '../draw/drawFaults.ts';
import type { Draw } from '../draw/seed.ts';
import type { Invocation } from '../record/record.ts';
import type { Schedule } from './schedule.ts';

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

export type FaultsOptions = {
  readonly draw: Draw;
  readonly rates: FaultRates;
  readonly schedule: Schedule;
  readonly isQuiet: () => boolean;
  /** True when several invocations are under way, so that their calls must be put in an order. */
  readonly isCrowded: () => boolean;
  readonly die: (invocation: Invocation) => void;
  /** When the world next changes by itself. */
  readonly nextChangeAt: () => number | undefined;
  readonly onStrike: (kind: FaultKind, invocation: Invocation | undefined) => void;
};

export function createFaults(options: FaultsOptions): Faults {
  const { draw, rates } = options;
  const counts = new Map<string, number>();
  const faults: Faults = {
    strikes: (kind, invocation) => {
      if (options.isQuiet() || !draw.chance(rates.get(kind) ?? 0)) return false;
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      invocation?.faults.push(kind);
      options.onStrike(kind, invocation);
      return true;
    },
    counts,
    call: (invocation, effect, special, longest = Number.POSITIVE_INFINITY) => {
      if (!invocation.alive) return never();
      return callStruck(options, invocation, effect, special ?? anyStrike(options, faults, invocation, longest));
    },
    draw,
  };
  return faults;
}

/** A call of a dead invocation never answers. */
const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

async function callStruck<T>(
  { draw, schedule, isCrowded, die }: FaultsOptions,
  invocation: Invocation,
  effect: () => T | Promise<T>,
  struck: Struck<T>,
): Promise<T> {
  const before = struck.before ?? (invocation.pace > 0 ? draw.whole(0, invocation.pace) : 0);
  if (isCrowded() || before > 0) await schedule.wait(before);
  if (!invocation.alive) return never();
  if (struck.crash === 'before') die(invocation);
  if (!invocation.alive) return never();
  let result: T | undefined;
  let thrown: { readonly error: unknown } | undefined;
  try {
    result = struck.instead ? struck.instead() : await effect();
    if (struck.afterwards) result = struck.afterwards();
  } catch (error) {
    thrown = { error };
  }
  if (struck.crash === 'after') die(invocation);
  if (struck.after) await schedule.wait(struck.after);
  if (!invocation.alive) return never();
  if (thrown) throw thrown.error;
  return result as T;
}

function anyStrike<T>(options: FaultsOptions, faults: Faults, invocation: Invocation, longest: number): Struck<T> {
  const { draw, rates, schedule } = options;
  const { strikes } = faults;
  const half = (long: number): Struck<T> => (draw.chance(0.5) ? { before: long } : { after: long });
  if (strikes('crashBefore', invocation)) return { crash: 'before' };
  if (strikes('crashAfter', invocation)) return { crash: 'after' };
  if (strikes(invocation.name === 'startUpgrade' ? 'frozenStarter' : 'frozen', invocation)) {
    return half(Math.min(draw.whole(5_000, longestFreeze), longest));
  }
  // Whoever read the world before it changed wakes up when others have noted the change.
  const canFreeze = !options.isQuiet() && (rates.get('frozenOverChange') ?? 0) > 0;
  const change = ((canFreeze && options.nextChangeAt()) || Number.POSITIVE_INFINITY) - schedule.now();
  if (change < Math.min(longestFreeze, longest) && strikes('frozenOverChange', invocation)) {
    return half(Math.min(change + draw.whole(1_000, 20_000), longest));
  }
  if (strikes('slow', invocation)) return { before: draw.whole(0, 2_500), after: draw.whole(0, 2_500) };
  return {};
}

export function failed(why: string): never {
  throw new Error(`Simulated: ${why}`);
}
