// The `@azure/functions-core` module that Azure's Node.js worker gives to @azure/functions.
import Module from 'node:module';
import type { InvocationResponse, RetryContext, TraceContext, TypedData } from './rpc.ts';

const coreModuleName = '@azure/functions-core';

export type LogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none';

const hookNames = ['appStart', 'appTerminate', 'preInvocation', 'postInvocation', 'log'] as const;
type HookName = (typeof hookNames)[number];
type HookCallback = (context: object) => unknown;

type FunctionCallback = (...args: readonly unknown[]) => unknown;

type Binding = Readonly<Record<string, unknown>> & { readonly type: string; readonly direction: string };

export type RegisteredFunction = {
  readonly metadata: {
    readonly name: string;
    readonly bindings: Readonly<Record<string, Binding>>;
    readonly retryOptions?: unknown;
  };
  readonly callback: FunctionCallback;
};

export type CoreInvocationContext = {
  readonly invocationId: string;
  readonly request: {
    readonly invocationId: string;
    readonly inputData: readonly { readonly name: string; readonly data: TypedData }[];
    readonly triggerMetadata: Readonly<Record<string, TypedData>>;
    readonly traceContext: TraceContext;
    readonly retryContext?: RetryContext | undefined;
  };
  readonly metadata: RegisteredFunction['metadata'];
  readonly log: (level: LogLevel, category: string, message: string) => void;
  state?: 'preInvocationHooks' | 'invocation' | 'postInvocationHooks' | undefined;
};

type InvocationModel = {
  getArguments(): Promise<{ readonly context: object; readonly inputs: readonly unknown[] }>;
  invokeFunction(context: object, inputs: readonly unknown[], callback: FunctionCallback): Promise<unknown>;
  getResponse(context: object, result: unknown): Promise<InvocationResponse>;
};

type ProgrammingModel = {
  getInvocationModel(context: CoreInvocationContext): InvocationModel | Promise<InvocationModel>;
  getCapabilities(capabilities: Record<string, string>): Promise<Record<string, string>>;
};

export type Core = ReturnType<typeof createCore>;

export function createCore(systemLog: (level: LogLevel, message: string) => void) {
  const functions: RegisteredFunction[] = [];
  const hooks = new Map<string, Set<HookCallback>>(hookNames.map((name) => [name, new Set()]));
  let programmingModel: ProgrammingModel | undefined;
  let started = false;

  const api = {
    version: '4.0.0-local',
    hostVersion: '4.0.0-local',
    setProgrammingModel: (model: ProgrammingModel) => {
      programmingModel = model;
    },
    getProgrammingModel: () => programmingModel,
    registerFunction: (metadata: RegisteredFunction['metadata'], callback: FunctionCallback) => {
      if (started) throw new Error('A function can only be registered during app startup.');
      const isTaken = functions.some(({ metadata: { name } }) => name.toLowerCase() === metadata.name.toLowerCase());
      if (isTaken) throw new Error(`A function with the name "${metadata.name}" has already been registered.`);
      functions.push({ metadata, callback });
    },
    registerHook: (name: string, callback: HookCallback) => registerHook(hooks, name, callback),
    log: (level: LogLevel, _category: string, message: string) => systemLog(level, message),
  };
  return {
    api,
    functions: functions as readonly RegisteredFunction[],
    programmingModel: (): ProgrammingModel => {
      if (programmingModel) return programmingModel;
      throw new Error(
        'The app registered no functions. Check that `load` imports them, and that nothing used @azure/functions before the host started.',
      );
    },
    runHooks: async (name: HookName, context: object): Promise<void> => {
      for (const hook of hooks.get(name) ?? []) await hook(context);
    },
    runLogHooks: (context: object): void => hooks.get('log')?.forEach((hook) => void hook(context)),
    finishStartup: () => {
      started = true;
    },
  };
}

function registerHook(hooks: ReadonlyMap<string, Set<HookCallback>>, name: string, callback: HookCallback) {
  const registered = hooks.get(name);
  // The library looks for this mark to explain that a host is too old for a hook.
  const mark = { isAzureFunctionsSystemError: true };
  if (!registered) throw Object.assign(new RangeError(`Unrecognized hook "${name}"`), mark);
  registered.add(callback);
  return { dispose: () => registered.delete(callback) };
}

/**
 * Answers every CommonJS `require('@azure/functions-core')` of this process with `api`. There is no such package: the
 * worker injects it in this same place, and the library asks for it through `require` alone. It can't be undone,
 * because the library keeps the first answer.
 */
export function installCoreModule(api: object): void {
  // oxlint-disable-next-line typescript/unbound-method -- called with the module that requires, below
  const original = Module.prototype.require;
  const patched = function (this: Module, id: string): unknown {
    return id === coreModuleName ? api : Reflect.apply(original, this, [id]);
  };
  Module.prototype.require = Object.assign(patched, original);
}
