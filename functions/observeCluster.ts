// Called for each message of the queue observe-cluster.
import type { InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { observeMessage } from '../shared/usecases/observe/observeMessage.ts';

export const handler = (message: unknown, context: InvocationContext) => observeMessage(dependencies(context), message);
