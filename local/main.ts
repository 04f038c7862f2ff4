// npm start: the whole app on one machine: Azurite, the simulator with a small fleet, the functions host with functions/.
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Temporal } from 'temporal-polyfill';
import { createArm } from '../shared/adapters/arm/arm.ts';
import { createCapacity } from '../shared/adapters/arm/capacity.ts';
import { createKubernetes } from '../shared/adapters/kubernetes/kubernetes.ts';
import { createAzureTables } from '../shared/adapters/storage/azureTables.ts';
import { replaceParts } from '../shared/composition.ts';
import { writePolicy } from '../shared/stores/policyStore.ts';
import { openAppFolder } from './appFolder.ts';
import { startAzurite } from './azurite.ts';
import { onStopSignal, readArguments, readPort, textOption as text } from './commandLine.ts';
import { readFleetFile, subscriptionsIn } from './fleet/fleetFile.ts';
import { type FunctionsHost, startFunctionsHost } from './functionsHost/startFunctionsHost.ts';
import { runSimulator } from './runSimulator.ts';
import { createHttpClient } from './simulator/httpClient.ts';
import { createKubernetesSender } from './simulator/kubernetes/sendKubernetes.ts';
import { createSimulator } from './simulator/simulator.ts';
import { answerControl } from './simulatorServer/controlRoute.ts';
import { createEventSink } from './simulatorServer/eventSink.ts';
import { accessToken, identityClientId } from './simulatorServer/identityEndpoint.ts';
import { serve } from './simulatorServer/serve.ts';
import { createTopicRoute, topicKey, topicPath } from './simulatorServer/topicRoute.ts';
import { openView } from './view/openView.ts';

const usage = `npm start -- [--fleet file.json] [--port N] [--verbose] [--quiet]
  --fleet     the fleet to simulate, as docs/fleet.schema.json says; local/fleet/demonstrationFleet.json when not given
  --port N    where the app listens; 7071 when not given, 0 for any free port
  --verbose   lines instead of a screen, with every line of the functions host
  --quiet     the URLs, and what goes wrong`;

const flag = { type: 'boolean', default: false } as const;
const options = { fleet: text, port: text, verbose: flag, quiet: flag };
const settings = readArguments({ script: 'npm start', usage, options }, ({ values }) => ({
  ...values,
  port: readPort(values.port) ?? 7071,
}));
const { verbose, quiet } = settings;
const clock = { now: () => Temporal.Now.instant() };
const { fleet, policy = { mode: 'enforce' }, faults } = await readFleetFile(settings.fleet, clock.now(), usage);
const azurite = await startAzurite();
const view = openView({ quiet, verbose }, () => end());
const { say, complain } = view;
const simulator = createSimulator({ fleet, now: clock.now, random: Math.random });
for (const fault of faults) simulator.inject(fault);
const endpoint = 'https://management.azure.com';
// The simulator takes any token; it stands under the SDK's own pipeline. This one says who the keeper is.
const token = accessToken(endpoint, identityClientId, clock.now());
const azure = {
  credential: { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 86_400_000 }) },
  endpoint,
  httpClient: createHttpClient(simulator.handle),
};
replaceParts({
  arm: createArm(azure),
  capacity: createCapacity({ ...azure, clock }),
  kubernetes: createKubernetes({ ...azure, clock, send: createKubernetesSender(simulator.handle) }),
  log: { info: (line) => (verbose || !line.startsWith('Pass:') ? say(line) : undefined), warn: complain },
});
await writePolicy(createAzureTables({ kind: 'connectionString', value: azurite.connectionString }), policy);

const topic = createTopicRoute();
const control = await serve(0, [(request) => answerControl(simulator, request), topic.answer]);
const host = await startHost().catch(async (error: Error) => {
  view.close();
  await azurite.stop();
  console.error(error.message);
  process.exit(1);
});
const events = createEventSink(
  `${host.url}/runtime/webhooks/eventgrid?functionName=onClusterEvent&code=${host.keys.eventGrid}`,
  complain,
);
const world = runSimulator(simulator, events.deliver, say);
welcome(host);

const end = onStopSignal(stop);

async function stop(): Promise<void> {
  say('Stopping.');
  world.stop();
  await events.stop();
  await host.stop();
  await control.stop();
  await azurite.stop();
  view.close();
}

async function startHost(): Promise<FunctionsHost> {
  return startFunctionsHost({
    ...(await openAppFolder(fileURLToPath(new URL('..', import.meta.url)), 'functions/main.ts')),
    settings: {
      AzureWebJobsStorage: azurite.connectionString,
      SUBSCRIPTION_IDS: subscriptionsIn(fleet).join(','),
      // Azure runs these every five minutes, every minute and on Mondays.
      FACTS_MINUTES: '1',
      TOPIC_ENDPOINT: `http://127.0.0.1:${control.port}${topicPath}`,
      TOPIC_KEY: topicKey,
      PLAN_SCHEDULE: '*/5 * * * * *',
      FOLLOW_SCHEDULE: '*/5 * * * * *',
      WEEKLY_SCHEDULE: '0 0 6 * * 1',
    },
    port: settings.port,
    // Short, so that the URLs fit into a line. It opens what this machine alone can reach.
    keys: { default: randomBytes(6).toString('base64url') },
    log: (line) => {
      if (verbose) console.log(line);
    },
  });
}

function welcome({ url, keys }: FunctionsHost): void {
  const at = (path: string) => `${url}/api/${path}?code=${keys.default}`;
  view.show({
    links: [
      { label: 'history', target: at('history') },
      { label: 'node pools', target: at('nodepools') },
      { label: 'windows', target: at('windows') },
      { label: 'plan', target: at('plan') },
      { label: 'told', target: `http://127.0.0.1:${control.port}${topicPath}` },
      { label: 'faults', target: `npm run simulator -- fault … --to http://127.0.0.1:${control.port}` },
      { label: 'health', target: `${url}/api/health` },
    ],
    nodePools: new URL(at('nodepools')),
    rolls: simulator.progress,
  });
}
