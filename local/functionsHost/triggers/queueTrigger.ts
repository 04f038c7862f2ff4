// Polls a Storage queue and runs its function for each message, with Functions' rules on retries and poison messages.
// Called by startFunctionsHost.ts.
import type { QueueSettings } from '../settings/hostJson.ts';
import { type HostLog, toError } from '../settings/hostLog.ts';
import type { Invoke } from '../worker/invoke.ts';
import type { TypedData } from '../worker/rpc.ts';
import { decodeMessage, type QueueMessage, type StorageQueue } from './queueStorage.ts';
import type { QueueFunction } from './readFunctions.ts';
import type { After } from './timerTrigger.ts';

export type RunningPoll = {
  /** Takes no more messages; resolves when those that were taken are done with. */
  readonly stop: () => Promise<void>;
};

/** The shortest wait after an empty poll; it doubles up to host.json's maxPollingInterval. */
const shortestWait = 100;

/** The queue that gets the messages which failed maxDequeueCount times. */
export function poisonQueueName(queueName: string): string {
  return `${queueName}-poison`;
}

export function startQueuePoll(
  served: QueueFunction,
  deps: {
    readonly queue: StorageQueue;
    readonly poisonQueue: StorageQueue;
    readonly settings: QueueSettings;
    readonly after: After;
    readonly invoke: Invoke;
    readonly log: HostLog;
  },
): RunningPoll {
  const { queue, settings, log } = deps;
  const newBatchThreshold = settings.newBatchThreshold ?? Math.floor(settings.batchSize / 2);
  const inHand = new Set<Promise<void>>();
  const stopping = new AbortController();
  let endWait = () => {};
  let failing = false;

  async function poll(): Promise<void> {
    let wait = Math.min(shortestWait, settings.maxPollingInterval);
    while (!stopping.signal.aborted) {
      const messages = await receive();
      for (const message of messages) {
        const handled: Promise<void> = handle(message).finally(() => inHand.delete(handled));
        inHand.add(handled);
      }
      if (messages.length > 0) {
        wait = Math.min(shortestWait, settings.maxPollingInterval);
        while (inHand.size > newBatchThreshold) await Promise.race(inHand);
      } else {
        await pause(wait);
        wait = Math.min(wait * 2, settings.maxPollingInterval);
      }
    }
    await Promise.all(inHand);
  }

  function pause(milliseconds: number): Promise<void> {
    if (stopping.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const callOff = deps.after(milliseconds, resolve);
      endWait = () => {
        callOff();
        resolve();
      };
    });
  }

  async function receive(): Promise<readonly QueueMessage[]> {
    try {
      const messages = await queue.receive(settings.batchSize);
      failing = false;
      return messages;
    } catch (thrown) {
      // Said once, not at every poll while the storage is away.
      if (!failing && !stopping.signal.aborted)
        log.write(`Queue '${served.queueName}' can't be read: ${toError(thrown).message}`);
      failing = true;
      return [];
    }
  }

  async function handle(message: QueueMessage): Promise<void> {
    try {
      await process(message);
    } catch (thrown) {
      log.write(`Message ${message.messageId} of queue '${served.queueName}': ${toError(thrown).message}`);
    }
  }

  async function process(message: QueueMessage): Promise<void> {
    // Above the limit only when a process ended in the middle of the last allowed run.
    if (message.dequeueCount > settings.maxDequeueCount) return moveToPoison(message);
    const text = decodeMessage(message.messageText, settings.messageEncoding);
    if (text === undefined) {
      log.write(`Message ${message.messageId} of queue '${served.queueName}' is not ${settings.messageEncoding} text.`);
      return moveToPoison(message);
    }
    const outcome = await deps.invoke({
      fn: served.fn,
      data: { string: text },
      triggerMetadata: triggerMetadata(message, text),
      reason: `New queue message detected on '${served.queueName}'.`,
      details: `Trigger Details: MessageId: ${message.messageId}, DequeueCount: ${message.dequeueCount}, InsertionTime: ${isoTime(message.insertedOn)}`,
    });
    if (outcome.ok) await queue.remove(message);
    else if (message.dequeueCount >= settings.maxDequeueCount) await moveToPoison(message);
    else await queue.release(message, settings.visibilityTimeout);
  }

  async function moveToPoison(message: QueueMessage): Promise<void> {
    const poisonQueue = poisonQueueName(served.queueName);
    log.write(
      message.dequeueCount >= settings.maxDequeueCount
        ? `Message has reached MaxDequeueCount of ${settings.maxDequeueCount}. Moving message to queue '${poisonQueue}'.`
        : `Moving message to queue '${poisonQueue}'.`,
    );
    await deps.poisonQueue.send(message.messageText);
    await queue.remove(message);
  }

  const done = poll();
  return {
    stop: () => {
      stopping.abort();
      endWait();
      return done;
    },
  };
}

/**
 * In the real host's names and JSON. It also lifts the properties of a message that is a JSON object into the metadata;
 * the local host does not.
 */
function triggerMetadata(message: QueueMessage, text: string): Record<string, TypedData> {
  return {
    QueueTrigger: { string: text },
    Id: { string: message.messageId },
    PopReceipt: { string: message.popReceipt },
    DequeueCount: { json: JSON.stringify(message.dequeueCount) },
    InsertionTime: { json: JSON.stringify(isoTime(message.insertedOn)) },
    ExpirationTime: { json: JSON.stringify(isoTime(message.expiresOn)) },
    NextVisibleTime: { json: JSON.stringify(isoTime(message.nextVisibleOn)) },
  };
}

/** As .NET writes it: whole seconds, with an offset. */
function isoTime(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, '+00:00');
}
