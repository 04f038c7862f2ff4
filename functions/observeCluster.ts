// Called for each message of the queue observe-cluster.
import { app } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { ObserveMessage } from '../shared/usecases/messages.ts';
import { recordObservation } from '../shared/usecases/observe/recordObservation.ts';

app.storageQueue('observeCluster', {
  queueName: 'observe-cluster',
  connection: 'AzureWebJobsStorage',
  handler: async (message, context) => {
    await recordObservation(dependencies(context), ObserveMessage.parse(message));
  },
});
