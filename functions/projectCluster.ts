// Called for each message of the queue project-cluster: repeats a projection that a crash prevented, and notifies.
import { app } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { ProjectMessage } from '../shared/usecases/messages.ts';
import { followLedger } from '../shared/usecases/observe/projectLedger.ts';

app.storageQueue('projectCluster', {
  queueName: 'project-cluster',
  connection: 'AzureWebJobsStorage',
  handler: async (message, context) => {
    await followLedger(dependencies(context), ProjectMessage.parse(message));
  },
});
