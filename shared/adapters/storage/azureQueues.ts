// Storage queues through their SDK: messages that become visible after a delay. Built by the composition root.
import { QueueServiceClient } from '@azure/storage-queue';
import { messageOf } from '../../domain/text/messageOf.ts';
import type { QueueName, Queues } from '../../ports/queues.ts';
import { createOnFirstUse } from './createOnFirstUse.ts';
import type { StorageConnection } from './storageConnection.ts';

// 64 KiB as base64.
const maxMessageBytes = 48 * 1024;
// A message lives for 7 days, and must become visible before that.
const maxDelaySeconds = 7 * 24 * 60 * 60 - 1;

/** Base64 of JSON is what the Functions host reads. The SDK sends again when an answer is lost: a message may come twice. */
export function createAzureQueues(connection: StorageConnection): Queues {
  const service =
    connection.kind === 'identity'
      ? new QueueServiceClient(connection.queueServiceUri, connection.credential)
      : QueueServiceClient.fromConnectionString(connection.value);

  const open = createOnFirstUse(async (queue: QueueName) => {
    const client = service.getQueueClient(queue);
    try {
      await client.createIfNotExists();
    } catch (error) {
      throw failure(queue, 'create the queue', error);
    }
    return client;
  });

  return {
    send: async (queue, message, delaySeconds) => {
      const text = encodeMessage(queue, message);
      if (!Number.isInteger(delaySeconds) || delaySeconds < 0 || delaySeconds > maxDelaySeconds)
        throw new Error(
          `Queue ${queue}: a delay of ${delaySeconds} is not whole seconds from 0 to ${maxDelaySeconds}.`,
        );
      const client = await open(queue);
      try {
        await client.sendMessage(text, { visibilityTimeout: delaySeconds });
      } catch (error) {
        throw failure(queue, 'send a message', error);
      }
    },
  };
}

function encodeMessage(queue: QueueName, message: unknown): string {
  const json: string | undefined = JSON.stringify(message);
  if (json === undefined) throw new Error(`Queue ${queue}: the message is not JSON.`);
  const bytes = Buffer.from(json);
  if (bytes.length > maxMessageBytes)
    throw new Error(`Queue ${queue}: the message takes ${bytes.length} bytes of JSON, more than ${maxMessageBytes}.`);
  return bytes.toString('base64');
}

function failure(queue: QueueName, attempted: string, cause: unknown): Error {
  const reason = messageOf(cause);
  return new Error(`Queue ${queue}: could not ${attempted}: ${reason}`, { cause });
}
