// The local Azure Functions host: runs functions/*.ts unmodified in this process, as the real host and its Node.js worker do.
// Called by local/main.ts and by end-to-end tests.
import { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../shared/ports/clock.ts';
import { completeKeys, type Keys } from './http/keys.ts';
import { closingServers } from './http/libraryServers.ts';
import { type ListedFunction, listFunctions } from './listFunctions.ts';
import { type Serving, serve } from './serve.ts';
import { readHostJson } from './settings/hostJson.ts';
import { createHostLog } from './settings/hostLog.ts';
import type { Settings } from './settings/resolveSettings.ts';
import { setEnvironment } from './settings/setEnvironment.ts';
import { readFunctions, type ServedFunction } from './triggers/readFunctions.ts';
import type { After } from './triggers/timerTrigger.ts';
import { type Core, createCore, installCoreModule } from './worker/coreModule.ts';
import type { InvocationOutcome } from './worker/invoke.ts';

export type FunctionsHostOptions = {
  /** Imports the functions. Nothing may have used @azure/functions in this process before. */
  readonly load: () => Promise<void>;
  /** The app settings. They resolve %NAME% and connections, and are environment variables while the host runs. */
  readonly settings: Settings;
  /** host.json, parsed. */
  readonly host: unknown;
  /** 0 for a free one. */
  readonly port: number;
  /** Random where not given. */
  readonly keys?: Partial<Keys>;
  readonly log: (line: string) => void;
  readonly clock?: Clock;
  /** Sets a timeout, for timers and polling. */
  readonly after?: After;
  /** How long `stop` waits for what is running; 10 s when not given. */
  readonly drainMilliseconds?: number;
  /** The folder of the app, which its hooks are told; the current one when not given. */
  readonly appFolder?: string;
};

export type FunctionsHost = {
  /** `http://localhost:port` */
  readonly url: string;
  readonly keys: Keys;
  readonly functions: readonly ListedFunction[];
  /**
   * Runs a timer function now, beside its schedule, and waits for it.
   * @throws when there is no such timer
   */
  readonly runTimer: (name: string) => Promise<InvocationOutcome>;
  /** Takes nothing new, waits for what is running, names what it abandons, runs the app's appTerminate hooks (and throws what they throw). */
  readonly stop: () => Promise<void>;
};

let used = false;

/**
 * Loads the app and serves its HTTP, timer, queue and Event Grid functions until `stop`. A process can do this once: the
 * library keeps the first host it meets, and imported functions register once.
 * @throws with what is wrong and what to do: a second host, a bad host.json, missing app settings, triggers that it
 *   does not serve, a port in use, a storage that is not there
 */
export async function startFunctionsHost(options: FunctionsHostOptions): Promise<FunctionsHost> {
  if (used) {
    throw new Error(
      'This process has already started a functions host, and it can have only one: @azure/functions keeps the first. Start another process.',
    );
  }
  const hostJson = readHostJson(options.host, options.settings);
  const bodyLimit = readBodyLimit(options.settings);
  used = true;
  const clock = options.clock ?? { now: () => Temporal.Now.instant() };
  const log = createHostLog(options.log, clock, hostJson.logging.logLevel);
  const core = createCore((level, message) => {
    if (level === 'warning' || level === 'error' || level === 'critical') log.write(message, level, 'Worker');
  });
  installCoreModule(core.api);
  const restoreEnvironment = setEnvironment(options.settings);
  const appHooks = { hookData: {}, appHookData: {}, functionAppDirectory: options.appFolder ?? process.cwd() };

  let serving: Serving;
  let keys: Keys;
  let closeLibrary = () => {};
  try {
    const { result: httpUri, close } = await closingServers(() => loadApp(core, options.load));
    closeLibrary = close;
    const functions = readFunctions(core.functions, options.settings);
    keys = completeKeys(options.keys ?? {}, namesOfHttp(functions));
    await core.runHooks('appStart', appHooks);
    serving = await serve({
      ...options,
      core,
      functions,
      hostJson,
      keys,
      log,
      clock,
      after: options.after ?? afterTimeout,
      bodyLimit,
      httpUri,
    });
  } catch (error) {
    closeLibrary();
    restoreEnvironment();
    throw error;
  }

  const url = `http://localhost:${serving.port}`;
  const functions = listFunctions(serving.functions, { url, routePrefix: hostJson.extensions.http.routePrefix, keys });
  for (const line of [
    '',
    'Functions:',
    ...functions.map(({ name, description }) => `\n\t${name}: ${description}`),
    '',
  ]) {
    for (const part of line.split('\n')) log.plain(part);
  }

  async function stop(): Promise<void> {
    await serving.stop(options.drainMilliseconds ?? 10_000);
    closeLibrary();
    try {
      await core.runHooks('appTerminate', appHooks);
    } finally {
      restoreEnvironment();
    }
  }
  let stopping: Promise<void> | undefined;
  return {
    url,
    keys,
    functions,
    runTimer: serving.runTimer,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** @returns where the library takes requests when the app enables HTTP streams */
async function loadApp(core: Core, load: () => Promise<void>): Promise<string | undefined> {
  await load();
  const capabilities = await core.programmingModel().getCapabilities({});
  core.finishStartup();
  return capabilities['HttpUri'];
}

function namesOfHttp(functions: readonly ServedFunction[]): readonly string[] {
  return functions.filter(({ trigger }) => trigger === 'http').map(({ fn }) => fn.metadata.name);
}

/** The app setting that limits request bodies, or the real host's own limit. */
function readBodyLimit({ FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: limit }: Settings): number {
  return limit !== undefined && /^\d+$/.test(limit) ? Number(limit) : 104_857_600;
}

const afterTimeout: After = (milliseconds, run) => {
  const timeout = setTimeout(run, milliseconds);
  return () => clearTimeout(timeout);
};
