// Events on their way: to a webhook as Event Grid sends them, or to a file.
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SimulatorEvent } from '../../../local/simulator/events/simulatorEvent.ts';
import { createEventSink, eventTargetProblem } from '../../../local/simulatorServer/eventSink.ts';
import { clusterId } from '../simulator/simulatorFleet.ts';

const event: SimulatorEvent = {
  id: 'e'.repeat(40),
  topic: clusterId('shop').toLowerCase(),
  subject: 'shop',
  eventType: 'Microsoft.ContainerService.NodePoolRollingStarted',
  eventTime: '2026-11-03T10:00:00.0000000Z',
  data: { nodePoolName: 'system' },
  dataVersion: '1.0',
  metadataVersion: '1',
};

const stops: (() => unknown)[] = [];
afterEach(() => Promise.all(stops.splice(0).map((stop) => stop())));

/** A webhook that answers these statuses in turn, the last one for ever. */
async function webhook(...statuses: number[]) {
  const received: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      response.writeHead(statuses[received.length - 1] ?? statuses.at(-1) ?? 200).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received };
}

/** A sink whose waits end at once. */
function sink(target: string) {
  const said: string[] = [];
  const waits: number[] = [];
  const created = createEventSink(
    target,
    (line) => said.push(line),
    async (seconds) => void waits.push(seconds),
  );
  stops.push(created.stop);
  return { ...created, said, waits };
}

describe('a webhook', () => {
  it('gets a batch of one, as Event Grid sends it', async () => {
    const { url, received } = await webhook(200);
    const { deliver, said } = sink(url);
    deliver(event);
    await vi.waitFor(() => expect(received).toHaveLength(1));
    expect(received[0]?.headers).toMatchObject({
      'aeg-event-type': 'Notification',
      'aeg-delivery-count': '0',
      'content-type': 'application/json; charset=utf-8',
    });
    expect(JSON.parse(received[0]?.body ?? '')).toEqual([event]);
    expect(said).toEqual([]);
  });

  it('gets it again until it takes it', async () => {
    const { url, received } = await webhook(500, 503, 202);
    const { deliver, waits } = sink(url);
    deliver(event);
    await vi.waitFor(() => expect(received).toHaveLength(3));
    expect(waits).toEqual([10, 30]);
    expect(received[2]?.headers['aeg-delivery-count']).toBe('2');
  });

  it.each([
    [400, 1, 'the webhook answered 400 to Microsoft.ContainerService.NodePoolRollingStarted; given up.'],
    [500, 6, 'the webhook answered 500 to Microsoft.ContainerService.NodePoolRollingStarted; given up.'],
  ])('that always answers %i is asked %i times', async (status, times, last) => {
    const { url, received } = await webhook(status);
    const { deliver, said } = sink(url);
    deliver(event);
    await vi.waitFor(() => expect(said.at(-1)).toBe(`Event Grid: ${last}`));
    expect(received).toHaveLength(times);
  });

  it('that is not there is tried again, until the simulator stops', async () => {
    const said: string[] = [];
    const { deliver, stop } = createEventSink('http://127.0.0.1:1/hook', (line) => said.push(line));
    deliver(event);
    await vi.waitFor(() => expect(said[0]).toMatch(/no answer .* to .*; again in 10 s\.$/));
    await stop();
    expect(said).toHaveLength(1);
  });
});

it('writes events to a file, one on a line, in order', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'events-'));
  stops.push(() => rm(folder, { recursive: true }));
  const file = join(folder, 'events.ndjson');
  const { deliver } = sink(file);
  deliver(event);
  deliver({ ...event, id: 'f'.repeat(40) });
  await vi.waitFor(async () => expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(3));
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as SimulatorEvent).id)).toEqual(['e'.repeat(40), 'f'.repeat(40)]);
});

it.each([
  'http://127.0.0.1:7071/runtime/webhooks/eventgrid?functionName=onClusterEvent&code=x',
  'HTTPS://app.example.net/hook',
  'events.ndjson',
  './a:b/events',
  '/tmp/events',
  'C:\\events.ndjson',
])('events may go to %s', (target) => {
  expect(eventTargetProblem(target)).toBeUndefined();
});

it.each(['', 'http://', 'http://a b/', 'htp://127.0.0.1:7071/', 'http:127.0.0.1', 'localhost:7071/runtime'])(
  'events can not go to %j',
  (target) => {
    expect(eventTargetProblem(target)).toContain(`is "${target}"; give the http or https URL`);
  },
);
