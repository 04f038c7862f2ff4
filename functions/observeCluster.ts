// Called for each message of the queue observe-cluster.
import { app } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { observeMessage } from '../shared/usecases/observe/observeMessage.ts';

app.storageQueue('observeCluster', {
  queueName: 'observe-cluster',
  connection: 'AzureWebJobsStorage',
  handler: (message, context) => observeMessage(dependencies(context), message),
});
