// Called for each message of the queue start-upgrade: the only function that changes anything in Azure.
import type { InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { StartMessage } from '../shared/usecases/messages.ts';
import { startAttempt } from '../shared/usecases/start/startAttempt.ts';

export async function handler(message: unknown, context: InvocationContext): Promise<void> {
  await startAttempt(dependencies(context), StartMessage.parse(message));
}
