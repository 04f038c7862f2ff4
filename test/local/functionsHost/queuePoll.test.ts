// The polling of a queue trigger: batches, waits, retries, poison, on a queue in memory and a clock moved by hand.
import { expect, it } from 'vitest';
import { readHostJson } from '../../../local/functionsHost/settings/hostJson.ts';
import { createHostLog } from '../../../local/functionsHost/settings/hostLog.ts';
import type { QueueMessage, StorageQueue } from '../../../local/functionsHost/triggers/queueStorage.ts';
import { startQueuePoll } from '../../../local/functionsHost/triggers/queueTrigger.ts';
import type { InvocationOutcome } from '../../../local/functionsHost/worker/invoke.ts';
import { createHandClock } from './handClock.ts';

const succeeded: InvocationOutcome = { ok: true, response: {} };
const failed: InvocationOutcome = { ok: false, error: new Error('failed') };
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

function message(messageId: string, dequeueCount = 1): QueueMessage {
  const time = new Date('2026-11-20T10:00:00Z');
  return {
    messageId,
    dequeueCount,
    messageText: messageId,
    popReceipt: 'receipt',
    insertedOn: time,
    expiresOn: time,
    nextVisibleOn: time,
  };
}

/** Polls a queue held in memory; runs end when the test says so. */
function pollOf(batches: readonly (readonly QueueMessage[] | Error)[], queues: object = {}) {
  const hand = createHandClock('2026-11-20T10:00:00Z');
  const calls: string[] = [];
  const lines: string[] = [];
  const runs: ((outcome: InvocationOutcome) => void)[] = [];
  const left = [...batches];
  const queue: StorageQueue = {
    create: async () => {},
    send: async () => {},
    receive: async (count) => {
      calls.push(`receive ${count}`);
      const batch = left.shift() ?? [];
      if (batch instanceof Error) throw batch;
      return batch;
    },
    remove: async ({ messageId }) => void calls.push(`remove ${messageId}`),
    release: async ({ messageId }, delay) => void calls.push(`release ${messageId} after ${delay}`),
  };
  const poll = startQueuePoll(
    {
      trigger: 'queue',
      fn: { metadata: { name: 'observe', bindings: {} }, callback: () => {} },
      queueName: 'work',
      connectionString: '',
    },
    {
      queue,
      poisonQueue: { ...queue, send: async (text) => void calls.push(`poison ${text}`) },
      settings: readHostJson({ extensions: { queues: { messageEncoding: 'none', ...queues } } }).extensions.queues,
      after: hand.after,
      invoke: (request) => {
        calls.push(`run ${request.data.string}`);
        return new Promise((resolve) => runs.push(resolve));
      },
      log: createHostLog((line) => lines.push(line), hand.clock),
    },
  );
  const endRun = async (index: number, outcome: InvocationOutcome) => {
    runs[index]?.(outcome);
    await settle();
  };
  return { hand, calls, lines, poll, endRun };
}

it('waits longer after each empty poll, up to the limit', async () => {
  const { hand, calls } = pollOf([]);
  const polls = async (time: string) => {
    await hand.advanceTo(time);
    return calls.length;
  };
  // 0.1, 0.2, 0.4, 0.8, then every second.
  expect(await polls('2026-11-20T10:00:00.1Z')).toBe(2);
  expect(await polls('2026-11-20T10:00:01.5Z')).toBe(5);
  expect(await polls('2026-11-20T10:00:04.5Z')).toBe(8);
});

it('runs a batch at once, and takes more when few enough are left', async () => {
  const { calls, endRun } = pollOf([[message('a'), message('b')], [message('c')]], {
    batchSize: 2,
    newBatchThreshold: 1,
  });
  await settle();
  expect(calls).toEqual(['receive 2', 'run a', 'run b']);
  await endRun(1, succeeded);
  expect(calls.slice(3)).toEqual(['remove b', 'receive 2', 'run c']);
});

it('lets a failed message be seen again after visibilityTimeout, until it is poison', async () => {
  const { calls, endRun } = pollOf([[message('first', 1), message('last', 5)]], { visibilityTimeout: '00:00:30' });
  await settle();
  await endRun(0, failed);
  await endRun(1, failed);
  expect(calls.filter((call) => !/^(receive|run) /.test(call))).toEqual([
    'release first after 30000',
    'poison last',
    'remove last',
  ]);
});

it('does not run a message again whose last allowed run ended with the process', async () => {
  const { calls } = pollOf([[message('crashed', 6)]]);
  await settle();
  expect(calls.filter((call) => !call.startsWith('receive'))).toEqual(['poison crashed', 'remove crashed']);
});

it('goes on when the storage is away, and says so once', async () => {
  const away = new Error('connect ECONNREFUSED');
  const { hand, calls, lines } = pollOf([away, away, away, [message('back')]]);
  await hand.advanceTo('2026-11-20T10:00:02Z');
  expect(lines).toEqual(["[2026-11-20T10:00:00.000Z] Queue 'work' can't be read: connect ECONNREFUSED"]);
  expect(calls).toContain('run back');
});

it('stops when what it took is done with', async () => {
  const { hand, calls, poll, endRun } = pollOf([[message('a')]]);
  await settle();
  let stopped = false;
  const stopping = poll.stop().then(() => {
    stopped = true;
    return stopped;
  });
  await settle();
  expect(stopped).toBe(false);
  await endRun(0, succeeded);
  await stopping;
  expect(calls.at(-1)).toBe('remove a');
  expect(hand.waiting()).toBe(0);
});
