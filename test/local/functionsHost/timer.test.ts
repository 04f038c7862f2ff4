// NCRONTAB schedules and timer triggers, on a clock moved by hand.
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import type { TimerFunction } from '../../../local/functionsHost/triggers/readFunctions.ts';
import { parseSchedule } from '../../../local/functionsHost/triggers/schedule.ts';
import { startTimer } from '../../../local/functionsHost/triggers/timerTrigger.ts';
import type { InvocationRequest } from '../../../local/functionsHost/worker/invoke.ts';
import { createHandClock } from './handClock.ts';

describe('schedules', () => {
  it.each([
    ['0 */5 * * * *', '2026-11-20T10:02:00Z', '2026-11-20T10:05:00Z'],
    ['0 */5 * * * *', '2026-11-20T10:05:00Z', '2026-11-20T10:10:00Z'],
    ['*/10 * * * * *', '2026-11-20T10:00:01.5Z', '2026-11-20T10:00:10Z'],
    ['0 0 6 * * Mon', '2026-11-20T10:00:00Z', '2026-11-23T06:00:00Z'],
    ['0 30 9 * jan mon-fri', '2026-11-20T10:00:00Z', '2027-01-01T09:30:00Z'],
    // Five fields are minutes and up.
    ['*/15 * * * *', '2026-11-20T10:01:00Z', '2026-11-20T10:15:00Z'],
    // A day has to satisfy both fields: the next Friday 13th.
    ['0 0 0 13 * 5', '2026-11-20T10:00:00Z', '2027-08-13T00:00:00Z'],
  ])('%s after %s fires at %s', (expression, from, expected) => {
    const next = parseSchedule(expression).next(Temporal.Instant.from(from));
    expect(next.toString()).toBe(expected);
  });

  it.each([
    ['00:05:00', 'is a time span, which Azure takes on App Service plans only'],
    ['1.00:00:00', 'is a time span'],
    ['every 5 minutes', 'is not NCRONTAB. Expected {second} {minute} {hour} {day} {month} {day of week}'],
    ['@hourly', 'is not NCRONTAB'],
    ['0 0 0 L * *', 'is not NCRONTAB'],
    ['0 0 0 ? * 2#1', 'is not NCRONTAB'],
    ['61 * * * * *', 'is not NCRONTAB'],
    ['* * * *', 'is not NCRONTAB'],
    ['0 0 0 30 2 *', 'never fires'],
  ])('%s is refused', (expression, message) => {
    expect(() => parseSchedule(expression)).toThrow(message);
  });
});

/** Starts a timer whose runs end when the test says so. */
function timerAt(start: string, timer: Partial<TimerFunction> & { readonly expression: string }) {
  const hand = createHandClock(start);
  const runs: { readonly at: string; readonly info: unknown; readonly end: (ok: boolean) => void }[] = [];
  const running = startTimer(
    {
      trigger: 'timer',
      fn: { metadata: { name: 'plan', bindings: {} }, callback: () => {} },
      schedule: parseSchedule(timer.expression),
      runOnStartup: false,
      useMonitor: true,
      ...timer,
    },
    {
      ...hand,
      invoke: (request: InvocationRequest) =>
        new Promise((resolve) => {
          runs.push({
            at: hand.clock.now().toString(),
            info: JSON.parse(request.data.json ?? ''),
            end: (ok) => resolve(ok ? { ok, response: {} } : { ok, error: new Error('failed') }),
          });
        }),
    },
  );
  const times = () => runs.map((run) => run.at);
  const endLast = async (ok = true) => {
    runs.at(-1)?.end(ok);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { hand, runs, running, times, endLast };
}

describe('timers', () => {
  it('fire at their schedule and tell the function last and next', async () => {
    const { hand, runs, times, endLast } = timerAt('2026-11-20T10:02:00Z', { expression: '0 */5 * * * *' });
    await hand.advanceTo('2026-11-20T10:05:00Z');
    await endLast();
    await hand.advanceTo('2026-11-20T10:10:00Z');
    expect(times()).toEqual(['2026-11-20T10:05:00Z', '2026-11-20T10:10:00Z']);
    expect(runs.map((run) => run.info)).toEqual([
      {
        Schedule: { AdjustForDST: true },
        ScheduleStatus: {
          Last: '0001-01-01T00:00:00',
          Next: '2026-11-20T10:05:00+00:00',
          LastUpdated: '0001-01-01T00:00:00',
        },
        IsPastDue: false,
      },
      {
        Schedule: { AdjustForDST: true },
        ScheduleStatus: {
          Last: '2026-11-20T10:05:00+00:00',
          Next: '2026-11-20T10:10:00+00:00',
          LastUpdated: '2026-11-20T10:05:00+00:00',
        },
        IsPastDue: false,
      },
    ]);
  });

  it('never overlap: the ticks of a long run become one late run after it', async () => {
    const { hand, runs, times, endLast } = timerAt('2026-11-20T10:00:30Z', { expression: '0 * * * * *' });
    await hand.advanceTo('2026-11-20T10:01:00Z');
    await hand.advanceTo('2026-11-20T10:03:20Z');
    expect(times()).toEqual(['2026-11-20T10:01:00Z']);
    await endLast();
    await hand.advanceTo('2026-11-20T10:03:20Z');
    expect(times()).toEqual(['2026-11-20T10:01:00Z', '2026-11-20T10:03:20Z']);
    expect(runs[1]?.info).toMatchObject({ IsPastDue: true });
    await endLast();
    await hand.advanceTo('2026-11-20T10:04:00Z');
    expect(times().at(-1)).toBe('2026-11-20T10:04:00Z');
    expect(runs[2]?.info).toMatchObject({ IsPastDue: false });
  });

  it('are past due after the machine slept', async () => {
    const { hand, runs, times } = timerAt('2026-11-20T10:00:30Z', { expression: '0 */5 * * * *' });
    hand.set('2026-11-20T13:07:00Z');
    await hand.advanceTo('2026-11-20T13:07:00Z');
    expect(times()).toEqual(['2026-11-20T13:07:00Z']);
    expect(runs[0]?.info).toMatchObject({ IsPastDue: true });
  });

  it('do not run early when the timeout does', async () => {
    const { hand, times } = timerAt('2026-11-20T10:00:30Z', { expression: '0 */5 * * * *' });
    hand.set('2026-11-20T10:04:59.999Z');
    await hand.fireNext();
    expect(times()).toEqual([]);
    await hand.advanceTo('2026-11-20T10:05:00Z');
    expect(times()).toEqual(['2026-11-20T10:05:00Z']);
  });

  it('wait longer than setTimeout can', async () => {
    const { hand, times } = timerAt('2026-11-20T10:00:00Z', { expression: '0 0 0 1 6 *' });
    await hand.advanceTo('2027-06-01T00:00:00Z');
    expect(times()).toEqual(['2027-06-01T00:00:00Z']);
  });

  it('run at the next tick after a failure, not before', async () => {
    const { hand, times, endLast } = timerAt('2026-11-20T10:02:00Z', { expression: '0 */5 * * * *' });
    await hand.advanceTo('2026-11-20T10:05:00Z');
    await endLast(false);
    await hand.advanceTo('2026-11-20T10:09:59Z');
    expect(times()).toHaveLength(1);
    await hand.advanceTo('2026-11-20T10:10:00Z');
    expect(times()).toHaveLength(2);
  });

  it('run at the start when told to, and then at their schedule', async () => {
    const timer = timerAt('2026-11-20T10:02:00Z', { expression: '0 */5 * * * *', runOnStartup: true });
    expect(timer.times()).toEqual(['2026-11-20T10:02:00Z']);
    await timer.endLast();
    await timer.hand.advanceTo('2026-11-20T10:05:00Z');
    expect(timer.times()).toHaveLength(2);
  });

  it.each([{ expression: '*/10 * * * * *' }, { expression: '0 */5 * * * *', useMonitor: false }])(
    'have no schedule status with $expression, monitor $useMonitor',
    async (timer) => {
      const { runs, running } = timerAt('2026-11-20T10:02:00Z', timer);
      void running.runNow('by hand');
      expect(runs[0]?.info).toMatchObject({ ScheduleStatus: null });
    },
  );

  it('run by hand beside their schedule', async () => {
    const { hand, running, times, endLast } = timerAt('2026-11-20T10:02:00Z', { expression: '0 */5 * * * *' });
    const run = running.runNow('by hand');
    await endLast();
    expect((await run).ok).toBe(true);
    await hand.advanceTo('2026-11-20T10:05:00Z');
    expect(times()).toEqual(['2026-11-20T10:02:00Z', '2026-11-20T10:05:00Z']);
  });

  it('leave nothing behind when stopped, also in the middle of a run', async () => {
    const { hand, running, endLast } = timerAt('2026-11-20T10:02:00Z', { expression: '0 */5 * * * *' });
    await hand.advanceTo('2026-11-20T10:05:00Z');
    running.stop();
    await endLast();
    expect(hand.waiting()).toBe(0);
  });
});
