// Runs one invocation of a function: its id, trace, log lines, time-out and outputs. Called by every trigger.
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../shared/ports/clock.ts';
import { type HostLog, toError } from '../settings/hostLog.ts';
import { formatTimeSpan } from '../settings/timeSpan.ts';
import type { After } from '../triggers/timerTrigger.ts';
import type { Core, LogLevel, RegisteredFunction } from './coreModule.ts';
import type { InvocationResponse, RetryContext, TraceContext, TypedData } from './rpc.ts';
import { runInWorker } from './runInWorker.ts';
import { createTimeouts } from './timeouts.ts';
import { newTrace } from './traceContext.ts';

export type InvocationRequest = {
  readonly fn: RegisteredFunction;
  /** The trigger's value. */
  readonly data: TypedData;
  /** In the host's casing; the library turns it into `context.triggerMetadata`. */
  readonly triggerMetadata?: Readonly<Record<string, TypedData>>;
  /** Why it runs, for the log. */
  readonly reason: string;
  readonly details?: string;
  /** A new one where not given. */
  readonly id?: string;
  /** A new one where not given. */
  readonly traceContext?: TraceContext;
  readonly retryContext?: RetryContext;
  /** Why there is no value: the invocation fails without running the function. */
  readonly bindingError?: Error;
};

export type InvocationOutcome =
  /** `empty`: the handler gave nothing back. */
  | { readonly ok: true; readonly response: InvocationResponse; readonly empty?: boolean }
  | { readonly ok: false; readonly error: Error };

/** Runs a function once. Never throws: a failure is logged, and is the trigger's to act on. */
export type Invoke = (request: InvocationRequest) => Promise<InvocationOutcome>;

export type Invoker = {
  readonly invoke: Invoke;
  /** The invocations under way: `name (id)`. */
  readonly running: () => readonly string[];
  /** Resolves when none is under way. */
  readonly idle: () => Promise<void>;
  /** Lets no time-out fire any more. */
  readonly abandon: () => void;
};

type Running = { readonly name: string; readonly done: Promise<InvocationOutcome> };

/**
 * @param deps.flush writes the output bindings' values, after the function succeeded and before it counts as done;
 *   when it throws, the invocation has failed
 * @param deps.timeoutMilliseconds host.json's functionTimeout; null for none
 */
export function createInvoker(deps: {
  readonly core: Core;
  readonly log: HostLog;
  readonly clock: Clock;
  readonly after: After;
  readonly timeoutMilliseconds: number | null;
  readonly flush: (fn: RegisteredFunction, response: InvocationResponse) => Promise<void>;
}): Invoker {
  const { core, log, clock } = deps;
  const running = new Map<string, Running>();
  const timeouts = createTimeouts(deps.timeoutMilliseconds, deps.after);

  const invoke: Invoke = (request) => {
    const id = request.id ?? randomUUID();
    const done = logged(id, request).finally(() => running.delete(id));
    running.set(id, { name: request.fn.metadata.name, done });
    return done;
  };

  async function logged(id: string, request: InvocationRequest): Promise<InvocationOutcome> {
    const category = `Function.${request.fn.metadata.name}`;
    const name = `Functions.${request.fn.metadata.name}`;
    const say = (text: string, level: LogLevel = 'information') => log.write(text, level, category);
    const startedAt = clock.now();
    const executed = (how: string, level?: LogLevel) => {
      const duration = clock.now().since(startedAt).total('milliseconds');
      say(`Executed '${name}' (${how}, Id=${id}, Duration=${Math.round(duration)}ms)`, level);
    };
    say(`Executing '${name}' (Reason='${request.reason}', Id=${id})`);
    if (request.details) say(request.details);
    let timedOut = false;
    try {
      const { response, empty } = await timeouts.limit(run(id, request), (milliseconds) => {
        timedOut = true;
        const limit = formatTimeSpan(milliseconds);
        say(
          `Timeout value of ${limit} exceeded by function '${name}' (Id: '${id}'). Initiating cancellation.`,
          'error',
        );
        return new Error(`Timeout value of ${limit} was exceeded by function: ${name}`);
      });
      await deps.flush(request.fn, response);
      executed('Succeeded');
      return { ok: true, response, empty };
    } catch (thrown) {
      const error = toError(thrown);
      executed('Failed', 'error');
      say(`Exception while executing function: ${name}. Result: Failure`, 'error');
      say(`Exception: ${error.message}\nStack: ${error.stack ?? 'none'}`, 'error');
      // The app shares this process: there is no worker to end.
      if (timedOut) {
        log.write(
          `A function timeout has occurred. Azure would now restart the worker process that executes invocationId '${id}', and end all that runs in it. Here the function runs on, and what it gives back is dropped.`,
          'warning',
        );
      }
      return { ok: false, error };
    }
  }

  async function run(id: string, { fn, ...request }: InvocationRequest) {
    if (request.bindingError) throw request.bindingError;
    const user = `Function.${fn.metadata.name}.User`;
    return runInWorker(core, {
      fn,
      request: {
        invocationId: id,
        inputData: [{ name: triggerBinding(fn).name, data: request.data }],
        triggerMetadata: request.triggerMetadata ?? {},
        traceContext: request.traceContext ?? newTrace(),
        retryContext: request.retryContext,
      },
      log: (level, category, message) => log.write(message, level, category === 'user' ? user : 'Worker'),
    });
  }

  return {
    invoke,
    running: () => [...running].map(([id, { name }]) => `${name} (${id})`),
    idle: async () => {
      while (running.size > 0) await Promise.all([...running.values()].map(({ done }) => done));
    },
    abandon: timeouts.abandon,
  };
}

/** The one trigger of a function, with the name of its binding. */
export function triggerBinding(fn: RegisteredFunction) {
  for (const [name, binding] of Object.entries(fn.metadata.bindings)) {
    if (/trigger$/i.test(binding.type)) return { ...binding, name };
  }
  throw new Error(`The function "${fn.metadata.name}" has no trigger.`);
}
