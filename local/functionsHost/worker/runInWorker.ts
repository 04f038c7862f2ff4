// One invocation as Azure's Node.js worker runs it: through the app's programming model, with its hooks.
import type { Core, CoreInvocationContext, RegisteredFunction } from './coreModule.ts';
import type { InvocationResponse } from './rpc.ts';

type WorkerRun = Pick<CoreInvocationContext, 'request' | 'log'> & { readonly fn: RegisteredFunction };

/** In the worker's order: hooks run after the handler whatever happened. @throws what the handler or a hook threw */
export async function runInWorker(
  core: Core,
  { fn, request, log }: WorkerRun,
): Promise<{ readonly response: InvocationResponse; readonly empty: boolean }> {
  let invocationContext: object | undefined;
  const coreContext: CoreInvocationContext = {
    invocationId: request.invocationId,
    metadata: fn.metadata,
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
  const before = { hookData: {}, invocationContext, inputs, functionCallback: fn.callback };
  coreContext.state = 'preInvocationHooks';
  await core.runHooks('preInvocation', before);
  coreContext.state = 'invocation';
  const { functionCallback, ...shared } = before;
  const ended = await model.invokeFunction(context, before.inputs, functionCallback).then(
    (result): { result: unknown; error: unknown } => ({ result, error: null }),
    (thrown: unknown) => ({ result: null, error: thrown ?? new Error('Unknown error') }),
  );
  const after = { ...shared, ...ended };
  coreContext.state = 'postInvocationHooks';
  await core.runHooks('postInvocation', after);
  coreContext.state = undefined;
  if (after.error != null) throw after.error;
  return { response: await model.getResponse(context, after.result), empty: after.result == null };
}
