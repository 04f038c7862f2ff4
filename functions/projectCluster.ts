// Called for each message of the queue project-cluster: repeats a projection that a crash prevented, and notifies.
import type { InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { ProjectMessage } from '../shared/usecases/messages.ts';
import { followLedger } from '../shared/usecases/observe/projectLedger.ts';

export async function handler(message: unknown, context: InvocationContext): Promise<void> {
  await followLedger(dependencies(context), ProjectMessage.parse(message));
}
