// Retry policies: what the host reads of them, when it runs a function again, and for which triggers.
import { app, type InvocationContext, output, type RetryOptions, trigger } from '@azure/functions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHostLog } from '../../../local/functionsHost/settings/hostLog.ts';
import { type FunctionsHost, startFunctionsHost } from '../../../local/functionsHost/startFunctionsHost.ts';
import { readRetryPolicy, withRetries } from '../../../local/functionsHost/triggers/retryPolicy.ts';
import type { InvocationOutcome, InvocationRequest } from '../../../local/functionsHost/worker/invoke.ts';
import { createHandClock } from './handClock.ts';

const fixed = { retryStrategy: 'fixedDelay', maxRetryCount: 2, delayInterval: { seconds: 10 } };
const exponential = {
  retryStrategy: 'exponentialBackoff',
  maxRetryCount: 5,
  minimumInterval: { seconds: 4 },
  maximumInterval: { seconds: 60 },
};

describe('the delays', () => {
  const first = (count: number, policy: object, random: number) => {
    const next = readRetryPolicy(policy, () => random).delays();
    return Array.from({ length: count }, () => next() / 1000);
  };

  it.each([
    ['fixed', fixed, 0.5, [10, 10, 10]],
    ['exponential', exponential, 0.5, [4, 8, 12, 20, 36, 60, 60]],
    ['exponential, a fifth less', exponential, 0, [4, 7.2, 10.4]],
    ['exponential, a fifth more', exponential, 1, [4, 8.8, 13.6]],
  ])('are %s', (_name, policy, random, expected) => {
    expect(first(expected.length, policy, random)).toEqual(expected.map((seconds) => expect.closeTo(seconds)));
  });

  it.each([
    [{ ...fixed, delayInterval: undefined }, 'delayInterval'],
    [{ ...fixed, maxRetryCount: -2 }, 'maxRetryCount'],
    [{ ...exponential, minimumInterval: { seconds: 61 } }, 'is greater than maximumInterval'],
    [{ ...fixed, retryStrategy: 'sometimes' }, 'retryStrategy'],
  ])('need a whole policy (%#)', (policy, message) => {
    expect(() => readRetryPolicy(policy)).toThrow(message);
  });
});

describe('the runs', () => {
  /** Runs under a policy, each run ending as `outcomes` say. */
  function retried(policy: object, outcomes: readonly boolean[]) {
    const hand = createHandClock('2026-11-20T10:00:00Z');
    const lines: string[] = [];
    const runs: InvocationRequest[] = [];
    const stopping = new AbortController();
    const invoke = withRetries(readRetryPolicy(policy), {
      ...hand,
      log: createHostLog((line) => lines.push(line), hand.clock, { default: 'debug' }),
      signal: stopping.signal,
      invoke: async (request): Promise<InvocationOutcome> => {
        runs.push(request);
        return outcomes[runs.length - 1] ? { ok: true, response: {} } : { ok: false, error: new Error('no') };
      },
    });
    const fn = { metadata: { name: 'plan', bindings: {} }, callback: () => {} };
    return { hand, lines, runs, stopping, done: invoke({ fn, data: {}, reason: 'Timer fired' }) };
  }

  it('end with the first success, and each is told which retry it is', async () => {
    const { hand, runs, lines, done } = retried(fixed, [false, true]);
    await hand.advanceTo('2026-11-20T10:00:09Z');
    expect(runs).toHaveLength(1);
    await hand.advanceTo('2026-11-20T10:00:10Z');
    expect((await done).ok).toBe(true);
    expect(runs.map(({ retryContext }) => retryContext)).toEqual([
      undefined,
      { retryCount: 1, maxRetryCount: 2, exception: { message: 'no', source: '', stackTrace: expect.any(String) } },
    ]);
    expect(lines).toEqual([
      expect.stringContaining(
        "Waiting for `00:00:10` before retrying function execution. Next attempt: '1'. Max retry count: '2'.",
      ),
    ]);
  });

  it('end when the policy is used up', async () => {
    const { hand, runs, lines, done } = retried(fixed, []);
    await hand.advanceTo('2026-11-20T10:01:00Z');
    expect((await done).ok).toBe(false);
    expect(runs).toHaveLength(3);
    expect(lines.at(-1)).toContain("Function execution failed after '2' retries.");
  });

  it('never end with a maximum of -1, until the host stops', async () => {
    const { hand, runs, stopping, done } = retried({ ...fixed, maxRetryCount: -1 }, []);
    await hand.advanceTo('2026-11-20T10:10:00Z');
    expect(runs).toHaveLength(61);
    stopping.abort();
    expect((await done).ok).toBe(false);
    expect(hand.waiting()).toBe(0);
  });
});

describe('an app with retry policies', () => {
  const lines: string[] = [];
  const seen: InvocationContext[] = [];
  const hand = createHandClock('2026-11-20T10:00:30Z');
  let host: FunctionsHost;

  beforeAll(async () => {
    const retry: RetryOptions = { strategy: 'fixedDelay', maxRetryCount: 2, delayInterval: { seconds: 5 } };
    const fail = (_input: unknown, context: InvocationContext) => {
      seen.push(context);
      throw new Error('not yet');
    };
    host = await startFunctionsHost({
      load: async () => {
        app.timer('retries', { schedule: '0 * * * * *', retry, handler: fail });
        app.generic('page', {
          trigger: trigger.http({ authLevel: 'anonymous' }),
          return: output.http({}),
          retry,
          handler: fail,
        });
      },
      settings: {},
      host: {},
      port: 0,
      log: (line) => lines.push(line),
      ...hand,
    });
  });

  afterAll(async () => {
    await host.stop();
  });

  it('sees timers retried, under new invocation ids', async () => {
    await hand.advanceTo('2026-11-20T10:01:00Z');
    expect(seen).toHaveLength(1);
    await hand.advanceTo('2026-11-20T10:01:30Z');
    expect(seen.map(({ retryContext }) => retryContext?.retryCount)).toEqual([undefined, 1, 2]);
    expect(seen[1]?.retryContext).toMatchObject({ maxRetryCount: 2, exception: { message: 'not yet' } });
    expect(new Set(seen.map(({ invocationId }) => invocationId)).size).toBe(3);
    // The tick that fell into nothing else comes as ever.
    await hand.advanceTo('2026-11-20T10:02:00Z');
    expect(seen).toHaveLength(4);
    await hand.advanceTo('2026-11-20T10:02:30Z');
  });

  it('sees a run by hand not retried', async () => {
    const before = seen.length;
    expect((await host.runTimer('retries')).ok).toBe(false);
    expect(seen).toHaveLength(before + 1);
  });

  it('sees other triggers not retried, and is told', async () => {
    const before = seen.length;
    expect((await fetch(`${host.url}/api/page`)).status).toBe(500);
    expect(seen).toHaveLength(before + 1);
    expect(lines.join('\n')).toContain("The retry policy of 'page' has no effect: Azure retries timer");
  });
});
