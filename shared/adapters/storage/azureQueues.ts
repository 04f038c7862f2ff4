// Storage queues through their SDK: messages that become visible after a delay. Built by the composition root.
import { isRestError } from '@azure/core-rest-pipeline';
import type { QueueName, Queues } from '../../ports/queues.ts';
import { attempt } from './attempt.ts';
import { createOnFirstUse, onFirstUse } from './createOnFirstUse.ts';
import type { StorageConnection } from './storageConnection.ts';

const maxMessageBytes = 48 * 1024;
// A message lives for 7 days, and must become visible before that.
const maxDelaySeconds = 7 * 24 * 60 * 60 - 1;

/** Base64 of JSON is what the Functions host reads. The SDK sends again when an answer is lost: a message may come twice. */
export function createAzureQueues(connection: StorageConnection): Queues {
  const openService = onFirstUse(async () => {
    const { QueueServiceClient } = await import('@azure/storage-queue');
    return connection.kind === 'identity'
      ? new QueueServiceClient(connection.queueServiceUri, connection.credential)
      : QueueServiceClient.fromConnectionString(connection.value);
  });

  const open = createOnFirstUse(async (queue: QueueName) => {
    const client = (await openService()).getQueueClient(queue);
    await attempt(`Queue ${queue}`, 'create the queue', () => client.createIfNotExists());
    return client;
  });

  return {
    countPoisoned: (queue) =>
      attempt(`Queue ${queue}-poison`, 'count its messages', async () => {
        try {
          const client = (await openService()).getQueueClient(`${queue}-poison`);
          const { approximateMessagesCount } = await client.getProperties();
          return approximateMessagesCount ?? 0;
        } catch (error) {
          // The host makes the queue with the first message that it gives up.
          if (isRestError(error) && error.code === 'QueueNotFound') return 0;
          throw error;
        }
      }),

    send: async (queue, message, delaySeconds) => {
      const text = encodeMessage(queue, message);
      const allowed = `whole seconds from 0 to ${maxDelaySeconds}`;
      if (!Number.isInteger(delaySeconds) || delaySeconds < 0 || delaySeconds > maxDelaySeconds)
        throw new Error(`Queue ${queue}: a delay of ${delaySeconds} is not ${allowed}.`);
      const client = await open(queue);
      await attempt(`Queue ${queue}`, 'send a message', () =>
        client.sendMessage(text, { visibilityTimeout: delaySeconds }),
      );
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
