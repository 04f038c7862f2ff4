// Starts everything that can trigger the app's functions, and stops it again. Called by startFunctionsHost.ts.
import type { Clock } from '../../shared/ports/clock.ts';
import { startHttpServer } from '../http/httpServer.ts';
import { createRequestHandler } from './http/answerRequest.ts';
import type { Keys } from './http/keys.ts';
import type { HostJson } from './settings/hostJson.ts';
import { type HostLog, toError } from './settings/hostLog.ts';
import { createOpenQueues, type OpenQueues, writeOutputs } from './triggers/queueOutput.ts';
import type { StorageQueue } from './triggers/queueStorage.ts';
import { poisonQueueName, startQueuePoll } from './triggers/queueTrigger.ts';
import type { QueueFunction, ServedFunction } from './triggers/readFunctions.ts';
import { withRetries } from './triggers/retryPolicy.ts';
import { type RunningTimer, startTimer } from './triggers/timerTrigger.ts';
import { type After, TimedOut, withinTime } from './worker/after.ts';
import type { Core } from './worker/coreModule.ts';
import { createInvoker, type Flush, type InvocationOutcome, type Invoke, type Invoker } from './worker/invoke.ts';

type ServeOptions = {
  readonly core: Core;
  readonly functions: readonly ServedFunction[];
  readonly hostJson: HostJson;
  readonly port: number;
  readonly keys: Keys;
  readonly log: HostLog;
  readonly clock: Clock;
  readonly after: After;
  readonly bodyLimit: number;
  readonly httpUri: string | undefined;
};

export type Serving = {
  readonly port: number;
  readonly runTimer: (name: string) => Promise<InvocationOutcome>;
  readonly stop: (drainMilliseconds: number) => Promise<void>;
};

/** @throws when the port is taken, or the storage of a queue can't be reached; then nothing is left running */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { functions, hostJson } = options;
  const { queues: settings, http } = hostJson.extensions;
  const requests = new AbortController();
  const stopping = new AbortController();
  const timers = new Map<ServedFunction, RunningTimer>();
  const queueAt = createOpenQueues(requests.signal);
  const flush: Flush = (fn, response) => {
    const addresses = functions.find((served) => served.fn === fn)?.queueOutputs ?? {};
    return writeOutputs(response, addresses, queueAt, settings.messageEncoding);
  };
  const invoker = createInvoker({ ...options, timeoutMilliseconds: hostJson.functionTimeout, flush });
  const { invoke } = invoker;
  const isRunning = () => !stopping.signal.aborted;
  const handle = createRequestHandler({ ...options, ...http, timers, invoke, isRunning });
  const server = await startHttpServer(options.port, { handle, maxBodyBytes: options.bodyLimit });
  const cut = () => {
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
    runTimer: (name) => timerNamed(timers, name).runNow('Timer run by hand'),
    stop: async (drainMilliseconds) => {
      stopping.abort();
      for (const timer of timers.values()) timer.stop();
      const drained = Promise.all([...polls.map((poll) => poll.stop()), server.stop(), invoker.idle()]);
      await drain(drained, drainMilliseconds, options, invoker);
      invoker.abandon();
      cut();
    },
  };
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
  for (const one of served) await createQueue(one, queueAt(one));
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
    if (served.trigger === 'timer') {
      const retrying = served.retry && { invokeWithRetries: withRetries(served.retry, { invoke, after, log, signal }) };
      timers.set(served, startTimer(served, { clock, after, invoke, ...retrying }));
    } else if (served.fn.metadata.retryOptions) log.write(retryIgnored(served), 'warning');
  }
}

function timerNamed(timers: ReadonlyMap<ServedFunction, RunningTimer>, name: string): RunningTimer {
  for (const [served, timer] of timers) if (served.fn.metadata.name === name) return timer;
  throw new Error(`The app has no timer function "${name}".`);
}

function retryIgnored({ fn, trigger }: ServedFunction): string {
  return `The retry policy of '${fn.metadata.name}' has no effect: Azure retries timer, Event Hubs, Cosmos DB and Kafka functions. A ${trigger} function follows its trigger's own rules.`;
}

async function createQueue(served: QueueFunction, queue: StorageQueue): Promise<void> {
  try {
    await queue.create();
  } catch (cause) {
    throw new Error(
      `Function "${served.fn.metadata.name}": the storage of its queue "${served.queueName}" can't be reached (${toError(cause).message}). Start Azurite, or correct the connection string in the app settings.`,
      { cause },
    );
  }
}
