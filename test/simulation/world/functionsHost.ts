// The Functions host of the simulation: invocations on two instances that can die, queues that deliver at least once, and
// Event Grid, which sends an event again until it is taken. Used by run.ts.
import type { QueueName, Queues } from '../../../shared/ports/queues.ts';
import type { FunctionName, Invocation, Sent } from '../record/record.ts';
import type { Faults } from './faults.ts';
import type { Schedule } from './schedule.ts';
import type { Draw } from './seed.ts';

type Message = {
  readonly queue: QueueName;
  readonly text: string;
  readonly visibleAt: number;
  dequeueCount: number;
  isGone: boolean;
};

export type Output = { readonly queue: QueueName; readonly message: unknown };
export type Work = (invocation: Invocation) => Promise<readonly Output[]>;

export type FunctionsHost = {
  readonly invocations: readonly Invocation[];
  readonly queues: (by: string) => Queues;
  /** Runs a function on an instance, sends what it returns, and says how it ended. */
  readonly invoke: (name: FunctionName, message: unknown, work: Work) => Promise<'done' | 'failed' | 'lost'>;
  readonly die: (invocation: Invocation) => void;
  readonly underWay: () => number;
  /** Hands an event over, again and again until an invocation takes it. */
  readonly deliver: (event: unknown) => void;
  readonly sent: readonly Sent[];
  readonly poisoned: readonly Sent[];
  readonly waiting: () => readonly Message[];
};

export const instances = 2;
/** host.json: functionTimeout, visibilityTimeout and maxDequeueCount; the host holds a message for ten minutes at a time. */
const functionTimeout = 5 * 60_000;
const retryDelay = 30_000;
const maxDequeueCount = 5;
const lease = 10 * 60_000;
/** Event Grid's schedule of retries. */
const eventRetries = [10, 30, 60, 300, 600, 1800, 3600].map((seconds) => seconds * 1000);

export function createFunctionsHost(options: {
  readonly schedule: Schedule;
  readonly draw: Draw;
  readonly faults: () => Faults;
  /** What a function does with a message or an event. */
  readonly handle: (
    queue: QueueName | 'event',
    message: unknown,
  ) => { readonly name: FunctionName; readonly work: Work };
  readonly onEnd: (invocation: Invocation) => void;
  readonly isQuiet: () => boolean;
}): FunctionsHost {
  const { schedule, draw } = options;
  const invocations: Invocation[] = [];
  const ends = new Map<Invocation, () => void>();
  const sent: Sent[] = [];
  const poisoned: Sent[] = [];
  let messages: Message[] = [];

  function end(invocation: Invocation, outcome: 'done' | 'failed' | 'lost', error?: unknown): void {
    const resolve = ends.get(invocation);
    if (!resolve) return;
    ends.delete(invocation);
    invocation.outcome = outcome;
    invocation.endedAt = schedule.now();
    if (error !== undefined) invocation.error = error instanceof Error ? error.message : 'it threw something strange';
    options.onEnd(invocation);
    resolve();
  }

  /** The instance dies, and with it all that it does, or only the worker of this invocation. */
  function die(invocation: Invocation): void {
    const all = draw.chance(0.3);
    for (const other of ends.keys()) {
      if (other !== invocation && !(all && other.instance === invocation.instance)) continue;
      other.alive = false;
      end(other, 'lost');
    }
  }

  /** A starter takes its time, so that the world can move while it decides; and some of all are slow from end to end. */
  function paceOf(name: FunctionName): number {
    if (name === 'startUpgrade') return 300;
    return !options.isQuiet() && draw.chance(0.08) ? draw.pick([500, 5_000, 20_000]) : 0;
  }

  async function invoke(name: FunctionName, message: unknown, work: Work): Promise<'done' | 'failed' | 'lost'> {
    const invocation: Invocation = {
      id: invocations.length + 1,
      name,
      instance: draw.whole(0, instances - 1),
      startedAt: schedule.now(),
      message,
      pace: paceOf(name),
      alive: true,
      faults: [],
      reads: [],
    };
    invocations.push(invocation);
    const ended = new Promise<void>((resolve) => ends.set(invocation, resolve));
    schedule.at(schedule.now() + functionTimeout, () => {
      if (ends.has(invocation)) die(invocation);
    });
    void run(invocation, work);
    await ended;
    return invocation.outcome ?? 'lost';
  }

  async function run(invocation: Invocation, work: Work): Promise<void> {
    try {
      for (const output of await work(invocation)) await sendOutput(invocation, output);
      end(invocation, 'done');
    } catch (error) {
      if (invocation.alive) end(invocation, 'failed', error);
    }
  }

  /** What a function returns is sent by the host when it has ended: the host can die between two messages. */
  async function sendOutput(invocation: Invocation, { queue, message }: Output): Promise<void> {
    const faults = options.faults();
    if (faults.strikes('messageLost', invocation)) return;
    await faults.call(invocation, () => send(queue, message, 0, invocation.name), undefined);
  }

  function send(queue: QueueName, message: unknown, delaySeconds: number, by: string): void {
    const faults = options.faults();
    const late = faults.strikes('messageLate') ? draw.whole(1, 400) * 1000 : draw.whole(0, 1500);
    const visibleAt = schedule.now() + delaySeconds * 1000 + late;
    const stored: Message = { queue, text: JSON.stringify(message), visibleAt, dequeueCount: 0, isGone: false };
    sent.push({ at: schedule.now(), queue, by, message: JSON.parse(stored.text) as unknown });
    messages.push(stored);
    schedule.at(visibleAt, () => void receive(stored));
    if (faults.strikes('messageDoubled')) {
      schedule.at(visibleAt + draw.whole(0, 90_000), () => void receive(stored));
    }
  }

  async function receive(message: Message): Promise<void> {
    if (message.isGone) return;
    message.dequeueCount += 1;
    const content = JSON.parse(message.text) as unknown;
    if (message.dequeueCount > maxDequeueCount) return poison(message, content);
    const { name, work } = options.handle(message.queue, content);
    const outcome = await invoke(name, content, work);
    const again = (delay: number) => schedule.at(schedule.now() + delay, () => void receive(message));
    if (outcome === 'lost') again(draw.whole(1_000, lease));
    else if (outcome === 'failed') {
      if (message.dequeueCount >= maxDequeueCount) poison(message, content);
      else again(retryDelay);
    } else if (options.faults().strikes('messageKept')) again(lease);
    else remove(message);
  }

  function poison(message: Message, content: unknown): void {
    poisoned.push({ at: schedule.now(), queue: message.queue, by: 'host', message: content });
    remove(message);
  }

  function remove(message: Message): void {
    message.isGone = true;
    messages = messages.filter((other) => other !== message);
  }

  async function take(event: unknown, tried: number): Promise<void> {
    const { name, work } = options.handle('event', event);
    const outcome = await invoke(name, event, work);
    const delay = eventRetries[tried];
    if (outcome !== 'done' && delay !== undefined) {
      schedule.at(schedule.now() + delay, () => void take(event, tried + 1));
    }
  }

  return {
    invocations,
    queues: (by) => ({
      send: async (queue, message, delaySeconds) => send(queue, message, delaySeconds, by),
    }),
    invoke,
    die,
    underWay: () => ends.size,
    deliver: (event) => {
      const faults = options.faults();
      if (faults.strikes('eventLost')) return;
      const late = faults.strikes('eventLate') ? draw.whole(1, 8 * 3600) * 1000 : draw.whole(0, 4_000);
      schedule.at(schedule.now() + late, () => void take(event, 0));
      if (faults.strikes('eventDoubled')) {
        schedule.at(schedule.now() + late + draw.whole(0, 120_000), () => void take(event, 0));
      }
    },
    sent,
    poisoned,
    waiting: () => messages,
  };
}
