// The real functions in the local host on Azurite, from an event's JSON as Azure documents it to the history row.
import { readFile } from 'node:fs/promises';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Azurite, startAzurite } from '../../local/azurite.ts';
import { checkExport } from '../../local/exportCheck.ts';
import { type FunctionsHost, startFunctionsHost } from '../../local/functionsHost/startFunctionsHost.ts';
import { createHttpClient } from '../../local/simulator/httpClient.ts';
import { createSimulator, type Simulator } from '../../local/simulator/simulator.ts';
import { type Listening, serve } from '../../local/simulatorServer/serve.ts';
import { createTopicRoute, topicKey, topicPath } from '../../local/simulatorServer/topicRoute.ts';
import { createArm } from '../../shared/adapters/arm/arm.ts';
import { createCapacity } from '../../shared/adapters/arm/capacity.ts';
import { createAzureTables } from '../../shared/adapters/storage/azureTables.ts';
import { replaceParts } from '../../shared/composition.ts';
import type { Tables } from '../../shared/ports/tables.ts';
import { writePolicy } from '../../shared/stores/policyStore.ts';
import { credential } from '../credential.ts';
import {
  clusterId,
  clusterIdOf,
  fleetOf,
  managedCluster,
  newImage,
  oldImage,
  subscription,
} from '../usecases/fleets.ts';
import { ask } from './ask.ts';

let now = Temporal.Instant.from('2026-11-03T12:30:00Z');
let azurite: Azurite;
let tables: Tables;
let simulator: Simulator;
let host: FunctionsHost;
let topicServer: Listening;
const topic = createTopicRoute();
const lines: string[] = [];

beforeAll(async () => {
  azurite = await startAzurite();
  topicServer = await serve(0, [topic.answer]);
  simulator = createSimulator({
    fleet: fleetOf(managedCluster(), managedCluster(undefined, { name: 'bare', window: null })),
    now: () => now,
  });
  const clock = { now: () => now };
  const endpoint = 'https://management.azure.com';
  const azure = { credential, endpoint, httpClient: createHttpClient(simulator.handle) };
  replaceParts({ clock, arm: createArm(azure), capacity: createCapacity({ ...azure, clock }) });
  tables = createAzureTables({ kind: 'connectionString', value: azurite.connectionString });
  await writePolicy(tables, { mode: 'enforce' });
  host = await startFunctionsHost({
    load: async () => {
      await import('../../functions/main.ts');
    },
    settings: {
      AzureWebJobsStorage: azurite.connectionString,
      SUBSCRIPTION_IDS: subscription,
      TOPIC_ENDPOINT: `http://127.0.0.1:${topicServer.port}${topicPath}`,
      TOPIC_KEY: topicKey,
      PUBLIC_URL: 'https://keeper.example/',
      // The tests call the timers themselves.
      PLAN_SCHEDULE: '0 0 0 1 1 *',
      FOLLOW_SCHEDULE: '0 0 0 1 1 *',
      WEEKLY_SCHEDULE: '0 0 0 1 1 *',
    },
    host: JSON.parse(await readFile(new URL('../../host.json', import.meta.url), 'utf8')),
    port: 0,
    log: (line) => lines.push(line),
  });
});

afterAll(async () => {
  await host.stop();
  await topicServer.stop();
  await azurite.stop();
});

/** The parts of answers that the tests read. */
type Body = { readonly value: readonly Record<string, string>[]; readonly detail: string };

async function get(path: string): Promise<{ status: number; body: Body }> {
  const response = await ask(`${host.url}/api/${path}`, { headers: { 'x-functions-key': host.keys.default } });
  return { status: response.status, body: (await response.json()) as Body };
}

async function post(events: unknown, type = 'Notification'): Promise<Response> {
  const webhook = `${host.url}/runtime/webhooks/eventgrid?functionName=onClusterEvent&code=${host.keys.eventGrid}`;
  return ask(webhook, { method: 'POST', headers: { 'aeg-event-type': type }, body: JSON.stringify(events) });
}

/** As https://learn.microsoft.com/azure/event-grid/event-schema-aks shows it. */
const event = (type: string, at: Temporal.Instant) => ({
  topic: clusterId.toLowerCase(),
  subject: 'shop',
  eventType: `Microsoft.ContainerService.${type}`,
  eventTime: at.toString({ fractionalSecondDigits: 7 }),
  id: '9dbfbf45f0ae4cb6a7d6ea9a4b6bb8a1d9b1a3f2',
  data: { nodePoolName: 'apps' },
  dataVersion: '1.0',
  metadataVersion: '1',
});

const eventually = { timeout: 15_000, interval: 50 };

describe('the app in its host', () => {
  it('answers Event Grid’s validation', async () => {
    const validation = [
      {
        id: '1',
        topic: '',
        subject: '',
        data: { validationCode: 'abc' },
        eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
        eventTime: now.toString(),
        dataVersion: '1',
      },
    ];
    const response = await post(validation, 'SubscriptionValidation');
    expect(await response.json()).toEqual({ validationResponse: 'abc' });
  });

  it('turns an event into a history row', async () => {
    await host.runTimer('planUpgrades');
    await expect.poll(async () => (await get('nodepools')).body.value.length, eventually).toBe(2);
    await expect.poll(() => lines.some((line) => line.includes('First seen: shop/apps')), eventually).toBe(true);
    await host.runTimer('planUpgrades');
    await expect.poll(() => simulator.progress().length, eventually).toBe(1);
    now = now.add({ minutes: 11 });
    const [started, succeeded] = simulator.advance();
    expect(started?.eventType).toBe('Microsoft.ContainerService.NodePoolRollingStarted');
    expect(succeeded?.eventType).toBe('Microsoft.ContainerService.NodePoolRollingSucceeded');

    expect((await post([event('NodePoolRollingSucceeded', now)])).status).toBe(202);
    await expect.poll(async () => (await get('history')).body.value.length, eventually).toBe(1);
    const { body } = await get('history?cluster=shop&nodePool=apps&since=2026-11-03T00:00:00Z');
    expect(body.value).toMatchObject([
      {
        cluster: clusterId,
        nodePool: 'apps',
        from: oldImage,
        to: newImage,
        cause: 'keeper',
        inWindow: true,
        outcome: 'succeeded',
        proof: 'instances',
      },
    ]);
    expect(body.value[0]?.['hash']).toMatch(/^[0-9a-f]{64}$/);
  });

  it('takes the same event again without a second row', async () => {
    expect((await post([event('NodePoolRollingSucceeded', now), event('NodePoolRollingStarted', now)])).status).toBe(
      202,
    );
    await host.runTimer('followUpgrades');
    expect((await get('history')).body.value).toHaveLength(1);
  });

  it('tells the topic of it', async () => {
    await host.runTimer('planUpgrades');
    expect(topic.taken()).toContainEqual(
      expect.objectContaining({
        specversion: '1.0',
        type: 'AksNodeImageKeeper.NodeImageTransition',
        id: expect.stringMatching(/^transition\|[0-9a-f]{64}$/),
        source: clusterId,
        subject: 'agentPools/apps',
        data: expect.objectContaining({
          from: oldImage,
          to: newImage,
          link: expect.stringMatching(/^https:\/\/keeper\.example\/api\/history\?/),
        }),
      }),
    );
  });

  it('follows, checks weekly, and says why each pool was left alone', async () => {
    await host.runTimer('followUpgrades');
    await host.runTimer('weeklyCheck');
    await host.runTimer('planUpgrades');
    const { body } = await get('plan');
    expect(body.value.map(({ cluster, reason }) => [cluster, reason])).toEqual([
      [clusterIdOf('bare'), 'noWindow'],
      [clusterId, 'upToDate'],
    ]);
    expect((await get('nodepools?cluster=SHOP')).body.value).toMatchObject([
      {
        nodePool: 'apps',
        current: newImage,
        latest: newImage,
        releaseDate: '2026-10-26',
        ageDays: 8,
        support: { status: 'retiring' },
      },
    ]);
  });

  it('tells what was decided before, and what would be later', async () => {
    const decisions = `nodepools/${clusterId.split('/')[2]}/${clusterId.split('/')[4]}/shop/apps/decisions`;
    const { body } = await get(`${decisions}?limit=1`);
    expect(body.value).toMatchObject([{ nodePool: 'apps', reason: 'upToDate' }]);
    expect((await get(decisions)).body.value.length).toBeGreaterThan(1);
    expect((await get(decisions.replace('apps', 'none'))).status).toBe(404);
    const { body: later } = await get('plan?at=2026-12-01T00:00:00Z&cluster=bare');
    expect(later.value).toMatchObject([{ reason: 'noWindow', decidedAt: '2026-12-01T00:00:00Z' }]);
    expect((await get('plan?at=2026-01-01T00:00:00Z')).status).toBe(400);
  });

  it('takes a policy and a hold, and says what they change', async () => {
    const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
      const response = await ask(`${host.url}/api/${path}`, {
        method,
        headers: { 'x-functions-key': host.keys.default, 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, etag: response.headers.get('etag') ?? '', body: await response.json() };
    };
    const byHand = await send('GET', 'policy');
    expect(byHand.body).toEqual({ version: 1, policy: { mode: 'enforce' }, changedOutsideApi: true });
    const change = { policy: { mode: 'enforce', images: { block: ['*'] } }, reason: 'a test', author: 'ada' };
    expect((await send('PUT', 'policy', change)).status).toBe(428);
    const put = await send('PUT', 'policy', change, { 'if-match': byHand.etag });
    expect([put.status, put.body]).toMatchObject([200, { version: 2, author: 'ada' }]);
    expect((await send('PUT', 'policy', change, { 'if-match': byHand.etag })).status).toBe(412);
    expect((await send('GET', 'policy')).etag).toBe(put.etag);
    expect((await send('GET', 'policy/versions')).body).toMatchObject({ value: [{ version: 2 }, { version: 1 }] });
    expect((await send('GET', 'policy/lint')).status).toBe(200);
    expect((await send('GET', 'policy/schema')).body).toMatchObject({ type: 'object' });

    const hold = { scope: 'fleet', owner: 'ada', reason: 'a test', author: 'ada' };
    const { body: held } = await send('POST', 'holds', hold);
    await host.runTimer('planUpgrades');
    const { body: decided } = await get('plan?cluster=bare');
    expect(decided.value).toMatchObject([
      { reason: 'noWindow', also: [{ reason: 'held' }, { reason: 'imageBlocked' }] },
    ]);
    const lifted = await send('DELETE', `holds/${(held as { id: string }).id}?author=ada`);
    expect([lifted.status, lifted.body]).toMatchObject([200, { liftedBy: 'ada' }]);
    expect((await send('GET', 'holds')).body).toEqual({ value: [] });
  });

  it.each([
    ['csv', 'text/csv; charset=utf-8; header=present', /^id,kind,.*\r\n.*,transition,.*\r\n,end,.*,1 rows,.*\r\n$/],
    ['ndjson', 'application/x-ndjson; charset=utf-8', /^\{.*"kind":"transition".*\}\n\{"kind":"end","rows":1\}\n$/],
  ])('streams the history as %s', async (format, type, body) => {
    const headers = { 'x-functions-key': host.keys.default };
    const response = await ask(`${host.url}/api/history?format=${format}`, { headers });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, type]);
    expect(response.headers.get('transfer-encoding')).toBe('chunked');
    expect(await response.text()).toMatch(body);
  });

  it('shows that the record is whole, and gives what others need to check it', async () => {
    const { body } = await get('history/verify');
    expect(body).toMatchObject({ whole: true, clusters: 2, value: [{ whole: true }, { whole: true }] });
    const headers = { 'x-functions-key': host.keys.default };
    const response = await ask(`${host.url}/api/history?kind=ledger&format=ndjson`, { headers });
    const lines = (await response.text()).trimEnd().split('\n');
    async function* read() {
      yield* lines;
    }
    expect(await checkExport(read())).toMatchObject({ chains: [{}, {}], entries: 3, problems: [] });
  });

  it('leads to the next page without the key that was given', async () => {
    const response = await ask(`${host.url}/api/history?kind=firstSeen&limit=1&code=${host.keys.default}`);
    const { nextLink } = (await response.json()) as { nextLink: string };
    expect(nextLink).toMatch(/^https:\/\/keeper\.example\/api\/history\?kind=firstSeen&limit=1&cursor=/);
    expect((await ask(nextLink.replace('https://keeper.example', host.url))).status).toBe(401);
    expect((await get(nextLink.split('/api/')[1] ?? '')).body.value).toHaveLength(1);
  });

  it('names a parameter that is given twice', async () => {
    const { status, body } = await get('history?limit=1&limit=2');
    expect([status, body.detail]).toEqual([400, 'limit is given more than once; give it once.']);
  });

  it('answers a failure too, though it streams', async () => {
    const rowKey = '2026-W01';
    await tables.write('Reports', 'weeks', [{ kind: 'insert', rowKey, value: null }]);
    const failed = await Promise.all(['report?week=2026-W01', 'report?week=2026-W01&format=csv'].map(get));
    const { etag = '' } = (await tables.get('Reports', 'weeks', rowKey)) ?? {};
    await tables.write('Reports', 'weeks', [{ kind: 'delete', rowKey, etag }]);
    for (const { status, body } of failed) {
      expect([status, body]).toMatchObject([500, { title: 'The request failed' }]);
      expect(body.detail).toMatch(/in the app's log under [0-9a-f-]{36}/);
    }
    expect((await get('history')).status).toBe(200);
  });

  it('answers health without a key and without telling anything', async () => {
    const response = await ask(`${host.url}/api/health`);
    expect([response.status, await response.json()]).toEqual([200, { status: 'healthy' }]);
  });

  it('asks for a key', async () => {
    expect((await ask(`${host.url}/api/history`)).status).toBe(401);
  });

  it.each([
    ['history?limit=0', 'limit'],
    ['history?limit=many', 'limit'],
    ['history?since=yesterday', 'since'],
    ['history?since=2026-11-03T00:00:00Z&until=2026-11-02T00:00:00Z', 'until'],
    ['history?cluster=', 'cluster'],
    ['history?pool=apps', 'pool'],
    ['history?cursor=xx', 'cursor'],
    ['history?format=xml', 'format'],
    ['nodepools?name=x', 'name'],
    ['plan?at=now', 'at'],
  ])('%s: a problem document names %s and what is expected', async (path, parameter) => {
    const { status, body } = await get(path);
    expect(status).toBe(400);
    expect(body).toMatchObject({ title: 'The query is not valid', status: 400 });
    expect(body.detail).toContain(parameter);
    expect(body.detail.length).toBeGreaterThan(25);
  });

  it('logs no failure', () => {
    expect(lines.filter((line) => line.includes('Failed,'))).toEqual([]);
  });
});
