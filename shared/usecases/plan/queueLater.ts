// Sends the starts of a pass, and the facts that it leaves to be read, to their queues: each to be seen when its turn comes.
import { Temporal } from 'temporal-polyfill';
import type { QueueName } from '../../ports/queues.ts';
import type { Dependencies } from '../dependencies.ts';
import { inParallel } from '../inParallel.ts';
import type { PassMessages } from './runPass.ts';

export async function queueLater(
  { clock, queues }: Pick<Dependencies, 'clock' | 'queues'>,
  { start, refresh }: Pick<PassMessages, 'start' | 'refresh'>,
): Promise<void> {
  const now = clock.now();
  const send = (queue: QueueName) => (message: { readonly at?: string | undefined }) => {
    const seconds = message.at === undefined ? 0 : now.until(Temporal.Instant.from(message.at)).total('seconds');
    return queues.send(queue, message, Math.max(0, Math.ceil(seconds)));
  };
  await inParallel(start, 8, send('start-upgrade'));
  await inParallel(refresh, 8, send('refresh-facts'));
}
