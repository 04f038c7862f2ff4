import { randomUUID } from 'node:crypto';
import { QueueServiceClient } from '@azure/storage-queue';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Azurite, startAzurite } from '../../../local/azurite.ts';
import { createAzureQueues } from '../../../shared/adapters/storage/azureQueues.ts';

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

const connect = () => createAzureQueues({ kind: 'connectionString', value: azurite.connectionString });
const queue = () => QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient('observe-cluster');

/** What a queue trigger would be given now. */
async function receive(): Promise<unknown[]> {
  const { receivedMessageItems } = await queue().receiveMessages({ numberOfMessages: 32 });
  return receivedMessageItems.map((item) => JSON.parse(Buffer.from(item.messageText, 'base64').toString('utf8')));
}

describe('createAzureQueues', () => {
  beforeEach(() => queue().deleteIfExists());

  it('creates the queue and sends base64 of JSON', async () => {
    const message = { cluster: randomUUID(), hint: ['é 한 😀', null, { a: 1 }] };
    await connect().send('observe-cluster', message, 0);
    expect(await receive()).toEqual([message]);
  });

  it('hides a message until its delay is over', async () => {
    await connect().send('observe-cluster', 'later', 3600);
    expect(await receive()).toEqual([]);
    expect((await queue().getProperties()).approximateMessagesCount).toBe(1);
  });

  it('counts the messages that the host gave up, of which there are none where it never did', async () => {
    const given = QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient(
      'start-upgrade-poison',
    );
    await given.deleteIfExists();
    expect(await connect().countPoisoned('start-upgrade')).toBe(0);
    await given.create();
    for (let i = 0; i < 3; i += 1) await given.sendMessage('x');
    expect(await connect().countPoisoned('start-upgrade')).toBe(3);
    expect(await connect().countPoisoned('observe-cluster')).toBe(0);
  });

  it('loses nothing when several instances create the queue at once', async () => {
    await Promise.all(Array.from({ length: 5 }, (_, i) => connect().send('observe-cluster', i, 0)));
    expect(new Set(await receive())).toEqual(new Set([0, 1, 2, 3, 4]));
  });

  it('takes a message of 48 KiB and no larger one', async () => {
    const most = 'é'.repeat((48 * 1024 - 2) / 2);
    await connect().send('observe-cluster', most, 0);
    expect(await receive()).toEqual([most]);
    await expect(connect().send('observe-cluster', `${most}e`, 0)).rejects.toThrow(
      'Queue observe-cluster: the message takes 49153 bytes of JSON, more than 49152.',
    );
  });

  it('refuses what is not JSON', async () => {
    await expect(connect().send('observe-cluster', undefined, 0)).rejects.toThrow('the message is not JSON');
  });

  it.each([-1, 0.5, Number.NaN, 7 * 24 * 60 * 60])('refuses a delay of %d s', async (delaySeconds) => {
    await expect(connect().send('observe-cluster', 1, delaySeconds)).rejects.toThrow(
      `Queue observe-cluster: a delay of ${delaySeconds} is not whole seconds`,
    );
  });

  it('throws once, with the cause, when the service refuses', async () => {
    const value = azurite.connectionString.replace(/AccountKey=[^;]+/, `AccountKey=${btoa('another key')}`);
    const queues = createAzureQueues({ kind: 'connectionString', value });
    await expect(queues.send('observe-cluster', 1, 0)).rejects.toMatchObject({
      message: expect.stringMatching(/^Queue observe-cluster: could not create the queue: /),
      cause: expect.objectContaining({ name: 'RestError', statusCode: 403 }),
    });
  });
});
