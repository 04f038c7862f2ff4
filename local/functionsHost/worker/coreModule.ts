// The `@azure/functions-core` module that Azure's Node.js worker gives to @azure/functions: registrations, hooks and logs.
// Called by startFunctionsHost.ts before the functions are imported.
import Module from 'node:module';
import type { InvocationResponse, RetryContext, TraceContext, TypedData } from './rpc.ts';

const coreModuleName = '@azure/functions-core';

export type LogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none';

/** A handler of the app, as the programming model registers it. */
type FunctionCallback = (...args: readonly unknown[]) => unknown;

/** A trigger, input or output of a function: `type`, `direction`, and what that type needs. */
type Binding = Readonly<Record<string, unknown>> & { readonly type: string; readonly direction: string };

/** A function as the app registered it: its bindings by name, and its handler. */
export type RegisteredFunction = {
  readonly metadata: {
    readonly name: string;
    readonly bindings: Readonly<Record<string, Binding>>;
    readonly retryOptions?: unknown;
  };
  readonly callback: FunctionCallback;
};

/** What the programming model is told about an invocation. */
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

type HookName = 'appStart' | 'appTerminate' | 'preInvocation' | 'postInvocation' | 'log';

type HookCallback = (context: object) => unknown;

/** What the app has registered so far, and the module that it registers with. */
export type Core = {
  /** The object that `require('@azure/functions-core')` answers. */
  readonly api: object;
  readonly functions: readonly RegisteredFunction[];
  /** @throws when the app never used @azure/functions */
  readonly programmingModel: () => ProgrammingModel;
  /** Runs the hooks one after the other, in the order of their registration. */
  readonly runHooks: (name: HookName, context: object) => Promise<void>;
  /** Log hooks are synchronous: they may change the context's level and message. */
  readonly runLogHooks: (context: object) => void;
  /** From now on a registration is an error, as in the worker. */
  readonly finishStartup: () => void;
};

/**
 * Makes the core module of one app.
 * @param systemLog gets what the library itself has to say
 */
export function createCore(systemLog: (level: LogLevel, message: string) => void): Core {
  const functions: RegisteredFunction[] = [];
  const hooks: Record<HookName, HookCallback[]> = {
    appStart: [],
    appTerminate: [],
    preInvocation: [],
    postInvocation: [],
    log: [],
  };
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
      const name = metadata.name.toLowerCase();
      if (functions.some((other) => other.metadata.name.toLowerCase() === name)) {
        throw new Error(`A function with the name "${metadata.name}" has already been registered.`);
      }
      const registered = { metadata, callback };
      functions.push(registered);
      return { dispose: () => remove(functions, registered) };
    },
    registerHook: (name: string, callback: HookCallback) => {
      if (!isHookName(name)) {
        // The library looks for this mark to explain that a host is too old for a hook.
        throw Object.assign(new RangeError(`Unrecognized hook "${name}"`), { isAzureFunctionsSystemError: true });
      }
      hooks[name].push(callback);
      return { dispose: () => remove(hooks[name], callback) };
    },
    log: (level: LogLevel, _category: string, message: string) => systemLog(level, message),
  };

  function isHookName(name: string): name is HookName {
    return Object.hasOwn(hooks, name);
  }

  return {
    api,
    functions,
    programmingModel: () => {
      if (!programmingModel) {
        throw new Error(
          'The app registered no functions. Check that `load` imports them, and that nothing used @azure/functions before the host started.',
        );
      }
      return programmingModel;
    },
    runHooks: async (name, context) => {
      for (const hook of hooks[name]) await hook(context);
    },
    runLogHooks: (context) => {
      for (const hook of hooks.log) hook(context);
    },
    finishStartup: () => {
      started = true;
    },
  };
}

function remove<T>(items: T[], item: T): void {
  const index = items.indexOf(item);
  if (index >= 0) items.splice(index, 1);
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
