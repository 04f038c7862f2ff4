// Queue triggers and outputs of the local host, on Azurite.
import { app, type InvocationContext, output } from '@azure/functions';
import { QueueClient } from '@azure/storage-queue';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { type Azurite, startAzurite } from '../../../local/azurite.ts';
import { type FunctionsHost, startFunctionsHost } from '../../../local/functionsHost/startFunctionsHost.ts';

const forwarding = z.object({ set: z.unknown(), fail: z.boolean().optional() });

type Seen = { readonly entry: unknown; readonly context: InvocationContext };

/** What the functions saw, in order, handed to the test as it comes. */
function createInbox() {
  const seen: Seen[] = [];
  let wake = () => {};
  return {
    put: (entry: unknown, context: InvocationContext) => {
      seen.push({ entry, context });
      wake();
    },
    /** The entries, once there are `count`. */
    entries: async (count: number): Promise<readonly Seen[]> => {
      while (seen.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return seen;
    },
  };
}

const lines: string[] = [];
const received = createInbox();
const failures = createInbox();
const poisoned = createInbox();
const forwarded = createInbox();
let azurite: Azurite;
let host: FunctionsHost;
const client = (name: string) => new QueueClient(azurite.connectionString, name);
const send = (name: string, text: string) => client(name).sendMessage(Buffer.from(text).toString('base64'));

/** Registers what a test of queues needs, against Azurite through two connection settings. */
function register() {
  const queue = (queueName: string) => ({ queueName, connection: 'Storage' });
  app.storageQueue('receive', { ...queue('%RECEIVE_QUEUE%'), handler: received.put });
  app.storageQueue('fail', {
    ...queue('failing'),
    handler: (entry, context) => {
      failures.put(entry, context);
      throw new Error('not today');
    },
  });
  app.storageQueue('poison', { queueName: 'failing-poison', connection: '', handler: poisoned.put });
  app.storageQueue('undecodable', { ...queue('undecodable'), handler: () => {} });
  app.storageQueue('undecodablePoison', { ...queue('undecodable-poison'), handler: poisoned.put });

  const extra = output.storageQueue(queue('forwarded'));
  app.storageQueue('forwarded', { ...queue('forwarded'), handler: forwarded.put });
  app.http('forward', {
    authLevel: 'anonymous',
    extraOutputs: [extra],
    handler: async (request, context) => {
      const { set, fail } = forwarding.parse(await request.json());
      context.extraOutputs.set(extra, set);
      if (fail) throw new Error('after the output was set');
      return {};
    },
  });
  const away = output.storageQueue({ queueName: 'away', connection: 'Away' });
  app.http('unsendable', {
    authLevel: 'anonymous',
    extraOutputs: [away],
    handler: (_request, context) => {
      context.extraOutputs.set(away, 'lost');
      return {};
    },
  });
  app.storageQueue('returns', { ...queue('returning'), return: extra, handler: () => ({ from: 'return' }) });
}

beforeAll(async () => {
  azurite = await startAzurite();
  const { connectionString } = azurite;
  host = await startFunctionsHost({
    load: async () => register(),
    settings: {
      AzureWebJobsStorage: connectionString,
      Away: connectionString.replace(/QueueEndpoint=[^;]*/, 'QueueEndpoint=http://127.0.0.1:1/devstoreaccount1'),
      Storage: connectionString,
      RECEIVE_QUEUE: 'from-settings',
    },
    host: { extensions: { queues: { maxPollingInterval: '00:00:00.020', maxDequeueCount: 3 } } },
    port: 0,
    log: (line) => lines.push(line),
  });
});

afterAll(async () => {
  await host.stop();
  await azurite.stop();
});

it('runs a function for each message, with its metadata, and deletes it', async () => {
  await send('from-settings', JSON.stringify({ cluster: 'prod' }));
  await send('from-settings', 'plain text');
  const seen = await received.entries(2);
  expect(seen.map(({ entry }) => entry)).toEqual(expect.arrayContaining([{ cluster: 'prod' }, 'plain text']));
  const json = seen.find(({ entry }) => typeof entry === 'object');
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
  expect(json?.context.triggerMetadata).toEqual({
    queueTrigger: { cluster: 'prod' },
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    popReceipt: expect.any(String),
    dequeueCount: 1,
    insertionTime: time,
    expirationTime: time,
    nextVisibleTime: time,
  });
  expect(lines.join('\n')).toContain("(Reason='New queue message detected on 'from-settings'.'");
  expect(lines.join('\n')).toMatch(/Trigger Details: MessageId: \S+, DequeueCount: 1, InsertionTime: /);
});

it('tries a failing message again, then moves it to the poison queue as it was', async () => {
  await send('failing', '{"try":"me"}');
  const [poison] = await poisoned.entries(1);
  expect(poison?.entry).toEqual({ try: 'me' });
  const tries = await failures.entries(3);
  expect(tries.map(({ context }) => context.triggerMetadata?.['dequeueCount'])).toEqual([1, 2, 3]);
  expect(lines.join('\n')).toContain(
    "Message has reached MaxDequeueCount of 3. Moving message to queue 'failing-poison'.",
  );
  // The message leaves its queue after it has come to the other: a crash in between keeps both.
  const left = async () => (await client('failing').getProperties()).approximateMessagesCount;
  await expect.poll(left).toBe(0);
});

it('moves a message that is not base64 to the poison queue, without running the function', async () => {
  await client('undecodable').sendMessage('not base64!');
  // The poison queue's own function can't read it either, so it ends one further.
  const last = client('undecodable-poison-poison');
  await last.createIfNotExists();
  let text: string | undefined;
  while (text === undefined) text = (await last.receiveMessages()).receivedMessageItems[0]?.messageText;
  expect(text).toBe('not base64!');
  expect(lines.join('\n')).not.toContain("Executing 'Functions.undecodable'");
});

it('writes outputs once the function has succeeded: text, objects, and an array as one message each', async () => {
  const forward = async (body: unknown) =>
    (await fetch(`${host.url}/api/forward`, { method: 'POST', body: JSON.stringify(body) })).status;
  expect(await forward({ set: 'lost', fail: true })).toBe(500);
  expect(await forward({ set: 'text' })).toBe(200);
  expect(await forward({ set: { a: 1 } })).toBe(200);
  expect(await forward({ set: ['one', { two: 2 }] })).toBe(200);
  expect(await forward({ set: '["a","string"]' })).toBe(200);
  expect(await forward({ set: null })).toBe(200);
  await send('returning', 'go');
  const seen = await forwarded.entries(6);
  expect(seen.map(({ entry }) => entry)).toEqual(
    expect.arrayContaining(['text', { a: 1 }, 'one', { two: 2 }, ['a', 'string'], { from: 'return' }]),
  );
  expect(seen).toHaveLength(6);
});

it('fails the invocation when an output can not be written', async () => {
  expect((await fetch(`${host.url}/api/unsendable`)).status).toBe(500);
  expect(lines.join('\n')).toContain("Executed 'Functions.unsendable' (Failed");
});

it('runs a queue function by hand through the admin API', async () => {
  const before = (await received.entries(0)).length;
  const answer = await fetch(`${host.url}/admin/functions/receive`, {
    method: 'POST',
    headers: { 'x-functions-key': host.keys.master },
    body: JSON.stringify({ input: '{"by":"hand"}' }),
  });
  expect(answer.status).toBe(202);
  expect((await received.entries(before + 1)).at(-1)?.entry).toEqual({ by: 'hand' });
});
