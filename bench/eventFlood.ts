// npm run bench:events: the functions host on Azurite under floods of events, real time, while another cluster is due. Prints what
// the webhook and ARM had to do, and when the due cluster started.
import { readFile } from 'node:fs/promises';
import { Temporal } from 'temporal-polyfill';
import { startAzurite } from '../local/azurite.ts';
import { readArguments } from '../local/commandLine.ts';
import { startFunctionsHost } from '../local/functionsHost/startFunctionsHost.ts';
import { createHttpClient } from '../local/simulator/httpClient.ts';
import { createSimulator } from '../local/simulator/simulator.ts';
import { createArm } from '../shared/adapters/arm/arm.ts';
import { createCapacity } from '../shared/adapters/arm/capacity.ts';
import { createAzureTables } from '../shared/adapters/storage/azureTables.ts';
import { replaceParts } from '../shared/composition.ts';
import { writePolicy } from '../shared/stores/policyStore.ts';
import { credential } from '../test/credential.ts';
import { clusterIdOf, fleetOf, managedCluster, subscription } from '../test/usecases/fleets.ts';

const usage = `npm run bench:events
  Sends floods of 5,000 events to the local host, some minutes long. It takes no options`;

readArguments({ script: 'npm run bench:events', usage, options: {} }, () => undefined);
const events = 5000;
const clock = { now: () => Temporal.Now.instant() };
const opened = clock.now().subtract({ hours: 1 }).toZonedDateTimeISO('UTC').toPlainTime();
const window = { startTime: opened.toString({ smallestUnit: 'minute' }) };
const azurite = await startAzurite();
const simulator = createSimulator({
  fleet: fleetOf(managedCluster(undefined, { window }), managedCluster(undefined, { name: 'loud', window: null })),
  now: clock.now,
});
const reads = { clusters: 0, throttled: 0 };
let startedAt = 0;
const handle: typeof simulator.handle = (request) => {
  const answer = simulator.handle(request);
  if (request.method === 'GET' && /\/managedClusters\/[^/?]+\?/i.test(request.url)) reads.clusters += 1;
  if (answer.status === 429) reads.throttled += 1;
  if (request.method === 'POST' && answer.status < 300) startedAt ||= performance.now();
  return answer;
};
const azure = { credential, endpoint: 'https://management.azure.com', httpClient: createHttpClient(handle) };
const quiet = () => undefined;
replaceParts({
  arm: createArm(azure),
  capacity: createCapacity({ ...azure, clock }),
  log: { info: quiet, warn: quiet },
});
const tables = createAzureTables({ kind: 'connectionString', value: azurite.connectionString });
await writePolicy(tables, { mode: 'observe' });
const never = '0 0 0 1 1 *';
const host = await startFunctionsHost({
  load: async () => {
    await import('../functions/main.ts');
  },
  settings: {
    AzureWebJobsStorage: azurite.connectionString,
    SUBSCRIPTION_IDS: subscription,
    PLAN_SCHEDULE: never,
    FOLLOW_SCHEDULE: never,
    WEEKLY_SCHEDULE: never,
  },
  host: JSON.parse(await readFile(new URL('../host.json', import.meta.url), 'utf8')),
  port: 0,
  log: quiet,
});
const url = `${host.url}/runtime/webhooks/eventgrid?functionName=onClusterEvent&code=${host.keys.eventGrid}`;

const eventOf = (index: number, fields: object = {}) => ({
  id: `e-${index}`,
  topic: clusterIdOf('loud'),
  subject: 'loud',
  eventType: 'Microsoft.ContainerService.NodePoolRollingStarted',
  eventTime: clock.now().toString(),
  data: { nodePoolName: 'apps' },
  dataVersion: '1.0',
  metadataVersion: '1',
  ...fields,
});
const evidenceOf = (index: number) =>
  eventOf(index, {
    eventType: 'Microsoft.Resources.ResourceActionSuccess',
    subject: clusterIdOf('loud'),
    data: { resourceUri: clusterIdOf('loud'), operationName: 'write', claims: { name: 'Mallory' } },
  });

async function post(body: readonly unknown[]): Promise<number> {
  const init = { method: 'POST', headers: { 'aeg-event-type': 'Notification' }, body: JSON.stringify(body) };
  return (await fetch(url, init)).status;
}

/** All at once, in requests of so many events, with so many requests under way. */
async function flood(what: string, of: (index: number) => object, perRequest: number, width: number): Promise<void> {
  const all = Array.from({ length: events }, (_, index) => of(index));
  const batches = Array.from({ length: events / perRequest }, (_, index) =>
    all.slice(index * perRequest, (index + 1) * perRequest),
  );
  const before = { ...reads };
  const statuses = new Map<number, number>();
  const begun = performance.now();
  const lane = async () => {
    for (let batch = batches.pop(); batch; batch = batches.pop()) {
      const status = await post(batch);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  const seconds = ((performance.now() - begun) / 1000).toFixed(2);
  await settle(15);
  const asked = `${reads.clusters - before.clusters} reads of clusters, ${reads.throttled - before.throttled} × 429`;
  console.log(
    `${what}: ${seconds} s, ${[...statuses].map(([status, count]) => `${count} × ${status}`).join(', ')}; ${asked}`,
  );
}

const settle = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

await host.runTimer('planUpgrades');
await settle(12);
await writePolicy(tables, { mode: 'enforce' });
const begun = performance.now();
await Promise.all([
  flood('5,000 events of one cluster in one request, another cluster due', eventOf, events, 1),
  settle(0.2).then(() => host.runTimer('planUpgrades')),
]);
console.log(`the due cluster started after ${startedAt ? ((startedAt - begun) / 1000).toFixed(2) : 'more than 15'} s`);
await flood('5,000 events of one cluster, 100 a request, 50 at once', eventOf, 100, 50);
await flood('5,000 events of one cluster, one a request, 50 at once', eventOf, 1, 50);
await flood('5,000 operations on one cluster, 100 a request', evidenceOf, 100, 50);
await flood(
  '5,000 unknown clusters, 100 a request',
  (index) => eventOf(index, { topic: clusterIdOf(`x${index}`) }),
  100,
  50,
);
await flood(
  '5,000 malformed events, 100 a request',
  (index) => eventOf(index, { eventType: `none-${index}` }),
  100,
  50,
);
await host.stop();
await azurite.stop();
