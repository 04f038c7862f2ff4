// Runs a timer function at its schedule, one run at a time. Called by startFunctionsHost.ts.
import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../../shared/ports/clock.ts';
import type { InvocationOutcome, Invoke } from '../worker/invoke.ts';
import type { TimerFunction } from './readFunctions.ts';

/** Calls `run` once after a delay. Answers how to call it off. */
export type After = (milliseconds: number, run: () => void) => () => void;

export type RunningTimer = {
  /** Runs it now, beside its schedule, as POST /admin/functions/{name} does. */
  readonly runNow: (reason: string) => Promise<InvocationOutcome>;
  readonly stop: () => void;
};

/** setTimeout holds 24.8 days at most: a longer wait is one of several. */
const longestWait = 24 * 24 * 60 * 60 * 1000;

/** From here on a run counts as late. Less is the jitter of any timer. */
const lateAfterMilliseconds = 1000;

/** .NET's DateTime.MinValue, which is what a schedule status says before the first run. */
const never = '0001-01-01T00:00:00';

/**
 * As the real host's TimerListener does: the next occurrence counts from the start of the last run, so that ticks during
 * a long run collapse into one run right after it; never two at once; a failure, after its retries, waits for the next tick. Late
 * runs say isPastDue. Nothing is kept over a restart (the real host keeps the status in a blob).
 */
export function startTimer(
  timer: TimerFunction & { readonly disabled?: boolean | undefined },
  deps: {
    readonly clock: Clock;
    readonly after: After;
    readonly invoke: Invoke;
    /** Runs it again when it fails, as its retry policy says; a run by hand is not retried. */
    readonly invokeWithRetries?: Invoke;
  },
): RunningTimer {
  const { clock, after, invoke } = deps;
  let stopped = false;
  let last: Temporal.Instant | undefined;
  let next = timer.schedule.next(clock.now());
  let callOff = () => {};
  // The real host keeps no status of schedules that fire more than once in a minute.
  const monitored = timer.useMonitor && timer.schedule.next(next).since(next).total('minutes') >= 1;

  function arm(): void {
    if (stopped) return;
    const wait = Math.max(0, next.since(clock.now()).total('milliseconds'));
    callOff = after(Math.min(Math.ceil(wait), longestWait), () => void tick());
  }

  async function tick(): Promise<void> {
    const now = clock.now();
    const lateness = now.since(next).total('milliseconds');
    if (lateness >= 0) await run(now, lateness >= lateAfterMilliseconds);
    arm();
  }

  async function run(now: Temporal.Instant, isPastDue: boolean): Promise<void> {
    await execute(isPastDue, `Timer fired at ${now.toString()}`, deps.invokeWithRetries ?? invoke);
    last = now;
    next = timer.schedule.next(now);
  }

  function execute(isPastDue: boolean, reason: string, invoke: Invoke): Promise<InvocationOutcome> {
    const status = {
      Last: last ? dotNetTime(last) : never,
      Next: dotNetTime(next),
      LastUpdated: last ? dotNetTime(last) : never,
    };
    const info = {
      Schedule: { AdjustForDST: true },
      ScheduleStatus: monitored ? status : null,
      IsPastDue: isPastDue,
    };
    return invoke({ fn: timer.fn, data: { json: JSON.stringify(info) }, reason });
  }

  if (timer.runOnStartup && !timer.disabled) void run(clock.now(), false).then(arm);
  else if (!timer.disabled) arm();

  return {
    runNow: (reason) => execute(false, reason, invoke),
    stop: () => {
      stopped = true;
      callOff();
    },
  };
}

/** As .NET writes a time in UTC. */
function dotNetTime(instant: Temporal.Instant): string {
  return instant.toString().replace('Z', '+00:00');
}
