// The topic's adapter against an endpoint that answers as Event Grid does.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArmRequest } from '../../../local/simulator/arm/armAnswer.ts';
import { type Listening, serve } from '../../../local/simulatorServer/serve.ts';
import { createTopicRoute, topicKey, topicPath } from '../../../local/simulatorServer/topicRoute.ts';
import { createEventGridTopic } from '../../../shared/adapters/eventGrid/eventGridTopic.ts';
import { reportReady } from '../../../shared/domain/notification/conditions.ts';
import { lastCompleteWeek } from '../../../shared/domain/report/isoWeek.ts';
import { now } from '../../builders.ts';

// With a key, nobody asks it for a token.
const credential = { getToken: async () => null };
const route = createTopicRoute();
const requests: ArmRequest[] = [];
let status: number | undefined;
let server: Listening;

beforeAll(async () => {
  server = await serve(0, [
    (request) => {
      requests.push(request);
      if (status !== undefined)
        return { status, headers: { 'retry-after': '1' }, body: '{"error":{"message":"Not now."}}' };
      return route.answer(request);
    },
  ]);
});

afterAll(() => server.stop());

const topicOf = (key: string | undefined = topicKey, publicUrl?: string) =>
  createEventGridTopic({ endpoint: `http://127.0.0.1:${server.port}${topicPath}`, key, credential, publicUrl });
const report = reportReady(lastCompleteWeek(now));

describe('a topic', () => {
  it.each([
    ['a path', undefined, '/api/report?week=2026-W02'],
    ['an address', 'https://keeper.example', 'https://keeper.example/api/report?week=2026-W02'],
  ])('takes CloudEvents whose link is %s', async (_what, publicUrl, link) => {
    await topicOf(topicKey, publicUrl).publish([report]);
    expect(route.taken()[0]).toEqual({
      specversion: '1.0',
      type: 'AksNodeImageKeeper.ReportReady',
      id: 'report|2026-W02',
      source: '/aks-node-image-keeper',
      subject: 'reports/2026-W02',
      time: '2026-01-12T00:00:00.000Z',
      datacontenttype: 'application/json',
      data: { week: '2026-W02', link },
    });
  });

  it('takes many in one request', async () => {
    requests.length = 0;
    await topicOf().publish([report, report, report]);
    expect(requests).toHaveLength(1);
    expect(requests[0]?.headers['content-type']).toContain('application/cloudevents-batch+json');
  });

  it.each([429, 500, 503])('that answers %i is asked once, and says so', async (answer) => {
    requests.length = 0;
    status = answer;
    await expect(topicOf().publish([report])).rejects.toThrow(/^The topic at 127\.0\.0\.1:\d+ answered: /);
    status = undefined;
    expect(requests).toHaveLength(1);
  });

  it('that does not know the key says so', async () => {
    await expect(topicOf('wrong').publish([report])).rejects.toThrow('Send the key');
  });
});
