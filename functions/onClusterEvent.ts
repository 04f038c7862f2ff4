// Called by Event Grid for each event of the subscribed clusters, in either schema.
import { app } from '@azure/functions';
import { readEvent } from '../shared/adapters/eventGrid/eventGrid.ts';
import { dependencies } from '../shared/composition.ts';
import { receiveEvent } from '../shared/usecases/observe/receiveEvent.ts';

app.eventGrid('onClusterEvent', {
  handler: async (event, context) => receiveEvent(dependencies(context), await readEvent(event), event),
});
