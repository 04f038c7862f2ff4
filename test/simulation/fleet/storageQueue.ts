// A queue of Azure Storage as the functions host reads it: messages are hidden until they are done, come back when they fail,
// and go to the poison queue after five tries; an idle queue is looked at ever more seldom. Numbers: host.json. Used by runFleet.
import type { Schedule } from '../world/schedule.ts';

const batchSize = 16;
/** The host asks for the next batch when no more than half of one is under way. */
const newBatchThreshold = batchSize / 2;
const maxDequeueCount = 5;
const retryMs = 30_000;
const shortestPollMs = 100;
const longestPollMs = 10_000;

type Message = { readonly text: string; readonly visibleAt: number; readonly dequeued: number };

export type StorageQueue = {
  readonly send: (message: unknown, delaySeconds?: number) => void;
  readonly waiting: () => number;
  readonly poisoned: () => number;
};

/** @param handle rejects where the message is to come again */
export function createStorageQueue(
  schedule: Schedule,
  instances: number,
  handle: (message: unknown) => Promise<void>,
): StorageQueue {
  const messages: Message[] = [];
  let poisoned = 0;

  const work = async (message: Message): Promise<void> => {
    try {
      await handle(JSON.parse(message.text));
    } catch {
      const dequeued = message.dequeued + 1;
      if (dequeued >= maxDequeueCount) poisoned += 1;
      else messages.push({ ...message, dequeued, visibleAt: schedule.now() + retryMs });
    }
  };

  for (let instance = 0; instance < instances; instance += 1) {
    let busy = 0;
    let pause = shortestPollMs;
    const poll = (): void => {
      const batch = busy <= newBatchThreshold ? takeVisible(messages, schedule.now()) : [];
      busy += batch.length;
      for (const message of batch) {
        void work(message).finally(() => {
          busy -= 1;
        });
      }
      pause = busy > 0 ? shortestPollMs : Math.min(pause * 2, longestPollMs);
      schedule.at(schedule.now() + pause, poll);
    };
    schedule.at(schedule.now(), poll);
  }

  return {
    send: (message, delaySeconds = 0) => {
      messages.push({ text: JSON.stringify(message), visibleAt: schedule.now() + delaySeconds * 1000, dequeued: 0 });
    },
    waiting: () => messages.length,
    poisoned: () => poisoned,
  };
}

function takeVisible(messages: Message[], now: number): readonly Message[] {
  const batch = messages.filter(({ visibleAt }) => visibleAt <= now).slice(0, batchSize);
  for (const message of batch) messages.splice(messages.indexOf(message), 1);
  return batch;
}
