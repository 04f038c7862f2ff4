// The built app in a process of its own, as Azure would run it: it gets settings and nothing else, asks for a managed
// identity's tokens, and talks HTTPS to a simulator that is another process. From a pass to the history row.
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Azurite, startAzurite } from '../../local/azurite.ts';
import { createAzureTables } from '../../shared/adapters/storage/azureTables.ts';
import { writePolicy } from '../../shared/stores/policyStore.ts';
import { ask } from './ask.ts';
import { startProcess, type TestProcess } from './startProcess.ts';

const subscription = '11111111-2222-4333-8444-555555555555';
const clusterId = `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/shop`;
const from = 'AKSUbuntu-2204gen2containerd-202510.19.1';
const to = 'AKSUbuntu-2204gen2containerd-202511.12.0';
const key = 'known-beforehand';
const root = fileURLToPath(new URL('../../', import.meta.url));

const fleet = {
  clusters: [
    {
      id: clusterId,
      location: 'westeurope',
      properties: {
        kubernetesVersion: '1.34.2',
        currentKubernetesVersion: '1.34.2',
        powerState: { code: 'Running' },
        autoUpgradeProfile: { nodeOSUpgradeChannel: 'None' },
        agentPoolProfiles: [
          {
            name: 'system',
            mode: 'System',
            count: 2,
            vmSize: 'Standard_D4s_v5',
            osType: 'Linux',
            osSKU: 'Ubuntu',
            nodeImageVersion: from,
            upgradeSettings: { maxSurge: '1' },
          },
        ],
      },
      maintenanceConfigurations: [
        {
          name: 'aksManagedNodeOSUpgradeSchedule',
          properties: { maintenanceWindow: { opensIn: '-PT1H', durationHours: 8 } },
        },
      ],
    },
  ],
  releases: [{ nodeImageVersion: to, availableAt: '-P2D' }],
  rolling: { secondsPerNode: 1 },
};

let folder: string;
let azurite: Azurite;
let simulator: TestProcess;
let host: TestProcess;
let url: string;

/** A setting that the simulator prints. */
const told = (name: string) => new RegExp(`${name}=(.*)`).exec(simulator.output())?.[1] ?? '';

/** A port that is free now. The webhook has to be known before the host listens, because the host needs the simulator's certificate. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** What `npm run build` makes, with the two files that Azure reads beside it. */
async function buildApp(): Promise<void> {
  await promisify(execFile)(process.execPath, ['build.ts', join(folder, 'dist')], { cwd: root });
  await copyFile(join(root, 'host.json'), join(folder, 'host.json'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', main: 'dist/functions/*.js' }));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keeper-'));
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  await writeFile(join(folder, 'fleet.json'), JSON.stringify(fleet));
  const ca = join(folder, 'ca.pem');
  const webhook = `${url}/runtime/webhooks/eventgrid?functionName=onClusterEvent&code=${key}`;
  [azurite] = await Promise.all([startAzurite(), buildApp()]);
  await writePolicy(createAzureTables({ kind: 'connectionString', value: azurite.connectionString }), {
    mode: 'enforce',
  });

  const fleetFile = join(folder, 'fleet.json');
  simulator = startProcess('local/simulatorMain.ts', [
    '--fleet',
    fleetFile,
    '--port',
    '0',
    '--ca',
    ca,
    '--events',
    webhook,
  ]);
  await simulator.says(/Events go to/);
  const settings = {
    AzureWebJobsStorage: azurite.connectionString,
    SUBSCRIPTION_IDS: subscription,
    ARM_ENDPOINT: told('ARM_ENDPOINT'),
    PLAN_SCHEDULE: '* * * * * *',
    FOLLOW_SCHEDULE: '* * * * * *',
    WEEKLY_SCHEDULE: '0 0 0 1 1 *',
  };
  await writeFile(join(folder, 'local.settings.json'), JSON.stringify({ IsEncrypted: false, Values: settings }));
  host = startProcess('local/hostMain.ts', ['--app', folder, '--port', String(port), '--key', key], {
    NODE_EXTRA_CA_CERTS: ca,
    IDENTITY_ENDPOINT: told('IDENTITY_ENDPOINT'),
    IDENTITY_HEADER: told('IDENTITY_HEADER'),
  });
  await host.says(/Listening on/);
}, 90_000);

afterAll(async () => {
  await Promise.all([host?.stop(), simulator?.stop()]);
  await azurite?.stop();
  await rm(folder, { recursive: true, force: true });
}, 30_000);

describe('the built app in its own process', () => {
  it('lists what it serves, and is healthy with its first pass', async () => {
    expect(host.output()).toContain('planUpgrades: timerTrigger');
    const health = async () => (await ask(`${url}/api/health`)).json();
    await expect.poll(health, { timeout: 30_000 }).toEqual({ status: 'healthy' });
  });

  it('starts the upgrade over HTTPS, is told of it by events, and has the row in the history', async () => {
    await host.says(/Started: shop\/system/, 30_000);
    await simulator.says(/NodePoolRollingStarted/);
    await simulator.says(/NodePoolRollingSucceeded/, 30_000);
    await host.says(/Executed 'Functions\.onClusterEvent' \(Succeeded/);
    await host.says(/Transition: shop\/system/, 30_000);
    const history = async () => {
      const answer = await ask(`${url}/api/history`, { headers: { 'x-functions-key': key } });
      return ((await answer.json()) as { readonly value: readonly object[] }).value;
    };
    // The ledger has it first, and then the view that answers.
    await expect.poll(async () => (await history()).length, { timeout: 15_000 }).toBe(1);
    expect(await history()).toMatchObject([
      { cluster: clusterId, nodePool: 'system', from, to, cause: 'keeper', inWindow: true, outcome: 'succeeded' },
    ]);
  }, 120_000);

  it('failed in nothing, and ends when it is told to', async () => {
    expect(host.output()).not.toContain('(Failed');
    expect(await host.stop()).toBe(0);
  });

  it.each([
    ['a certificate that it does not trust', 'local-simulator', '', /could not be listed: .*SELF_SIGNED_CERT/],
    ['an identity that is refused', 'wrong', 'ca.pem', /could not be listed: .*The header X-IDENTITY-HEADER is not/],
  ])(
    'says what is wrong with %s, and starts nothing',
    async (_what, IDENTITY_HEADER, ca, message) => {
      const other = startProcess('local/hostMain.ts', ['--app', folder, '--port', '0'], {
        IDENTITY_ENDPOINT: told('IDENTITY_ENDPOINT'),
        IDENTITY_HEADER,
        ...(ca !== '' && { NODE_EXTRA_CA_CERTS: join(folder, ca) }),
      });
      await other.says(message);
      await other.says(/Pass: 0 clusters to observe, 0 to start on/);
      expect(await other.stop()).toBe(0);
    },
    60_000,
  );

  it('and the simulator ends when it is told to', async () => {
    expect(await simulator.stop()).toBe(0);
  });
});

describe('npm run host', () => {
  const refused = async (args: readonly string[], environment = {}) => {
    const child = startProcess('local/hostMain.ts', ['--port', '0', ...args], environment);
    await expect(child.says(/Listening on/)).rejects.toThrow('ended without');
    expect(await child.stop()).toBe(2);
    return child.output();
  };
  const write = async (name: string, content: string) => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };

  it('says which settings are missing', async () => {
    const empty = await write('empty.json', '{"Values":{}}');
    const said = await refused(['--app', folder, '--settings', empty]);
    expect(said).toContain('needs the app setting FOLLOW_SCHEDULE, which is not set');
    expect(said).toContain('the connection "AzureWebJobsStorage" is not set');
  });

  it.each([
    ['no JSON', '{', [], "can't be used: it is no JSON"],
    ['a number', '{"Values":{"FACTS_MINUTES":1}}', [], 'Values.FACTS_MINUTES is not a text; put it in quotes'],
    ['encrypted', '{"IsEncrypted":true}', [], 'IsEncrypted is encrypted'],
    ['another language', '{"Values":{"FUNCTIONS_WORKER_RUNTIME":"python"}}', [], 'this host runs "node" alone'],
    ['nothing to run', '{}', ['--main', 'nothing/*.js'], 'matches "nothing/*.js". Build the app'],
    ['a wrong port', '{}', ['--port', 'x'], '--port is "x"; give a number'],
  ])('refuses %s', async (_what, content, args, message) => {
    const settings = await write('bad.json', content);
    expect(await refused(['--app', folder, '--settings', settings, ...args])).toContain(message);
  });

  it.each([
    [['--settings', 'nowhere.json'], "The settings can't be read"],
    [['--app', tmpdir()], 'is no function app: its host.json'],
  ])('refuses %j', async (args, message) => {
    expect(await refused(args)).toContain(message);
  });
});
