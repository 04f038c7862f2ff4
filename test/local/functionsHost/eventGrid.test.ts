// Event Grid's webhook on the local host (AKS-FACTS section 6), and its admin API.
import { app } from '@azure/functions';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FunctionsHost, startFunctionsHost } from '../../../local/functionsHost/startFunctionsHost.ts';

const seen: unknown[] = [];
const lines: string[] = [];
let host: FunctionsHost;

beforeAll(async () => {
  host = await startFunctionsHost({
    load: async () => {
      app.eventGrid('onEvent', {
        handler: (event, context) => {
          if (event?.subject === 'broken') throw new Error('bad event');
          seen.push({ event, data: context.triggerMetadata?.['data'] });
        },
      });
      app.timer('tick', {
        schedule: '0 0 0 1 1 *',
        handler: (timer) => {
          seen.push(timer);
        },
      });
      app.http('page', { authLevel: 'anonymous', handler: () => ({}) });
    },
    settings: {},
    host: {},
    port: 0,
    log: (line) => lines.push(line),
  });
});

afterAll(async () => {
  await host.stop();
});

beforeEach(() => {
  seen.length = 0;
});

const event = (subject: string) => ({
  id: '5fea0d8f-7d09-4d7d-9f56-4b1c1e1a5a31',
  topic: '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c',
  subject,
  eventType: 'Microsoft.ContainerService.NodePoolRollingStarted',
  eventTime: '2026-11-20T10:00:00.1234567Z',
  data: { nodePoolName: 'user1' },
  dataVersion: '1.0',
});
const cloudEvent = (subject: string) => ({
  specversion: '1.0',
  id: 'a',
  source: event(subject).topic,
  subject,
  type: event(subject).eventType,
  time: event(subject).eventTime,
  data: event(subject).data,
});

function post(
  body: unknown,
  type: string | undefined,
  options: { readonly query?: string; readonly method?: string } = {},
) {
  const query = options.query ?? `functionName=onEvent&code=${host.keys.eventGrid}`;
  return fetch(`${host.url}/runtime/webhooks/eventgrid?${query}`, {
    method: options.method ?? 'POST',
    headers: { 'content-type': 'application/json', ...(type !== undefined && { 'aeg-event-type': type }) },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

describe('notifications', () => {
  it('run the function once for each event of an array', async () => {
    const answer = await post([event('one'), event('two')], 'Notification');
    expect([answer.status, await answer.text()]).toEqual([202, '']);
    expect(seen).toEqual([
      { event: event('one'), data: { nodePoolName: 'user1' } },
      { event: event('two'), data: { nodePoolName: 'user1' } },
    ]);
    expect(lines.join('\n')).toContain("Executing 'Functions.onEvent' (Reason='EventGrid trigger fired'");
  });

  it.each([
    ['a CloudEvent', cloudEvent('c'), 1],
    ['CloudEvents in a batch', [cloudEvent('c'), cloudEvent('d')], 2],
  ])('take %s', async (_what, body, count) => {
    expect((await post(body, 'Notification')).status).toBe(202);
    expect(seen).toHaveLength(count);
    expect(seen[0]).toMatchObject({ event: cloudEvent('c') });
  });

  it('are 500 when one of them failed, and the others ran', async () => {
    const answer = await post([event('broken'), event('fine')], 'notification');
    expect(answer.status).toBe(500);
    expect(seen).toHaveLength(1);
  });
});

describe('elements that are no event', () => {
  it('go to the function, and the others of their batch run', async () => {
    const nested = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const body = `[null, 7, "text", [1], {"data": ${nested}}, ${JSON.stringify(event('fine'))}]`;
    expect((await post(body, 'Notification')).status).toBe(202);
    expect(seen).toHaveLength(6);
    expect(seen).toContainEqual({ event: event('fine'), data: { nodePoolName: 'user1' } });
    expect(JSON.stringify(seen)).toContain('nested deeper than 64 levels');
  });
});

describe('handshakes', () => {
  it.each([
    ['Event Grid events', [{ ...event('v'), data: { validationCode: 'code-1', validationUrl: 'https://x' } }]],
    ['CloudEvents, whose data is JSON in a string', { ...cloudEvent('v'), data: '{"validationCode":"code-1"}' }],
  ])('answer the validation code of %s', async (_what, body) => {
    const answer = await post(body, 'SubscriptionValidation');
    expect([answer.status, await answer.json()]).toEqual([200, { validationResponse: 'code-1' }]);
    expect(seen).toEqual([]);
  });

  it('allow the origin that asks by OPTIONS', async () => {
    const answer = await fetch(host.functions.find(({ name }) => name === 'onEvent')?.url ?? '', {
      method: 'OPTIONS',
      headers: { 'webhook-request-origin': 'eventgrid.azure.net' },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('webhook-allowed-origin')).toBe('eventgrid.azure.net');
  });
});

describe('other requests', () => {
  it.each([
    ['Unsubscribe', [], 202],
    ['SomethingElse', [], 400],
    [undefined, [event('x')], 400],
    ['Notification', 'not json', 400],
    ['Notification', '"not an event"', 400],
    ['SubscriptionValidation', 'not json', 400],
    ['SubscriptionValidation', [], 400],
  ])('aeg-event-type %s with %j is %i', async (type, body, status) => {
    expect((await post(body, type)).status).toBe(status);
    expect(seen).toEqual([]);
  });

  it('are 404 for an unknown function, 401 without the system key or the master key', async () => {
    const { eventGrid, master, default: key } = host.keys;
    const status = async (query: string) => (await post([event('x')], 'Notification', { query })).status;
    expect(await status(`functionName=tick&code=${eventGrid}`)).toBe(404);
    expect(await status(`code=${eventGrid}`)).toBe(404);
    expect(await status('functionName=onEvent')).toBe(401);
    expect(await status(`functionName=onEvent&code=${key}`)).toBe(401);
    expect(await status(`functionName=onEvent&code=${master}`)).toBe(202);
  });
});

describe('the admin API', () => {
  const run = (name: string, body: unknown, key = host.keys.master, method = 'POST') =>
    fetch(`${host.url}/admin/functions/${name}`, {
      method,
      headers: { 'x-functions-key': key },
      ...(method === 'POST' && { body: JSON.stringify(body) }),
    });

  it('runs a timer, and an Event Grid function with the event given', async () => {
    expect((await run('TICK', {})).status).toBe(202);
    expect((await run('onEvent', { input: JSON.stringify(event('by hand')) })).status).toBe(202);
    await host.runTimer('tick');
    expect(seen).toEqual([
      expect.objectContaining({
        isPastDue: false,
        scheduleStatus: expect.objectContaining({ next: '2027-01-01T00:00:00+00:00' }),
      }),
      expect.objectContaining({ event: event('by hand') }),
      expect.objectContaining({ isPastDue: false }),
    ]);
  });

  it('refuses the rest', async () => {
    expect((await run('tick', {}, host.keys.default)).status).toBe(401);
    expect((await run('nothing', {})).status).toBe(404);
    expect((await run('tick', {}, host.keys.master, 'GET')).status).toBe(404);
    expect((await run('page', {})).status).toBe(400);
    expect((await run('onEvent', { input: 'no event' })).status).toBe(400);
    expect(() => host.runTimer('page')).toThrow('no timer function "page"');
  });
});
