// The timers of the app in virtual time. A tick at which nothing can have changed since the last one would do nothing, so
// most of those are left out: that is what lets weeks go by in a moment. Used by run.ts.
import type { Faults } from './faults.ts';
import type { Schedule } from './schedule.ts';
import type { Draw } from './seed.ts';

const minute = 60_000;

export type Timers = {
  /** Something can change in this span, so that every tick counts; only where it matters, when that is given. */
  readonly wake: (from: number, to: number, matters?: () => boolean) => void;
  /** An attempt is in flight: it is followed from now on. */
  readonly follow: () => void;
  readonly begin: () => void;
};

type Span = { readonly from: number; readonly to: number; readonly matters: (() => boolean) | undefined };

export function createTimers(options: {
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
}): Timers {
  const { schedule, draw, faults } = options;
  let spans: Span[] = [];
  let isFollowing = false;
  /** Nothing is planned before `begin`. */
  let planAt = 0;
  let planTurn = 0;

  /** One at a time, as the host sees to it; a tick can be missed, or come late. */
  function ticker(run: () => Promise<unknown>): () => void {
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

  const plan = ticker(options.plan);
  const follow = ticker(options.followUpgrades);
  const weekly = ticker(options.checkWeekly);

  function nextPlan(): number {
    const now = schedule.now();
    spans = spans.filter(({ to }) => to > now).sort((a, b) => a.from - b.from);
    const sparse = options.isBusy() ? draw.pick(options.busy) * 5 * minute : draw.whole(1, 12) * 60 * minute;
    const span = spans.find(({ from, matters }) => from >= now + sparse || !matters || matters());
    const awake = Math.min(now + sparse, span?.from ?? Number.POSITIVE_INFINITY);
    return Math.ceil(Math.max(awake, now + 1) / (5 * minute)) * 5 * minute;
  }

  function schedulePlan(): void {
    const at = nextPlan();
    planTurn += 1;
    const turn = planTurn;
    planAt = at;
    schedule.at(at, () => {
      // Another was set for an earlier time meanwhile.
      if (turn !== planTurn) return;
      plan();
      schedulePlan();
    });
  }

  function tickFollow(): void {
    if (!options.hasAttempts()) {
      isFollowing = false;
      return;
    }
    follow();
    schedule.at(schedule.now() + draw.pick([1, 1, 1, 2, 4]) * minute, tickFollow);
  }

  return {
    wake: (from, to, matters) => {
      spans.push({ from, to, matters });
      if (from < planAt) schedulePlan();
    },
    follow: () => {
      if (isFollowing) return;
      isFollowing = true;
      schedule.at(Math.ceil((schedule.now() + 1) / minute) * minute, tickFollow);
    },
    begin: () => {
      schedulePlan();
      const week = 7 * 24 * 60 * minute;
      // Monday 06:00 UTC; 1970 began on a Thursday.
      const monday = 4 * 24 * 60 * minute + 6 * 60 * minute;
      const first = Math.ceil((schedule.now() - monday) / week) * week + monday;
      const tick = (at: number) =>
        schedule.at(at, () => {
          weekly();
          tick(at + week);
        });
      tick(first);
    },
  };
}
