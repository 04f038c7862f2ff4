// Called for each message of the queue refresh-facts: reads what a pass left to be read before the next one.
import type { InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { RefreshMessage } from '../shared/usecases/messages.ts';
import { refreshCluster } from '../shared/usecases/plan/refreshFacts.ts';

export const handler = (message: unknown, context: InvocationContext) =>
  refreshCluster(dependencies(context), RefreshMessage.parse(message));
