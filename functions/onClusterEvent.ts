// Called by Event Grid for each event of the subscribed clusters, in either schema.
import type { EventGridEvent, InvocationContext } from '@azure/functions';
import { readEvent } from '../shared/adapters/eventGrid/eventGrid.ts';
import { dependencies } from '../shared/composition.ts';
import { receiveEvent } from '../shared/usecases/observe/receiveEvent.ts';

export const handler = async (event: EventGridEvent, context: InvocationContext) =>
  receiveEvent(dependencies(context), await readEvent(event), event);
