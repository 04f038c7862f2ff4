// What a chaos run plays on: the simulator here, storage and the built app each in a process that can be killed and
// started again. Called by main.ts.
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Temporal } from 'temporal-polyfill';
import { type Azurite, startAzurite } from '../../local/azurite.ts';
import { subscriptionsIn } from '../../local/fleet/fleetFile.ts';
import { runSimulator } from '../../local/runSimulator.ts';
import { createSimulator } from '../../local/simulator/simulator.ts';
import type { Random } from '../../local/simulator/world/random.ts';
import { createEventSink } from '../../local/simulatorServer/eventSink.ts';
import { makeCertificate, startSimulatorServer } from '../../local/simulatorServer/startSimulatorServer.ts';
import { createAzureTables } from '../../shared/adapters/storage/azureTables.ts';
import { writePolicy } from '../../shared/stores/policyStore.ts';
import { startProcess, type TestProcess } from '../e2e/startProcess.ts';
import { chaosFleet } from './chaosFleet.ts';
import { watchTruth } from './watchTruth.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const identityHeader = 'chaos';
const key = 'chaos';

export type Victim = 'host' | 'storage';
export type Stage = Awaited<ReturnType<typeof openStage>>;

export async function openStage(random: Random) {
  const folder = await mkdtemp(join(tmpdir(), 'keeper-chaos-'));
  const [port, certificate, first] = await Promise.all([
    freePort(),
    makeCertificate(),
    startAzurite({ dir: join(folder, 'storage') }),
    buildApp(folder),
  ]);
  const now = () => Temporal.Now.instant();
  const { fleet, pools, open } = chaosFleet(now());
  const truth = watchTruth(createSimulator({ fleet, now, random, certificateAuthority: certificate.cert }));
  const { simulator } = truth;
  const server = await startSimulatorServer({ simulator, certificate, identityHeader, port: 0, now });
  const url = `http://127.0.0.1:${port}`;
  const webhook = `${url}/runtime/webhooks/eventgrid?functionName=onClusterEvent&code=${key}`;
  const sink = createEventSink(webhook, () => undefined);
  let events = 0;
  const world = runSimulator(
    simulator,
    (event) => {
      events += 1;
      sink.deliver(event);
    },
    () => undefined,
  );
  const ca = join(folder, 'ca.pem');
  await writeFile(ca, certificate.cert);
  await writeFile(join(folder, 'local.settings.json'), settingsFile(first, server.armEndpoint, subscriptionsIn(fleet)));
  const tables = createAzureTables({ kind: 'connectionString', value: first.connectionString });
  await writePolicy(tables, { mode: 'enforce', estimate: { minutesPerBatch: 1 } });

  const startHost = async (): Promise<TestProcess> => {
    const host = startProcess('local/hostMain.ts', ['--app', folder, '--port', String(port), '--key', key], {
      NODE_EXTRA_CA_CERTS: ca,
      IDENTITY_ENDPOINT: server.identityEndpoint,
      IDENTITY_HEADER: identityHeader,
    });
    await host.says(/Listening on/, 60_000);
    return host;
  };
  const startStorage = () => startAzurite({ dir: join(folder, 'storage'), ports: first.ports });
  const running = { host: await startHost(), storage: first };
  const logs: string[] = [];

  return {
    url,
    webhook,
    key,
    tables,
    simulator,
    truth,
    pools,
    open,
    events: () => events,
    kill: (victim: Victim) => {
      if (victim === 'storage') return running.storage.cut();
      logs.push(running.host.output());
      return running.host.kill();
    },
    start: async (victim: Victim) => {
      if (victim === 'host') running.host = await startHost();
      else running.storage = await startStorage();
    },
    /** What all hosts wrote. */
    log: () => [...logs, running.host.output()].join('\n--- killed ---\n'),
    stop: async () => {
      world.stop();
      await sink.stop();
      await running.host.stop();
      await server.stop();
      await running.storage.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function settingsFile({ connectionString }: Azurite, armEndpoint: string, subscriptions: readonly string[]): string {
  const settings = {
    AzureWebJobsStorage: connectionString,
    SUBSCRIPTION_IDS: subscriptions.join(','),
    ARM_ENDPOINT: armEndpoint,
    PLAN_SCHEDULE: '*/5 * * * * *',
    FOLLOW_SCHEDULE: '*/3 * * * * *',
    WEEKLY_SCHEDULE: '0 0 0 1 1 *',
  };
  return JSON.stringify({ IsEncrypted: false, Values: settings });
}

/** What `npm run build` makes, with the two files that Azure reads beside it. */
async function buildApp(folder: string): Promise<void> {
  await promisify(execFile)(process.execPath, ['build.ts', join(folder, 'dist')], { cwd: root });
  await copyFile(join(root, 'host.json'), join(folder, 'host.json'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', main: 'dist/functions/*.js' }));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
