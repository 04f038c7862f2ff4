// Starts everything that can trigger the app's functions, and stops it again. Called by startFunctionsHost.ts.
import type { Clock } from '../../shared/ports/clock.ts';
import { startHttpServer } from '../http/httpServer.ts';
import { createRequestHandler } from './http/answerRequest.ts';
import type { Keys } from './http/keys.ts';
import type { HostJson } from './settings/hostJson.ts';
import { type HostLog, toError } from './settings/hostLog.ts';
import { createOpenQueues, type OpenQueues, writeOutputs } from './triggers/queueStorage.ts';
import { poisonQueueName, startQueuePoll } from './triggers/queueTrigger.ts';
import type { ServedFunction } from './triggers/readFunctions.ts';
import { withRetries } from './triggers/retryPolicy.ts';
import { type RunningTimer, startTimer } from './triggers/timerTrigger.ts';
import { type After, TimedOut, withinTime } from './worker/after.ts';
import type { Core } from './worker/coreModule.ts';
import { createInvoker, type Invoke, type Invoker } from './worker/invoke.ts';

export type ServeOptions = {
  readonly core: Core;
  readonly functions: readonly ServedFunction[];
  readonly hostJson: HostJson;
  readonly port: number;
  readonly keys: Keys;
  readonly log: HostLog;
  readonly clock: Clock;
  readonly after: After;
  readonly maxBodyBytes: number;
  readonly httpUri: string | undefined;
};

/** @throws when the port is taken, or the storage of a queue can't be reached; then nothing is left running */
export async function serve(options: ServeOptions) {
  const { functions, hostJson } = options;
  const { queues: settings, http } = hostJson.extensions;
  const requests = new AbortController();
  const stopping = new AbortController();
  const timers = new Map<ServedFunction, RunningTimer>();
  const queueAt = createOpenQueues(requests.signal);
  const invoker = createInvoker({
    ...options,
    timeoutMilliseconds: hostJson.functionTimeout,
    flush: (fn, response) => {
      const addresses = functions.find((served) => served.fn === fn)?.queueOutputs ?? {};
      return writeOutputs(response, addresses, queueAt, settings.messageEncoding);
    },
  });
  const { invoke } = invoker;
  const handle = createRequestHandler({
    ...options,
    ...http,
    timers,
    invoke,
    isRunning: () => !stopping.signal.aborted,
  });
  const server = await startHttpServer(options.port, { ...options, handle });
  const cut = () => {
    invoker.abandon();
    requests.abort();
    server.cut();
  };
  const polls = await startPolls(options, queueAt, invoke).catch(async (error: unknown) => {
    cut();
    await server.stop();
    throw error;
  });
  startTimers(timers, options, invoke, stopping.signal);
  return {
    port: server.port,
    runTimer: (name: string) => timerNamed(timers, name).runNow('Timer run by hand'),
    stop: async (drainMilliseconds: number) => {
      stopping.abort();
      for (const timer of timers.values()) timer.stop();
      const drained = Promise.all([...polls.map((poll) => poll.stop()), server.stop(), invoker.idle()]);
      await drain(drained, drainMilliseconds, options, invoker);
      cut();
    },
  };
}

function timerNamed(timers: ReadonlyMap<ServedFunction, RunningTimer>, name: string): RunningTimer {
  const timer = [...timers].find(([{ fn }]) => fn.metadata.name === name)?.[1];
  if (timer) return timer;
  throw new Error(`The app has no timer function "${name}".`);
}

async function drain(
  drained: Promise<unknown>,
  milliseconds: number,
  { after, log }: ServeOptions,
  invoker: Invoker,
): Promise<void> {
  await withinTime(drained, milliseconds, after).catch((error: unknown) => {
    if (!(error instanceof TimedOut)) throw error;
    const left = invoker.running().join(', ') || 'a connection';
    log.write(`Stopping without waiting any longer (${milliseconds} ms). Abandoned: ${left}.`);
  });
}

async function startPolls(options: ServeOptions, queueAt: OpenQueues, invoke: Invoke) {
  const served = options.functions.filter(({ disabled }) => !disabled).filter((one) => one.trigger === 'queue');
  for (const one of served) {
    await queueAt(one)
      .create()
      .catch((cause: unknown) => {
        const why = `the storage of its queue "${one.queueName}" can't be reached (${toError(cause).message}). Start Azurite, or correct the connection string in the app settings.`;
        throw new Error(`Function "${one.fn.metadata.name}": ${why}`, { cause });
      });
  }
  const settings = options.hostJson.extensions.queues;
  return served.map((one) => {
    const poisonQueue = queueAt({ ...one, queueName: poisonQueueName(one.queueName) });
    return startQueuePoll(one, { ...options, queue: queueAt(one), poisonQueue, settings, invoke });
  });
}

function startTimers(
  timers: Map<ServedFunction, RunningTimer>,
  { functions, clock, after, log }: ServeOptions,
  invoke: Invoke,
  signal: AbortSignal,
): void {
  for (const served of functions) {
    const { fn, trigger } = served;
    if (trigger === 'timer') {
      const invokeWithRetries = served.retry ? withRetries(served.retry, { invoke, after, log, signal }) : invoke;
      timers.set(served, startTimer(served, { clock, after, invoke, invokeWithRetries }));
    } else if (fn.metadata.retryOptions) {
      const ignored = `The retry policy of '${fn.metadata.name}' has no effect: Azure retries timer, Event Hubs, Cosmos DB and Kafka functions. A ${trigger} function follows its trigger's own rules.`;
      log.write(ignored, 'warning');
    }
  }
}
