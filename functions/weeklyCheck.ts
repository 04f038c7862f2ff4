// Called by a timer: observes the whole fleet and reports how it stands.
import { app, type InvocationContext, output, type Timer } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { checkWeekly } from '../shared/usecases/report/checkWeekly.ts';

app.timer('weeklyCheck', {
  schedule: '%WEEKLY_SCHEDULE%',
  return: output.storageQueue({ queueName: 'observe-cluster', connection: 'AzureWebJobsStorage' }),
  handler: (_timer: Timer, context: InvocationContext) => checkWeekly(dependencies(context)),
});
