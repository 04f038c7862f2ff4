// Runs one invocation of a function: its id, trace, log lines, time-out and outputs. Called by every trigger.
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../shared/ports/clock.ts';
import { formatTimeSpan } from '../settings/hostJson.ts';
import { type HostLog, toError } from '../settings/hostLog.ts';
import { type After, TimedOut, withinTime } from './after.ts';
import type { Core, LogLevel, RegisteredFunction } from './coreModule.ts';
import { type InvocationResponse, newTrace, type RetryContext, type TraceContext, type TypedData } from './rpc.ts';
import { runInWorker } from './runInWorker.ts';

export type InvocationRequest = {
  readonly fn: RegisteredFunction;
  readonly data: TypedData;
  readonly triggerMetadata?: Readonly<Record<string, TypedData>>;
  readonly reason: string;
  readonly details?: string;
  /** This and the trace are new ones where not given. */
  readonly id?: string;
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

type Deps = {
  readonly core: Core;
  readonly log: HostLog;
  readonly clock: Clock;
  readonly after: After;
  /** host.json's functionTimeout; null for none. */
  readonly timeoutMilliseconds: number | null;
  /** Writes what the output bindings got; when it throws, the invocation has failed. */
  readonly flush: (fn: RegisteredFunction, response: InvocationResponse) => Promise<void>;
};

export type Invoker = ReturnType<typeof createInvoker>;

export function createInvoker(deps: Deps) {
  const running = new Map<string, { readonly name: string; readonly done: Promise<InvocationOutcome> }>();
  const abandoned = new AbortController();
  return {
    invoke: (request: InvocationRequest): Promise<InvocationOutcome> => {
      const id = request.id ?? randomUUID();
      const done = runLogged(deps, id, request, abandoned.signal).finally(() => running.delete(id));
      running.set(id, { name: request.fn.metadata.name, done });
      return done;
    },
    running: (): readonly string[] => [...running].map(([id, { name }]) => `${name} (${id})`),
    idle: async () => {
      while (running.size > 0) await Promise.all([...running.values()].map(({ done }) => done));
    },
    abandon: () => abandoned.abort(),
  };
}

async function runLogged(
  deps: Deps,
  id: string,
  request: InvocationRequest,
  abandoned: AbortSignal,
): Promise<InvocationOutcome> {
  const name = `Functions.${request.fn.metadata.name}`;
  const say = (text: string, level: LogLevel = 'information') =>
    deps.log.write(text, level, `Function.${request.fn.metadata.name}`);
  const startedAt = deps.clock.now();
  const executed = (how: string, level?: LogLevel) => {
    const duration = Math.round(deps.clock.now().since(startedAt).total('milliseconds'));
    say(`Executed '${name}' (${how}, Id=${id}, Duration=${duration}ms)`, level);
  };
  say(`Executing '${name}' (Reason='${request.reason}', Id=${id})`);
  if (request.details) say(request.details);
  try {
    const running = run(deps, id, request);
    const { response, empty } = await withinTime(running, deps.timeoutMilliseconds, deps.after, abandoned);
    await deps.flush(request.fn, response);
    executed('Succeeded');
    return { ok: true, response, empty };
  } catch (thrown) {
    const limit = thrown instanceof TimedOut ? formatTimeSpan(thrown.milliseconds) : undefined;
    const error = limit ? new Error(`Timeout value of ${limit} was exceeded by function: ${name}`) : toError(thrown);
    if (limit) {
      say(`Timeout value of ${limit} exceeded by function '${name}' (Id: '${id}'). Initiating cancellation.`, 'error');
    }
    executed('Failed', 'error');
    say(`Exception while executing function: ${name}. Result: Failure`, 'error');
    say(`Exception: ${error.message}\nStack: ${error.stack ?? 'none'}`, 'error');
    // The app shares this process: there is no worker to restart.
    const restart = `A function timeout has occurred. Azure would now restart the worker process that executes invocationId '${id}', and end all that runs in it. Here the function runs on, and what it gives back is dropped.`;
    if (limit) deps.log.write(restart, 'warning');
    return { ok: false, error };
  }
}

async function run({ core, log }: Deps, id: string, { fn, ...request }: InvocationRequest) {
  if (request.bindingError) throw request.bindingError;
  return runInWorker(core, {
    fn,
    request: {
      invocationId: id,
      inputData: [{ name: triggerBinding(fn).name, data: request.data }],
      triggerMetadata: request.triggerMetadata ?? {},
      traceContext: request.traceContext ?? newTrace(),
      retryContext: request.retryContext,
    },
    log: (level, category, message) =>
      log.write(message, level, category === 'user' ? `Function.${fn.metadata.name}.User` : 'Worker'),
  });
}

export function triggerBinding(fn: RegisteredFunction) {
  for (const [name, binding] of Object.entries(fn.metadata.bindings)) {
    if (/trigger$/i.test(binding.type)) return { ...binding, name };
  }
  throw new Error(`The function "${fn.metadata.name}" has no trigger.`);
}
