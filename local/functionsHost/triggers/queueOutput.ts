// Writes the messages that a function's queue outputs hold, once it has succeeded. Called by serve.ts.
import { type InvocationResponse, type TypedData, textOrBytes } from '../worker/rpc.ts';
import { encodeMessage, openQueue, type QueueAddress, type StorageQueue } from './queueStorage.ts';

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
