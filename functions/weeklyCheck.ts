// Called by a timer: observes the whole fleet and reports how it stands.
import { app, output } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { checkWeekly } from '../shared/usecases/report/checkWeekly.ts';

app.timer('weeklyCheck', {
  schedule: '%WEEKLY_SCHEDULE%',
  return: output.storageQueue({ queueName: 'observe-cluster', connection: 'AzureWebJobsStorage' }),
  handler: (_timer, context) => checkWeekly(dependencies(context)),
});
