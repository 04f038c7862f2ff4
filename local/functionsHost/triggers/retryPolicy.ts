// Retry policies of functions: what `retry` in a function's options says, and the runs it asks for.
import { z } from 'zod';
import { formatTimeSpan } from '../settings/hostJson.ts';
import type { HostLog } from '../settings/hostLog.ts';
import { type After, pause } from '../worker/after.ts';
import type { Invoke } from '../worker/invoke.ts';

export type RetryPolicy = {
  /** -1: without end. */
  readonly maxRetryCount: number;
  /** The delays before the first retry, the second, and so on, in milliseconds. */
  readonly delays: () => () => number;
};

const interval = z.object({ seconds: z.number().min(0) }).transform(({ seconds }) => seconds * 1000);
const maxRetryCount = z.int().min(-1);
const retryOptions = z.discriminatedUnion('retryStrategy', [
  z.object({ retryStrategy: z.literal('fixedDelay'), maxRetryCount, delayInterval: interval }),
  z
    .object({
      retryStrategy: z.literal('exponentialBackoff'),
      maxRetryCount,
      minimumInterval: interval,
      maximumInterval: interval,
    })
    .refine((options) => options.minimumInterval <= options.maximumInterval, {
      path: ['minimumInterval'],
      error: 'is greater than maximumInterval',
    }),
]);

export function readRetryPolicy(json: unknown, random: () => number = Math.random): RetryPolicy {
  const options = retryOptions.parse(json);
  const { maxRetryCount } = options;
  if (options.retryStrategy === 'fixedDelay') return { maxRetryCount, delays: () => () => options.delayInterval };
  const { minimumInterval: min, maximumInterval: max } = options;
  /** The real host's RandomizedExponentialBackoffStrategy: the minimum, then twice it, three times, five times …, give or take a fifth, up to the maximum. */
  const delays = () => {
    let exponent = -1;
    return () => {
      const spread = 0.8 + 0.4 * random();
      const increment = exponent < 0 ? 0 : spread * 2 ** exponent * min;
      exponent += 1;
      return Math.min(min + increment, max);
    };
  };
  return { maxRetryCount, delays };
}

export function withRetries(
  { maxRetryCount, delays }: RetryPolicy,
  deps: { readonly invoke: Invoke; readonly after: After; readonly log: HostLog; readonly signal: AbortSignal },
): Invoke {
  const { invoke, log, signal } = deps;
  return async (request) => {
    const category = `Function.${request.fn.metadata.name}`;
    const nextDelay = delays();
    let outcome = await invoke(request);
    for (let retryCount = 1; !outcome.ok && !signal.aborted; retryCount++) {
      if (maxRetryCount !== -1 && retryCount > maxRetryCount) {
        log.write(`Function execution failed after '${maxRetryCount}' retries.`, 'error', category);
        break;
      }
      const delay = nextDelay();
      log.write(
        `Waiting for \`${formatTimeSpan(delay)}\` before retrying function execution. Next attempt: '${retryCount}'. Max retry count: '${maxRetryCount}'.`,
        'debug',
        category,
      );
      await pause(delay, deps.after, signal);
      if (signal.aborted) break;
      const { message, stack = '' } = outcome.error;
      const retryContext = { retryCount, maxRetryCount, exception: { message, source: '', stackTrace: stack } };
      outcome = await invoke({ ...request, retryContext });
    }
    return outcome;
  };
}
