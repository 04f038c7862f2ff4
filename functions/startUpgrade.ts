// Called for each message of the queue start-upgrade: the only function that changes anything in Azure.
import { app } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { StartMessage } from '../shared/usecases/messages.ts';
import { startAttempt } from '../shared/usecases/start/startAttempt.ts';

app.storageQueue('startUpgrade', {
  queueName: 'start-upgrade',
  connection: 'AzureWebJobsStorage',
  handler: async (message, context) => {
    await startAttempt(dependencies(context), StartMessage.parse(message));
  },
});
