// Runs one invocation of a function through the app's programming model, with its hooks, log lines and outputs.
// Called by every trigger.
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../shared/ports.ts';
import type { Core, CoreInvocationContext, LogLevel, RegisteredFunction } from './coreModule.ts';
import { type HostLog, toError } from './hostLog.ts';
import type { InvocationResponse, TypedData } from './rpc.ts';

export type InvocationRequest = {
  readonly fn: RegisteredFunction;
  /** The trigger's value. */
  readonly data: TypedData;
  /** In the host's casing; the library turns it into `context.triggerMetadata`. */
  readonly triggerMetadata?: Readonly<Record<string, TypedData>>;
  /** Why it runs, for the log. */
  readonly reason: string;
  readonly details?: string;
};

export type InvocationOutcome =
  | { readonly ok: true; readonly response: InvocationResponse }
  | { readonly ok: false; readonly error: Error };

/** Runs a function once. Never throws: a failure is logged, and is the trigger's to act on. */
export type Invoke = (request: InvocationRequest) => Promise<InvocationOutcome>;

export type Invoker = {
  readonly invoke: Invoke;
  /** The invocations under way: `name (id)`. */
  readonly running: () => readonly string[];
  /** Resolves when none is under way. */
  readonly idle: () => Promise<void>;
};

const shownLevels: ReadonlySet<LogLevel> = new Set(['information', 'warning', 'error', 'critical']);

/**
 * @param deps.flush writes the output bindings' values, after the function succeeded and before it counts as done;
 *   when it throws, the invocation has failed
 */
export function createInvoker(deps: {
  readonly core: Core;
  readonly log: HostLog;
  readonly clock: Clock;
  readonly flush: (fn: RegisteredFunction, response: InvocationResponse) => Promise<void>;
}): Invoker {
  const { core, log, clock } = deps;
  const running = new Map<string, { readonly name: string; readonly done: Promise<InvocationOutcome> }>();

  const invoke: Invoke = (request) => {
    const id = randomUUID();
    const done = logged(id, request).finally(() => running.delete(id));
    running.set(id, { name: request.fn.metadata.name, done });
    return done;
  };

  async function logged(id: string, request: InvocationRequest): Promise<InvocationOutcome> {
    const name = `Functions.${request.fn.metadata.name}`;
    const startedAt = clock.now();
    const executed = (how: string) => {
      const duration = clock.now().since(startedAt).total('milliseconds');
      log.write(`Executed '${name}' (${how}, Id=${id}, Duration=${Math.round(duration)}ms)`);
    };
    log.write(`Executing '${name}' (Reason='${request.reason}', Id=${id})`);
    if (request.details) log.write(request.details);
    try {
      const response = await run(id, request);
      await deps.flush(request.fn, response);
      executed('Succeeded');
      return { ok: true, response };
    } catch (thrown) {
      const error = toError(thrown);
      executed('Failed');
      log.write(`Exception while executing function: ${name}. Result: Failure`);
      log.write(`Exception: ${error.message}\nStack: ${error.stack ?? 'none'}`);
      return { ok: false, error };
    }
  }

  /** The worker's order: arguments, hooks before, the handler, hooks after (whatever happened), the response. */
  async function run(id: string, request: InvocationRequest): Promise<InvocationResponse> {
    const { metadata, callback } = request.fn;
    let invocationContext: object | undefined;
    const coreContext: CoreInvocationContext = {
      invocationId: id,
      metadata,
      request: {
        invocationId: id,
        inputData: [{ name: triggerBinding(request.fn).name, data: request.data }],
        triggerMetadata: request.triggerMetadata ?? {},
      },
      log: (level, category, message) => {
        const context = { level, message, category, invocationContext, hookData: {} };
        if (category === 'user') core.runLogHooks(context);
        if (shownLevels.has(context.level)) log.write(context.message);
      },
    };
    const model = await core.programmingModel().getInvocationModel(coreContext);
    const { context, inputs } = await model.getArguments();
    invocationContext = context;

    // Hooks may replace the inputs and the handler, then the result and the error.
    const hookData = {};
    const before = { hookData, invocationContext, inputs, functionCallback: callback };
    coreContext.state = 'preInvocationHooks';
    await core.runHooks('preInvocation', before);

    const after: { hookData: object; invocationContext: object; inputs: unknown; result: unknown; error: unknown } = {
      hookData,
      invocationContext,
      inputs: before.inputs,
      result: null,
      error: null,
    };
    coreContext.state = 'invocation';
    try {
      after.result = await model.invokeFunction(context, before.inputs, before.functionCallback);
    } catch (thrown) {
      after.error = thrown ?? new Error('Unknown error');
    }
    coreContext.state = 'postInvocationHooks';
    await core.runHooks('postInvocation', after);
    coreContext.state = undefined;
    if (after.error != null) throw after.error;
    return await model.getResponse(context, after.result);
  }

  return {
    invoke,
    running: () => [...running].map(([id, { name }]) => `${name} (${id})`),
    idle: async () => {
      while (running.size > 0) await Promise.all([...running.values()].map(({ done }) => done));
    },
  };
}

/** The one trigger of a function, with the name of its binding. */
export function triggerBinding(fn: RegisteredFunction) {
  for (const [name, binding] of Object.entries(fn.metadata.bindings)) {
    if (/trigger$/i.test(binding.type)) return { ...binding, name };
  }
  throw new Error(`The function "${fn.metadata.name}" has no trigger.`);
}
