// Called for each message of the queue project-cluster: makes good a projection that a crash prevented, and tells the topic.
import { app, type InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { ProjectMessage } from '../shared/usecases/messages.ts';
import { followLedger } from '../shared/usecases/observe/projectCluster.ts';

app.storageQueue('projectCluster', {
  queueName: 'project-cluster',
  connection: 'AzureWebJobsStorage',
  handler: async (message: unknown, context: InvocationContext) => {
    await followLedger(dependencies(context), ProjectMessage.parse(message));
  },
});
