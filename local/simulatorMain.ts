// npm run simulator: the simulated AKS as a server of its own, for apps in other processes and for the Azure CLI.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { onStopSignal, readArguments, readPort, refuse, textOption as text } from './commandLine.ts';
import { readFleetFile, subscriptionsIn } from './fleet/fleetFile.ts';
import { runSimulator } from './runSimulator.ts';
import { createSimulator } from './simulator/simulator.ts';
import { sendFault } from './simulatorServer/controlRoute.ts';
import { createEventSink, eventTargetProblem } from './simulatorServer/eventSink.ts';
import { makeCertificate, startSimulatorServer } from './simulatorServer/startSimulatorServer.ts';

const usage = `npm run simulator -- [--fleet file.json] [--port N] [--events target] [--ca file.pem]
  --fleet    the fleet to simulate, as docs/fleet.schema.json says; local/fleet/demonstrationFleet.json when not given
  --port     where ARM is served, over HTTPS; 8443 when not given, 0 for any free port. The next port serves, over
             HTTP, the managed identity endpoint
  --events   where events go: the URL of an Event Grid webhook, or a file that gets one a line; nowhere when not given
  --ca       where the certificate to trust is written; .local/simulator-ca.pem when not given

npm run simulator -- fault [kind field=value …] [--to URL]
  Lets a fault happen in a simulator that runs, or lists those in force. docs/fleet.schema.json has the kinds, such as
    fault person does=upgrade cluster=dev nodePool=system
    fault window cluster=dev
    fault lostAnswer on.path=upgradeNodeImageVersion
    fault throttled times=20
    fault drainBlocked cluster=dev nodePool=apps podDisruptionBudget=shop/checkout seconds=20
  --to       where that simulator takes faults; http://127.0.0.1:8444 when not given`;

const options = { fleet: text, port: text, events: text, ca: text, to: text };
const command = { script: 'npm run simulator', usage, options, allowPositionals: true };
const settings = readArguments(command, ({ values, positionals }) => {
  const wrongTarget = values.events === undefined ? undefined : eventTargetProblem(values.events);
  if (wrongTarget) throw new Error(`--events ${wrongTarget}`);
  return {
    ...values,
    port: readPort(values.port, 65_534) ?? 8443,
    words: positionals,
    to: values.to ?? 'http://127.0.0.1:8444',
    ca: resolve(values.ca ?? '.local/simulator-ca.pem'),
  };
});
if (settings.words.length > 0) await letFaultHappen(settings.words);
const now = () => Temporal.Now.instant();
const say = (line: string) => console.log(`${now().toString().slice(11, 19)}  ${line}`);

const { fleet, faults } = await readFleetFile(settings.fleet, now(), usage);
const certificate = await makeCertificate();
await mkdir(dirname(settings.ca), { recursive: true });
await writeFile(settings.ca, certificate.cert);

const simulator = createSimulator({ fleet, now, random: Math.random, certificateAuthority: certificate.cert });
for (const fault of faults) simulator.inject(fault);
const identityHeader = 'local-simulator';
const server = await startSimulatorServer({ simulator, certificate, identityHeader, port: settings.port, now }).catch(
  (error: Error) => refuse(`The simulator can't be served: ${error.message}.\n\n${usage}`),
);
const events = settings.events === undefined ? undefined : createEventSink(settings.events, say);
const world = runSimulator(simulator, (event) => events?.deliver(event), say);

console.log(`
AKS simulator: ${fleet.clusters.length} clusters, ${fleet.releases.length} releases. Ctrl-C stops it; nothing is kept.

  SUBSCRIPTION_IDS=${subscriptionsIn(fleet).join(',')}
  ARM_ENDPOINT=${server.armEndpoint}
  IDENTITY_ENDPOINT=${server.identityEndpoint}
  IDENTITY_HEADER=${identityHeader}
  NODE_EXTRA_CA_CERTS=${settings.ca}

Any api-version and any bearer token will do. The Azure CLI needs REQUESTS_CA_BUNDLE=${settings.ca}.
Faults: npm run simulator -- fault … --to ${server.controlEndpoint}
Events go to ${settings.events ?? 'nobody: give --events to send them somewhere'}.
`);

onStopSignal(() => {
  say('Stopping.');
  world.stop();
  return Promise.all([server.stop(), events?.stop()]);
});

async function letFaultHappen([command, ...words]: readonly string[]): Promise<never> {
  if (command !== 'fault') return refuse(`"${command}" is no command; there is fault.\n\n${usage}`);
  return sendFault(words, settings.to).then(
    (text) => {
      console.log(text);
      process.exit(0);
    },
    (error: Error) => refuse(error.message),
  );
}
