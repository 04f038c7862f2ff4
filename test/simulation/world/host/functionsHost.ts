// The Functions host of the simulation: invocations on two instances that can die, queues that deliver at least once, and
// Event Grid, which sends an event again until it is taken. Used by createWorld.ts.
import type { Queues } from '../../../../shared/ports/queues.ts';
import type { Invocation } from '../../record/record.ts';
import type { Output } from './functions.ts';
import { createInvocations, type HostOptions, type Invocations } from './invocations.ts';
import { createMessages, type Messages } from './messages.ts';

export type FunctionsHost = Omit<Invocations, 'all'> &
  Omit<Messages, 'send'> & {
    readonly invocations: readonly Invocation[];
    readonly queues: (by: string) => Queues;
    /** Hands an event over, again and again until an invocation takes it. */
    readonly deliver: (event: unknown) => void;
  };

/** Event Grid's schedule of retries. */
const eventRetries = [10, 30, 60, 300, 600, 1800, 3600].map((seconds) => seconds * 1000);

export function createFunctionsHost(options: HostOptions): FunctionsHost {
  const { faults } = options;
  const invocations: Invocations = createInvocations(options, (invocation, output) => sendOutput(invocation, output));
  const messages = createMessages(options, invocations.invoke);

  /** The host can die between two messages of one function. */
  async function sendOutput(invocation: Invocation, { queue, message }: Output): Promise<void> {
    if (faults.strikes('messageLost', invocation)) return;
    await faults.call(invocation, () => messages.send(queue, message, 0, invocation.name), undefined);
  }

  return {
    invocations: invocations.all,
    invoke: invocations.invoke,
    die: invocations.die,
    underWay: invocations.underWay,
    queues: (by) => ({
      countPoisoned: async (queue) => messages.poisoned.filter((one) => one.queue === queue).length,
      send: async (queue, message, delaySeconds) => messages.send(queue, message, delaySeconds, by),
    }),
    deliver: (event) => deliver(options, invocations, event),
    sent: messages.sent,
    poisoned: messages.poisoned,
    waiting: messages.waiting,
  };
}

function deliver(options: HostOptions, { invoke }: Invocations, event: unknown): void {
  const { schedule, draw, faults } = options;
  if (faults.strikes('eventLost')) return;
  const late = faults.strikes('eventLate') ? draw.whole(1, 8 * 3600) * 1000 : draw.whole(0, 4_000);
  const { name, work } = options.handle('event', event);
  const take = async (tried: number): Promise<void> => {
    const outcome = await invoke(name, event, work);
    const delay = eventRetries[tried];
    if (outcome !== 'done' && delay !== undefined) schedule.at(schedule.now() + delay, () => void take(tried + 1));
  };
  schedule.at(schedule.now() + late, () => void take(0));
  if (faults.strikes('eventDoubled')) schedule.at(schedule.now() + late + draw.whole(0, 120_000), () => void take(0));
}
