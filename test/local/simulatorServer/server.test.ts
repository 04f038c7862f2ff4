// The simulator on sockets: the real SDK with a real identity flow over HTTPS, events on their way, and the process.
import { spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ContainerServiceClient } from '@azure/arm-containerservice';
import { ManagedIdentityCredential } from '@azure/identity';
import { Temporal } from 'temporal-polyfill';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createSimulator } from '../../../local/simulator/simulator.ts';
import { sendFault } from '../../../local/simulatorServer/controlRoute.ts';
import {
  type Certificate,
  makeCertificate,
  startSimulatorServer,
} from '../../../local/simulatorServer/startSimulatorServer.ts';
import { cluster, clusterId, newImage, noonWindow, subscription } from '../simulator/simulatorFleet.ts';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

let certificate: Certificate | undefined;
const now = () => Temporal.Instant.from('2026-11-03T10:00:00Z');

async function start() {
  certificate ??= await makeCertificate();
  const simulator = createSimulator({
    fleet: {
      clusters: [cluster('shop', {}, { maintenanceConfigurations: [noonWindow] })],
      releases: [{ nodeImageVersion: newImage, availableAt: '2026-10-28T00:00:00Z' }],
      rolling: { secondsPerNode: 60 },
    },
    now,
  });
  const server = await startSimulatorServer({ simulator, certificate, identityHeader: 'secret', port: 0, now });
  stops.push(server.stop);
  return { server, simulator, ca: certificate.cert };
}

/** A GET over HTTPS with nothing but a token and some api-version. */
async function get(url: string, ca: string): Promise<{ status: number | undefined; body: string }> {
  const sent = request(url, { ca, headers: { authorization: 'Bearer anything' } }).end();
  const [response] = await once(sent, 'response');
  let body = '';
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode, body };
}

describe('an app in Azure’s own manner', () => {
  it('gets a token from the identity endpoint, and follows its upgrade where it started it', async () => {
    const { server, ca } = await start();
    vi.stubEnv('IDENTITY_ENDPOINT', server.identityEndpoint);
    vi.stubEnv('IDENTITY_HEADER', 'secret');
    const client = new ContainerServiceClient(new ManagedIdentityCredential(), subscription, {
      endpoint: server.armEndpoint,
      credentials: { scopes: [`${server.armEndpoint}/.default`] },
      tlsOptions: { ca },
      retryOptions: { maxRetries: 0 },
    });
    let operation = '';
    const poller = client.agentPools.upgradeNodeImageVersion('rg-shop', 'shop', 'system', {
      onResponse: ({ headers }) => {
        operation = headers.get('azure-asyncoperation') ?? '';
      },
    });
    await poller.submitted();
    expect(operation.startsWith(`${server.armEndpoint}/subscriptions/${subscription}/providers/`)).toBe(true);
    expect(JSON.parse((await get(operation, ca)).body)).toMatchObject({ status: 'InProgress' });
    const { maintenanceWindow } = await client.maintenanceConfigurations.get('rg-shop', 'shop', noonWindow.name);
    expect(maintenanceWindow?.startTime).toBe('12:00');
  });

  it('sends URLs back to the host that the client called, whatever the api-version', async () => {
    const { server, ca, simulator } = await start();
    simulator.personUpgrades(clusterId('shop'), 'system');
    const other = server.armEndpoint.replace('localhost', '127.0.0.1');
    const { status, body } = await get(`${other}${clusterId('shop')}?api-version=1999-01-01`, ca);
    expect([status, JSON.parse(body).name]).toEqual([200, 'shop']);
    const endpoints = await get(`${other}/metadata/endpoints?api-version=2019-05-01`, ca);
    expect(JSON.parse(endpoints.body)).toMatchObject([{ resourceManager: other }]);
  });

  it('finds nothing listening once it has stopped', async () => {
    const { server, ca } = await start();
    await server.stop();
    await expect(get(`${server.armEndpoint}/tenants?api-version=1`, ca)).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
    stops.length = 0;
  });
});

describe('a fault of a request', () => {
  it('resets the connection of an answer that is lost', async () => {
    const { server, ca, simulator } = await start();
    simulator.inject({ kind: 'lostAnswer', on: { path: '/tenants' } });
    await expect(get(`${server.armEndpoint}/tenants?api-version=1`, ca)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect((await get(`${server.armEndpoint}/tenants?api-version=1`, ca)).status).toBe(200);
  });

  it('keeps an answer back for as long as it says, and no longer than the server runs', async () => {
    const { server, ca, simulator } = await start();
    simulator.inject({ kind: 'slowAnswer', seconds: 0.01 });
    simulator.inject({ kind: 'slowAnswer', seconds: 3600 });
    expect((await get(`${server.armEndpoint}/tenants?api-version=1`, ca)).status).toBe(200);
    const answer = get(`${server.armEndpoint}/tenants?api-version=1`, ca);
    await Promise.all([
      expect(answer).rejects.toMatchObject({ code: 'ECONNRESET' }),
      vi.waitFor(() => expect(simulator.faults()).toEqual([])).then(server.stop),
    ]);
    stops.length = 0;
  });
});

describe('faults from elsewhere', () => {
  it('happen, are listed, and are told apart from what is none', async () => {
    const { server, simulator } = await start();
    const send = (...words: string[]) => sendFault(words, server.controlEndpoint);
    expect(await send()).toBe('No fault is in force.');
    const fault = { kind: 'lostAnswer', times: 2, on: { method: 'POST', path: 'upgradeNodeImageVersion' } };
    const words = ['lostAnswer', 'times=2', 'on.method=POST', 'on.path=upgradeNodeImageVersion'];
    expect(JSON.parse(await send(...words))).toEqual(fault);
    expect(JSON.parse(await send())).toEqual(fault);
    await send('[{"kind":"clear"},{"kind":"person","does":"upgrade","cluster":"shop","nodePool":"system"}]');
    expect(simulator.faults()).toEqual([]);
    expect(simulator.progress()).toHaveLength(1);
    await expect(send('person', 'does=dance', 'cluster=shop')).rejects.toThrow('does is "dance"; allowed is "upgrade"');
    await expect(send('person', 'does=stop', 'cluster=shopp')).rejects.toThrow(
      'cluster is "shopp"; allowed is the ARM',
    );
    await expect(send('person', 'stop')).rejects.toThrow('"stop" is not field=value');
    await expect(send('[]x')).rejects.toThrow('JSON');
  });

  it('need a simulator', async () => {
    await expect(sendFault([], 'http://127.0.0.1:1')).rejects.toThrow(
      'No simulator takes faults at http://127.0.0.1:1',
    );
  });

  it.each([
    ['POST', '{', 400, 'no JSON'],
    ['DELETE', '', 405, 'use GET or POST'],
  ])('%s of "%s" is refused', async (method, body, status, message) => {
    const { server } = await start();
    const response = await fetch(`${server.controlEndpoint}/simulator/faults`, { method, ...(body && { body }) });
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(message);
  });
});

it('serves with a certificate of its own for every name of this machine', async () => {
  const { cert } = await makeCertificate();
  const { subjectAltName, ca } = new X509Certificate(cert);
  expect(subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
  expect(ca).toBe(false);
});

describe('npm run simulator', () => {
  const main = new URL('../../../local/simulatorMain.ts', import.meta.url).pathname;
  const run = (...options: string[]) => {
    const child = spawn(process.execPath, [main, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { text: '' };
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output.text += text;
      });
    }
    return { child, output, exit: once(child, 'exit') };
  };

  it('prints the settings for an app, and ends on Ctrl-C', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'simulator-'));
    stops.push(() => rm(folder, { recursive: true }));
    const { child, output, exit } = run('--port', '0', '--ca', join(folder, 'ca.pem'));
    await vi.waitFor(() => expect(output.text).toContain('NODE_EXTRA_CA_CERTS='), { timeout: 15_000 });
    const setting = (name: string) => new RegExp(`${name}=(\\S+)`).exec(output.text)?.[1] ?? '';
    const ca = await readFile(setting('NODE_EXTRA_CA_CERTS'), 'utf8');
    const listed = await get(`${setting('ARM_ENDPOINT')}/subscriptions?api-version=2022-12-01`, ca);
    const { value }: { value: { subscriptionId: string }[] } = JSON.parse(listed.body);
    expect(value.map(({ subscriptionId }) => subscriptionId).join(',')).toBe(setting('SUBSCRIPTION_IDS'));
    const token = await fetch(`${setting('IDENTITY_ENDPOINT')}?api-version=2019-08-01&resource=arm`, {
      headers: { 'x-identity-header': setting('IDENTITY_HEADER') },
    });
    expect(token.status).toBe(200);
    child.kill('SIGINT');
    expect(await exit).toEqual([0, null]);
  });

  it.each([
    [['--port', 'x'], '--port is "x"; give a number'],
    [['--fleet', '/nowhere.json'], '--fleet: ENOENT'],
    [['faults'], '"faults" is no command'],
    [['--speed', '2'], "Unknown option '--speed'"],
  ])('says what is wrong with %j', async (options, message) => {
    const { output, exit } = run(...options);
    expect(await exit).toEqual([2, null]);
    expect(output.text).toContain(message);
    expect(output.text).toContain('npm run simulator -- ');
  });
});
