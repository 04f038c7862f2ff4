// Runs a timer function at its schedule, one run at a time. Called by startFunctionsHost.ts.
import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../../shared/ports/clock.ts';
import { type After, maxTimeout } from '../worker/after.ts';
import type { InvocationOutcome, Invoke } from '../worker/invoke.ts';
import type { TimerFunction } from './readFunctions.ts';

export type RunningTimer = ReturnType<typeof startTimer>;

/** A run is late from here on. Less is the jitter of any timer. */
const lateAfterMilliseconds = 1000;

type Status = { last: Temporal.Instant | undefined; next: Temporal.Instant };

type Deps = {
  readonly clock: Clock;
  readonly after: After;
  readonly invoke: Invoke;
  /** Runs it again when it fails, as its retry policy says; a run by hand is not retried. */
  readonly invokeWithRetries?: Invoke;
};

/**
 * As the real host's TimerListener does: the next occurrence counts from the start of the last run, so that ticks during a
 * long run collapse into one run right after it. Nothing is kept over a restart (the real host keeps a blob).
 */
export function startTimer(timer: TimerFunction & { readonly disabled?: boolean | undefined }, deps: Deps) {
  const { clock, after, invoke } = deps;
  const status: Status = { last: undefined, next: timer.schedule.next(clock.now()) };
  let stopped = false;
  let callOff = () => {};
  const isMonitored = timer.useMonitor && firesAtMostOnceAMinute(timer, status.next);

  function arm(): void {
    if (stopped) return;
    const wait = Math.max(0, status.next.since(clock.now()).total('milliseconds'));
    callOff = after(Math.min(Math.ceil(wait), maxTimeout), () => void tick());
  }

  async function tick(): Promise<void> {
    const lateness = clock.now().since(status.next).total('milliseconds');
    if (lateness >= 0) await run(lateness >= lateAfterMilliseconds);
    arm();
  }

  async function run(isPastDue: boolean): Promise<void> {
    const now = clock.now();
    await execute(isPastDue, `Timer fired at ${now.toString()}`, deps.invokeWithRetries ?? invoke);
    status.last = now;
    status.next = timer.schedule.next(now);
  }

  const execute = (isPastDue: boolean, reason: string, how: Invoke) =>
    how({ fn: timer.fn, data: { json: timerInfo(isMonitored ? status : null, isPastDue) }, reason });

  if (timer.runOnStartup && !timer.disabled) void run(false).then(arm);
  else if (!timer.disabled) arm();
  return {
    runNow: (reason: string): Promise<InvocationOutcome> => execute(false, reason, invoke),
    stop: () => {
      stopped = true;
      callOff();
    },
  };
}

/** The real host keeps no status of schedules that fire more often. */
function firesAtMostOnceAMinute({ schedule }: TimerFunction, next: Temporal.Instant): boolean {
  return schedule.next(next).since(next).total('minutes') >= 1;
}

function timerInfo(status: Status | null, isPastDue: boolean): string {
  // .NET's DateTime.MinValue is what a schedule status says before the first run.
  const last = status?.last ? dotNetTime(status.last) : '0001-01-01T00:00:00';
  return JSON.stringify({
    Schedule: { AdjustForDST: true },
    ScheduleStatus: status && { Last: last, Next: dotNetTime(status.next), LastUpdated: last },
    IsPastDue: isPastDue,
  });
}

function dotNetTime(instant: Temporal.Instant): string {
  return instant.toString().replace('Z', '+00:00');
}
