// One invocation as Azure's Node.js worker runs it: through the app's programming model, with its hooks. Called by invoke.ts.
import type { Core, CoreInvocationContext, LogLevel, RegisteredFunction } from './coreModule.ts';
import type { InvocationResponse } from './rpc.ts';

export type WorkerRun = {
  readonly fn: RegisteredFunction;
  readonly request: CoreInvocationContext['request'];
  /** Gets what the function and the library log; log hooks have seen it. */
  readonly log: (level: LogLevel, category: string, message: string) => void;
};

/**
 * The worker's order: arguments, hooks before, the handler, hooks after (whatever happened), the response.
 * @throws what the handler or a hook threw
 */
export async function runInWorker(
  core: Core,
  { fn, request, log }: WorkerRun,
): Promise<{ readonly response: InvocationResponse; readonly empty: boolean }> {
  const { metadata, callback } = fn;
  let invocationContext: object | undefined;
  const coreContext: CoreInvocationContext = {
    invocationId: request.invocationId,
    metadata,
    request,
    log: (level, category, message) => {
      const context = { level, message, category, invocationContext, hookData: {} };
      if (category === 'user') core.runLogHooks(context);
      log(context.level, category, context.message);
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
  return { response: await model.getResponse(context, after.result), empty: after.result == null };
}
