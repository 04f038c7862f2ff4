// The timers of the app in virtual time. A tick at which nothing can have changed since the last one would do nothing, so
// most of those are left out: that is what lets weeks go by in a moment. Used by createWorld.ts.
import type { Draw } from '../../draw/seed.ts';
import type { Faults } from '../faults.ts';
import type { Schedule } from '../schedule.ts';

const minute = 60_000;

export type Timers = {
  /** Something can change in this span, so that every tick counts; only where it matters, when that is given. */
  readonly wake: (from: number, to: number, matters?: () => boolean) => void;
  /** An attempt is in flight, or something waits until then: it is followed from now on. */
  readonly follow: (until?: number) => void;
  readonly begin: () => void;
};

type Span = { readonly from: number; readonly to: number; readonly matters: (() => boolean) | undefined };

type TimersOptions = {
  readonly schedule: Schedule;
  readonly draw: Draw;
  readonly faults: Faults;
  readonly plan: () => Promise<unknown>;
  readonly followUpgrades: () => Promise<unknown>;
  readonly checkWeekly: () => Promise<unknown>;
  /** True while something is due where a window is open, or in flight: ticks then count, though not every one. */
  readonly isBusy: () => boolean;
  readonly hasAttempts: () => boolean;
  /** How many ticks apart those that count are, while something is due. */
  readonly busy: readonly number[];
};

type Plan = {
  spans: Span[];
  /** When the next pass is, and which of those set counts. Nothing is planned before `begin`. */
  at: number;
  turn: number;
};

export function createTimers(options: TimersOptions): Timers {
  const { schedule } = options;
  const plan: Plan = { spans: [], at: 0, turn: 0 };
  const pass = ticker(options, options.plan);
  const follow = ticker(options, options.followUpgrades);
  const weekly = ticker(options, options.checkWeekly);
  let isFollowing = false;
  let followedTo = 0;

  const tickFollow = (): void => {
    isFollowing = options.hasAttempts() || schedule.now() < followedTo;
    if (!isFollowing) return;
    follow();
    schedule.at(schedule.now() + options.draw.pick([1, 1, 1, 2, 4]) * minute, tickFollow);
  };
  return {
    wake: (from, to, matters) => {
      plan.spans.push({ from, to, matters });
      if (from < plan.at) schedulePass(options, plan, pass);
    },
    follow: (until = 0) => {
      followedTo = Math.max(followedTo, until);
      if (isFollowing) return;
      isFollowing = true;
      schedule.at(Math.ceil((schedule.now() + 1) / minute) * minute, tickFollow);
    },
    begin: () => {
      schedule.at(schedule.now(), pass);
      schedulePass(options, plan, pass);
      tickWeekly(schedule, weekly);
    },
  };
}

/** One at a time, as the host sees to it; a tick can be missed, or come late. */
function ticker({ schedule, draw, faults }: TimersOptions, run: () => Promise<unknown>): () => void {
  let isRunning = false;
  const tick = async () => {
    if (isRunning) return;
    isRunning = true;
    await run();
    isRunning = false;
  };
  return () => {
    if (faults.strikes('tickSkipped')) return;
    if (faults.strikes('tickLate')) schedule.at(schedule.now() + draw.whole(1, 240) * 1000, () => void tick());
    else void tick();
  };
}

function schedulePass(options: TimersOptions, plan: Plan, pass: () => void): void {
  plan.at = nextPass(options, plan);
  plan.turn += 1;
  const { turn } = plan;
  options.schedule.at(plan.at, () => {
    // Another was set for an earlier time meanwhile.
    if (turn !== plan.turn) return;
    pass();
    schedulePass(options, plan, pass);
  });
}

function nextPass({ schedule, draw, isBusy, busy }: TimersOptions, plan: Plan): number {
  const now = schedule.now();
  plan.spans = plan.spans.filter(({ to }) => to > now).sort((a, b) => a.from - b.from);
  const sparse = isBusy() ? draw.pick(busy) * 5 * minute : draw.whole(1, 12) * 60 * minute;
  const span = plan.spans.find(({ from, matters }) => from >= now + sparse || !matters || matters());
  const awake = Math.min(now + sparse, span?.from ?? Number.POSITIVE_INFINITY);
  return Math.ceil(Math.max(awake, now + 1) / (5 * minute)) * 5 * minute;
}

/** Mondays at 06:00 UTC; 1970 began on a Thursday. */
function tickWeekly(schedule: Schedule, weekly: () => void): void {
  const week = 7 * 24 * 60 * minute;
  const monday = 4 * 24 * 60 * minute + 6 * 60 * minute;
  const tick = (at: number) =>
    schedule.at(at, () => {
      weekly();
      tick(at + week);
    });
  tick(Math.ceil((schedule.now() - monday) / week) * week + monday);
}
