// Called by a timer: one planning pass over the fleet.
import { app, output } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { runPass } from '../shared/usecases/plan/runPass.ts';

const observeQueue = output.storageQueue({ queueName: 'observe-cluster', connection: 'AzureWebJobsStorage' });
const startQueue = output.storageQueue({ queueName: 'start-upgrade', connection: 'AzureWebJobsStorage' });

app.timer('planUpgrades', {
  schedule: '%PLAN_SCHEDULE%',
  extraOutputs: [observeQueue, startQueue],
  handler: async (_timer, context) => {
    const pass = await runPass(dependencies(context));
    context.extraOutputs.set(observeQueue, pass.observe);
    context.extraOutputs.set(startQueue, pass.start);
  },
});
