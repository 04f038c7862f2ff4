// What Azure's worker loads: registers every function. A function's own file, and with it the SDKs and schemas that it needs, is
// loaded when the function is first called.
import { app, output } from '@azure/functions';
import './http.ts';

const connection = 'AzureWebJobsStorage';
const observeQueue = output.storageQueue({ queueName: 'observe-cluster', connection });

app.timer('planUpgrades', {
  schedule: '%PLAN_SCHEDULE%',
  return: observeQueue,
  handler: async (_timer, context) => (await import('./planUpgrades.ts')).handler(context),
});
app.timer('followUpgrades', {
  schedule: '%FOLLOW_SCHEDULE%',
  handler: async (_timer, context) => (await import('./followUpgrades.ts')).handler(context),
});
app.timer('weeklyCheck', {
  schedule: '%WEEKLY_SCHEDULE%',
  return: observeQueue,
  handler: async (_timer, context) => (await import('./weeklyCheck.ts')).handler(context),
});
app.eventGrid('onClusterEvent', {
  handler: async (event, context) => (await import('./onClusterEvent.ts')).handler(event, context),
});
app.storageQueue('observeCluster', {
  queueName: 'observe-cluster',
  connection,
  handler: async (message, context) => (await import('./observeCluster.ts')).handler(message, context),
});
app.storageQueue('projectCluster', {
  queueName: 'project-cluster',
  connection,
  handler: async (message, context) => (await import('./projectCluster.ts')).handler(message, context),
});
app.storageQueue('readFacts', {
  queueName: 'refresh-facts',
  connection,
  handler: async (message, context) => (await import('./readFacts.ts')).handler(message, context),
});
app.storageQueue('startUpgrade', {
  queueName: 'start-upgrade',
  connection,
  handler: async (message, context) => (await import('./startUpgrade.ts')).handler(message, context),
});
app.storageQueue('verifyClusters', {
  queueName: 'verify-history',
  connection,
  handler: async (message, context) => (await import('./verifyClusters.ts')).handler(message, context),
});
