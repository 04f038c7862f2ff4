// The queues of the app: each message is delivered at least once, again after it failed, and to the poison queue in the end.
// Used by functionsHost.ts.
import type { QueueName } from '../../../../shared/ports/queues.ts';
import type { Sent } from '../../record/record.ts';
import type { HostOptions, Invoke } from './invocations.ts';

type Message = {
  readonly queue: QueueName;
  readonly text: string;
  readonly visibleAt: number;
  dequeueCount: number;
  isGone: boolean;
};

export type Messages = {
  readonly sent: readonly Sent[];
  readonly poisoned: readonly Sent[];
  readonly waiting: () => readonly Message[];
  readonly send: (queue: QueueName, message: unknown, delaySeconds: number, by: string) => void;
};

/** host.json: visibilityTimeout and maxDequeueCount; the host holds a message for ten minutes at a time. */
const retryDelay = 30_000;
const maxDequeueCount = 5;
const lease = 10 * 60_000;

type Queue = HostOptions & {
  readonly invoke: Invoke;
  readonly poisoned: Sent[];
  readonly messages: Set<Message>;
};

export function createMessages(options: HostOptions, invoke: Invoke): Messages {
  const { schedule, draw, faults } = options;
  const sent: Sent[] = [];
  const queue: Queue = { ...options, invoke, poisoned: [], messages: new Set() };
  return {
    sent,
    poisoned: queue.poisoned,
    waiting: () => [...queue.messages],
    send: (name, message, delaySeconds, by) => {
      const late = faults.strikes('messageLate') ? draw.whole(1, 400) * 1000 : draw.whole(0, 1500);
      const visibleAt = schedule.now() + delaySeconds * 1000 + late;
      const stored = { queue: name, text: JSON.stringify(message), visibleAt, dequeueCount: 0, isGone: false };
      sent.push({ at: schedule.now(), queue: name, by, message: JSON.parse(stored.text) as unknown });
      queue.messages.add(stored);
      schedule.at(visibleAt, () => void receive(queue, stored));
      if (faults.strikes('messageDoubled')) {
        schedule.at(visibleAt + draw.whole(0, 90_000), () => void receive(queue, stored));
      }
    },
  };
}

async function receive(queue: Queue, message: Message): Promise<void> {
  const { schedule, draw, faults } = queue;
  if (message.isGone) return;
  message.dequeueCount += 1;
  const content = JSON.parse(message.text) as unknown;
  if (message.dequeueCount > maxDequeueCount) return poison(queue, message, content);
  const { name, work } = queue.handle(message.queue, content);
  const outcome = await queue.invoke(name, content, work);
  const again = (delay: number) => schedule.at(schedule.now() + delay, () => void receive(queue, message));
  if (outcome === 'lost') again(draw.whole(1_000, lease));
  else if (outcome === 'failed') {
    if (message.dequeueCount >= maxDequeueCount) poison(queue, message, content);
    else again(retryDelay);
  } else if (faults.strikes('messageKept')) again(lease);
  else remove(queue, message);
}

function poison(queue: Queue, message: Message, content: unknown): void {
  queue.poisoned.push({ at: queue.schedule.now(), queue: message.queue, by: 'host', message: content });
  remove(queue, message);
}

function remove({ messages }: Queue, message: Message): void {
  message.isGone = true;
  messages.delete(message);
}
