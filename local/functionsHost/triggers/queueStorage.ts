// A Storage queue as Functions' queue bindings use it. The only place of the host where the Storage SDK appears.
import { type DequeuedMessageItem, QueueClient, RestError } from '@azure/storage-queue';
import { type InvocationResponse, type TypedData, textOrBytes } from '../worker/rpc.ts';

export type QueueAddress = { readonly queueName: string; readonly connectionString: string };

export type QueueMessage = DequeuedMessageItem;

type Encoding = 'base64' | 'none';

export type StorageQueue = {
  readonly create: () => Promise<void>;
  readonly send: (text: string) => Promise<void>;
  /** Takes up to `count` messages, invisible to others for ten minutes, or for the given time. */
  readonly receive: (count: number) => Promise<readonly QueueMessage[]>;
  readonly remove: (message: QueueMessage) => Promise<void>;
  readonly release: (message: QueueMessage, delayMilliseconds: number) => Promise<void>;
};

/** After ten minutes a message goes to another run, as in the real host (which renews the lease). */
const invisibleSeconds = 10 * 60;

/** What is wrong with a connection string, without quoting it: it may hold a key. */
export function connectionProblem(connectionString: string): string | undefined {
  try {
    return new QueueClient(connectionString, 'queue').url ? undefined : 'no URL';
  } catch (error) {
    return (error as Error).message;
  }
}

function openQueue({ queueName, connectionString }: QueueAddress, abortSignal: AbortSignal): StorageQueue {
  // Few and short retries: the next poll tries again anyway.
  const retryOptions = { maxTries: 2, retryDelayInMs: 100 };
  const client = new QueueClient(connectionString, queueName, { retryOptions });
  const create = async () => {
    await client.createIfNotExists({ abortSignal });
  };
  return {
    create,
    send: async (text) => {
      const send = () => client.sendMessage(text, { abortSignal });
      if (await isDone(send())) return;
      await create();
      await send();
    },
    receive: async (numberOfMessages) => {
      const options = { numberOfMessages, visibilityTimeout: invisibleSeconds, abortSignal };
      return (await client.receiveMessages(options)).receivedMessageItems;
    },
    // A message that is gone, or that another has taken since, is no longer ours to change.
    remove: async (message) => {
      await isDone(client.deleteMessage(message.messageId, message.popReceipt, { abortSignal }));
    },
    release: async (message, delayMilliseconds) => {
      const seconds = Math.ceil(delayMilliseconds / 1000);
      const { messageId, popReceipt } = message;
      await isDone(client.updateMessage(messageId, popReceipt, undefined, seconds, { abortSignal }));
    },
  };
}

async function isDone(request: Promise<unknown>): Promise<boolean> {
  try {
    await request;
    return true;
  } catch (error) {
    if (error instanceof RestError && error.statusCode === 404) return false;
    throw error;
  }
}

export function encodeMessage(value: string | Uint8Array, encoding: Encoding): string {
  const bytes = Buffer.from(value);
  return encoding === 'base64' ? bytes.toString('base64') : bytes.toString('utf8');
}

export function decodeMessage(text: string, encoding: Encoding): string | undefined {
  if (encoding === 'none') return text;
  const isBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text);
  return isBase64 ? Buffer.from(text, 'base64').toString('utf8') : undefined;
}

export type OpenQueues = (address: QueueAddress) => StorageQueue;

export function createOpenQueues(signal: AbortSignal): OpenQueues {
  const opened = new Map<string, StorageQueue>();
  return (address) => {
    const id = `${address.connectionString} ${address.queueName}`;
    const queue = opened.get(id) ?? openQueue(address, signal);
    opened.set(id, queue);
    return queue;
  };
}

export async function writeOutputs(
  { outputData = [], returnValue }: InvocationResponse,
  addresses: Readonly<Record<string, QueueAddress>>,
  queueAt: OpenQueues,
  encoding: Parameters<typeof encodeMessage>[1],
): Promise<void> {
  for (const { name, data } of [...outputData, { name: '$return', data: returnValue }]) {
    const address = addresses[name];
    if (!address) continue;
    for (const message of messagesOf(data)) await queueAt(address).send(encodeMessage(message, encoding));
  }
}

/** An array is one message for each element, everything else is one; nothing is none. */
function messagesOf(data: TypedData | null | undefined): readonly (string | Uint8Array)[] {
  const value = textOrBytes(data);
  if (value === undefined) return [];
  // Only a value that the handler gave as an array arrives as JSON that is one; a string stays one message.
  const parsed: unknown = data?.json == null ? undefined : JSON.parse(data.json);
  if (!Array.isArray(parsed)) return [value];
  return parsed.map((element: unknown) => (typeof element === 'string' ? element : JSON.stringify(element)));
}
