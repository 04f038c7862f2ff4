// The local Azure Functions host: runs the app's functions unmodified in this process.
import { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../shared/ports/clock.ts';
import { completeKeys, type Keys } from './http/keys.ts';
import { closingServers } from './http/libraryServers.ts';
import { listFunctions } from './listFunctions.ts';
import { type ServeOptions, serve } from './serve.ts';
import { readHostJson } from './settings/hostJson.ts';
import { createHostLog } from './settings/hostLog.ts';
import { type Settings, setEnvironment } from './settings/resolveSettings.ts';
import { readFunctions } from './triggers/readFunctions.ts';
import { type After, afterTimeout } from './worker/after.ts';
import { type Core, createCore, installCoreModule } from './worker/coreModule.ts';

type FunctionsHostOptions = {
  /** Imports the functions. Nothing may have used @azure/functions in this process before. */
  readonly load: () => Promise<void>;
  /** The app settings. They resolve %NAME% and connections, and are environment variables while the host runs. */
  readonly settings: Settings;
  readonly host: unknown;
  readonly port: number;
  readonly keys?: Partial<Keys>;
  readonly log: (line: string) => void;
  readonly clock?: Clock;
  readonly after?: After;
  /** How long `stop` waits for what is running; 10 s when not given. */
  readonly drainMilliseconds?: number;
  /** The folder of the app, which its hooks are told; the current one when not given. */
  readonly appFolder?: string;
};

let used = false;

export type FunctionsHost = Awaited<ReturnType<typeof startFunctionsHost>>;

/** Serves the app until `stop`. A process can do this once: the library keeps the first host that it meets. */
export async function startFunctionsHost(options: FunctionsHostOptions) {
  refuseSecondHost();
  const hostJson = readHostJson(options.host, options.settings);
  used = true;
  const clock = options.clock ?? { now: () => Temporal.Now.instant() };
  const log = createHostLog(options.log, clock, hostJson.logging.logLevel);
  const core = createCore((level, message) => {
    if (level === 'warning' || level === 'error' || level === 'critical') log.write(message, level, 'Worker');
  });
  installCoreModule(core.api);
  const undo = [setEnvironment(options.settings)];
  const cleanUp = () => {
    for (const step of undo.toReversed()) step();
  };
  try {
    const { result: httpUri, close } = await closingServers(() => loadApp(core, options.load));
    undo.push(close);
    const functions = readFunctions(core.functions, options.settings);
    const after = options.after ?? afterTimeout;
    const keys = completeKeys(options.keys ?? {}, functions);
    const maxBodyBytes = readBodyLimit(options.settings);
    const serveOptions = {
      core,
      functions,
      hostJson,
      port: options.port,
      keys,
      log,
      clock,
      after,
      maxBodyBytes,
      httpUri,
    };
    return await serveApp(options, serveOptions, cleanUp);
  } catch (error) {
    cleanUp();
    throw error;
  }
}

function refuseSecondHost(): void {
  if (used) {
    const why = 'it can have only one: @azure/functions keeps the first. Start another process.';
    throw new Error(`This process has already started a functions host, and ${why}`);
  }
}

async function serveApp(
  { appFolder = process.cwd(), drainMilliseconds = 10_000, log }: FunctionsHostOptions,
  options: ServeOptions,
  cleanUp: () => void,
) {
  const { core, keys, hostJson } = options;
  const appHooks = { hookData: {}, appHookData: {}, functionAppDirectory: appFolder };
  await core.runHooks('appStart', appHooks);
  const serving = await serve(options);
  const url = `http://localhost:${serving.port}`;
  const { routePrefix } = hostJson.extensions.http;
  const functions = listFunctions(options.functions, { url, routePrefix, keys });
  const listing = functions.flatMap(({ name, description }) => ['', `\t${name}: ${description}`]);
  for (const line of ['', 'Functions:', ...listing, '']) log(line);

  async function stop(): Promise<void> {
    await serving.stop(drainMilliseconds);
    await core.runHooks('appTerminate', appHooks).finally(cleanUp);
  }
  let stopping: Promise<void> | undefined;
  return { url, keys, functions, runTimer: serving.runTimer, stop: () => (stopping ??= stop()) };
}

async function loadApp(core: Core, load: () => Promise<void>): Promise<string | undefined> {
  await load();
  const capabilities = await core.programmingModel().getCapabilities({});
  core.finishStartup();
  return capabilities['HttpUri'];
}

/** The app setting that limits request bodies, or the real host's own limit. */
function readBodyLimit({ FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: limit }: Settings): number {
  return limit !== undefined && /^\d+$/.test(limit) ? Number(limit) : 104_857_600;
}
