// Starts everything that can trigger the app's functions, and stops it again. Called by startFunctionsHost.ts.
import type { Clock } from '../../shared/ports/clock.ts';
import { createRequestHandler } from './http/answerRequest.ts';
import { startHttpServer } from './http/httpServer.ts';
import type { Keys } from './http/keys.ts';
import type { HostJson } from './settings/hostJson.ts';
import { type HostLog, toError } from './settings/hostLog.ts';
import { messagesOf, outputsOf } from './triggers/queueOutput.ts';
import { encodeMessage, openQueue, type StorageQueue } from './triggers/queueStorage.ts';
import { poisonQueueName, type RunningPoll, startQueuePoll } from './triggers/queueTrigger.ts';
import type { QueueAddress, QueueFunction, ServedFunction, TimerFunction } from './triggers/readFunctions.ts';
import { withRetries } from './triggers/retryPolicy.ts';
import { type After, type RunningTimer, startTimer } from './triggers/timerTrigger.ts';
import type { Core, RegisteredFunction } from './worker/coreModule.ts';
import { createInvoker, type InvocationOutcome } from './worker/invoke.ts';
import type { InvocationResponse } from './worker/rpc.ts';

type ServeOptions = {
  readonly core: Core;
  readonly functions: readonly ServedFunction[];
  readonly hostJson: HostJson;
  readonly port: number;
  readonly keys: Keys;
  readonly log: HostLog;
  readonly clock: Clock;
  readonly after: After;
  /** The longest request body that a function gets, in bytes. */
  readonly bodyLimit: number;
  /** Where the library takes requests when the app enables HTTP streams. */
  readonly httpUri: string | undefined;
};

export type Serving = {
  readonly port: number;
  readonly functions: readonly ServedFunction[];
  readonly runTimer: (name: string) => Promise<InvocationOutcome>;
  /** Stops all triggers, waits for what is running up to a time, logs what it leaves behind. */
  readonly stop: (drainMilliseconds: number) => Promise<void>;
};

/** @throws when the port is taken, or the storage of a queue can't be reached; then nothing is left running */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { functions, log, after } = options;
  const { queues: queueSettings, http } = options.hostJson.extensions;
  const abort = new AbortController();
  const timers = new Map<ServedFunction, RunningTimer>();
  const opened = new Map<string, StorageQueue>();

  function queueAt(address: QueueAddress): StorageQueue {
    const id = `${address.connectionString} ${address.queueName}`;
    const queue = opened.get(id) ?? openQueue(address, abort.signal);
    opened.set(id, queue);
    return queue;
  }

  async function flush(fn: RegisteredFunction, response: InvocationResponse): Promise<void> {
    const outputs = functions.find((served) => served.fn === fn)?.queueOutputs ?? {};
    for (const [name, data] of outputsOf(response)) {
      const address = outputs[name];
      if (!address) continue;
      for (const message of messagesOf(data)) {
        await queueAt(address).send(encodeMessage(message, queueSettings.messageEncoding));
      }
    }
  }

  const timeoutMilliseconds = options.hostJson.functionTimeout;
  const invoker = createInvoker({ core: options.core, log, clock: options.clock, after, timeoutMilliseconds, flush });
  const { invoke } = invoker;
  const stopping = new AbortController();
  const isRunning = () => !stopping.signal.aborted;
  const handle = createRequestHandler({ ...options, ...http, timers, invoke, isRunning });
  const server = await startHttpServer(options.port, { handle, bodyLimit: options.bodyLimit });

  const queueFunctions = functions.filter((served) => served.trigger === 'queue').filter(({ disabled }) => !disabled);
  try {
    for (const served of queueFunctions) await createQueue(served, queueAt(served));
  } catch (error) {
    abort.abort();
    server.cut();
    await server.stop();
    throw error;
  }
  const polls: readonly RunningPoll[] = queueFunctions.map((served) => {
    const poisonQueue = queueAt({ ...served, queueName: poisonQueueName(served.queueName) });
    return startQueuePoll(served, { queue: queueAt(served), poisonQueue, settings: queueSettings, after, invoke, log });
  });
  for (const served of functions) {
    if (served.trigger === 'timer') timers.set(served, startTimer(served, timerDeps(served)));
    else if (served.fn.metadata.retryOptions) log.write(retryIgnored(served), 'warning');
  }

  function timerDeps({ retry }: TimerFunction) {
    const deps = { clock: options.clock, after, invoke };
    if (!retry) return deps;
    return { ...deps, invokeWithRetries: withRetries(retry, { invoke, after, log, signal: stopping.signal }) };
  }

  return {
    port: server.port,
    functions,
    runTimer: (name) => {
      for (const [served, timer] of timers) {
        if (served.fn.metadata.name === name) return timer.runNow('Timer run by hand');
      }
      throw new Error(`The app has no timer function "${name}".`);
    },
    stop: async (drainMilliseconds) => {
      stopping.abort();
      for (const timer of timers.values()) timer.stop();
      const drained = Promise.all([...polls.map((poll) => poll.stop()), server.stop(), invoker.idle()]);
      const inTime = await withinTime(drained, drainMilliseconds, after);
      if (!inTime) {
        const left = invoker.running().join(', ') || 'a connection';
        log.write(`Stopping without waiting any longer (${drainMilliseconds} ms). Abandoned: ${left}.`);
      }
      invoker.abandon();
      abort.abort();
      server.cut();
    },
  };
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

/** True when the work ended in time. */
function withinTime(work: Promise<unknown>, milliseconds: number, after: After): Promise<boolean> {
  return new Promise((resolve) => {
    const callOff = after(milliseconds, () => resolve(false));
    void work.finally(callOff).then(() => resolve(true));
  });
}
