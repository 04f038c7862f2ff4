// A Storage queue as Functions' queue bindings use it. The only place of the host where the Storage SDK appears.
// Used by queueTrigger.ts and queueOutput.ts.
import { type DequeuedMessageItem, QueueClient, RestError } from '@azure/storage-queue';
import type { QueueSettings } from '../settings/hostJson.ts';
import type { QueueAddress } from './readFunctions.ts';

export type QueueMessage = DequeuedMessageItem;

export type StorageQueue = {
  readonly create: () => Promise<void>;
  /** Adds a message, and the queue if there is none. `text` is what the service stores: encode it first. */
  readonly send: (text: string) => Promise<void>;
  /** Takes up to `count` messages, invisible to others for ten minutes, or for the given time. */
  readonly receive: (count: number) => Promise<readonly QueueMessage[]>;
  readonly remove: (message: QueueMessage) => Promise<void>;
  /** Lets others see it again after a delay. */
  readonly release: (message: QueueMessage, delayMilliseconds: number) => Promise<void>;
};

/** How long a run has before its message is given to another: ten minutes, as in the real host (which renews it). */
const invisibleSeconds = 10 * 60;

/** What the SDK has against a connection string, without what stands in it: it may hold a key. Undefined: nothing. */
export function connectionProblem(connectionString: string): string | undefined {
  try {
    return new QueueClient(connectionString, 'queue').url ? undefined : 'no URL';
  } catch (error) {
    return (error as Error).message;
  }
}

/** @param signal ends every request that is still waiting */
export function openQueue({ queueName, connectionString }: QueueAddress, abortSignal: AbortSignal): StorageQueue {
  // Few and short retries: the poll is a retry by itself, and a laptop's storage is there or it is not.
  const retryOptions = { maxTries: 2, retryDelayInMs: 100 };
  const client = new QueueClient(connectionString, queueName, { retryOptions });
  const create = async () => {
    await client.createIfNotExists({ abortSignal });
  };
  return {
    create,
    send: async (text) => {
      try {
        await client.sendMessage(text, { abortSignal });
      } catch (error) {
        if (!isGone(error)) throw error;
        await create();
        await client.sendMessage(text, { abortSignal });
      }
    },
    receive: async (numberOfMessages) => {
      const options = { numberOfMessages, visibilityTimeout: invisibleSeconds, abortSignal };
      return (await client.receiveMessages(options)).receivedMessageItems;
    },
    // A message that is gone, or that another has taken since, is no longer ours to change.
    remove: async (message) => {
      await unlessGone(client.deleteMessage(message.messageId, message.popReceipt, { abortSignal }));
    },
    release: async (message, delayMilliseconds) => {
      const seconds = Math.ceil(delayMilliseconds / 1000);
      const { messageId, popReceipt } = message;
      await unlessGone(client.updateMessage(messageId, popReceipt, undefined, seconds, { abortSignal }));
    },
  };
}

async function unlessGone(request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof RestError && error.statusCode === 404;
}

/** The text of a message as Functions stores it. */
export function encodeMessage(value: string | Uint8Array, encoding: QueueSettings['messageEncoding']): string {
  const bytes = Buffer.from(value);
  return encoding === 'base64' ? bytes.toString('base64') : bytes.toString('utf8');
}

/** What a message says, or undefined when it is not in the encoding that host.json sets. */
export function decodeMessage(text: string, encoding: QueueSettings['messageEncoding']): string | undefined {
  if (encoding === 'none') return text;
  const isBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text);
  return isBase64 ? Buffer.from(text, 'base64').toString('utf8') : undefined;
}
