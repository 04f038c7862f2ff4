// Polls a Storage queue and runs its function for each message, with Functions' rules on retries and poison messages.
import type { QueueSettings } from '../settings/hostJson.ts';
import { type HostLog, toError } from '../settings/hostLog.ts';
import { type After, pause } from '../worker/after.ts';
import type { Invoke } from '../worker/invoke.ts';
import type { TypedData } from '../worker/rpc.ts';
import { decodeMessage, type QueueMessage, type StorageQueue } from './queueStorage.ts';
import type { QueueFunction } from './readFunctions.ts';

/** Milliseconds after an empty poll; they double up to host.json's maxPollingInterval. */
const minWait = 100;

export function poisonQueueName(queueName: string): string {
  return `${queueName}-poison`;
}

type Deps = {
  readonly queue: StorageQueue;
  readonly poisonQueue: StorageQueue;
  readonly settings: QueueSettings;
  readonly invoke: Invoke;
  readonly log: HostLog;
  readonly after: After;
};

type Poll = Deps & { readonly served: QueueFunction };

export function startQueuePoll(served: QueueFunction, deps: Deps): { readonly stop: () => Promise<void> } {
  const { settings, after } = deps;
  const poll: Poll = { ...deps, served };
  const newBatchThreshold = settings.newBatchThreshold ?? Math.floor(settings.batchSize / 2);
  const inHand = new Set<Promise<void>>();
  const stopping = new AbortController();
  const receive = createReceiver(poll, stopping.signal);

  async function pollUntilStopped(): Promise<void> {
    const firstWait = Math.min(minWait, settings.maxPollingInterval);
    let wait = firstWait;
    while (!stopping.signal.aborted) {
      const messages = await receive();
      for (const message of messages) {
        const handled: Promise<void> = deliver(poll, message)
          .catch((thrown: unknown) => {
            poll.log.write(`Message ${message.messageId} of queue '${served.queueName}': ${toError(thrown).message}`);
          })
          .finally(() => inHand.delete(handled));
        inHand.add(handled);
      }
      if (messages.length > 0) {
        wait = firstWait;
        while (inHand.size > newBatchThreshold) await Promise.race(inHand);
      } else {
        await pause(wait, after, stopping.signal);
        wait = Math.min(wait * 2, settings.maxPollingInterval);
      }
    }
    await Promise.all(inHand);
  }

  const done = pollUntilStopped();
  return {
    stop: () => {
      stopping.abort();
      return done;
    },
  };
}

/** Takes a batch, or none while the storage is away: that is said once, not at every poll. */
function createReceiver({ served, queue, settings, log }: Poll, stopping: AbortSignal) {
  let failing = false;
  return async (): Promise<readonly QueueMessage[]> => {
    try {
      const messages = await queue.receive(settings.batchSize);
      failing = false;
      return messages;
    } catch (thrown) {
      if (!failing && !stopping.aborted) {
        log.write(`Queue '${served.queueName}' can't be read: ${toError(thrown).message}`);
      }
      failing = true;
      return [];
    }
  };
}

async function deliver(poll: Poll, message: QueueMessage): Promise<void> {
  const { served, queue, settings, log } = poll;
  // Above the limit only when a process ended in the middle of the last allowed run.
  if (message.dequeueCount > settings.maxDequeueCount) return moveToPoison(poll, message);
  const text = decodeMessage(message.messageText, settings.messageEncoding);
  if (text === undefined) {
    log.write(`Message ${message.messageId} of queue '${served.queueName}' is not ${settings.messageEncoding} text.`);
    return moveToPoison(poll, message);
  }
  const outcome = await poll.invoke({
    fn: served.fn,
    data: { string: text },
    triggerMetadata: triggerMetadata(message, text),
    reason: `New queue message detected on '${served.queueName}'.`,
    details: `Trigger Details: MessageId: ${message.messageId}, DequeueCount: ${message.dequeueCount}, InsertionTime: ${isoTime(message.insertedOn)}`,
  });
  if (outcome.ok) await queue.remove(message);
  else if (message.dequeueCount >= settings.maxDequeueCount) await moveToPoison(poll, message);
  else await queue.release(message, settings.visibilityTimeout);
}

async function moveToPoison({ served, settings, log, queue, poisonQueue }: Poll, message: QueueMessage): Promise<void> {
  const { maxDequeueCount: max } = settings;
  const why = message.dequeueCount >= max ? `Message has reached MaxDequeueCount of ${max}. ` : '';
  log.write(`${why}Moving message to queue '${poisonQueueName(served.queueName)}'.`);
  await poisonQueue.send(message.messageText);
  await queue.remove(message);
}

/** The real host also lifts the properties of a message that is a JSON object into the metadata; this one does not. */
function triggerMetadata(message: QueueMessage, text: string): Record<string, TypedData> {
  const json = (value: unknown) => ({ json: JSON.stringify(value) });
  return {
    QueueTrigger: { string: text },
    Id: { string: message.messageId },
    PopReceipt: { string: message.popReceipt },
    DequeueCount: json(message.dequeueCount),
    InsertionTime: json(isoTime(message.insertedOn)),
    ExpirationTime: json(isoTime(message.expiresOn)),
    NextVisibleTime: json(isoTime(message.nextVisibleOn)),
  };
}

function isoTime(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, '+00:00');
}
