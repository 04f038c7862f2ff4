import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import type { ArmRequest, ArmResponse } from '../../../local/simulator/arm/armAnswer.ts';
import { createHttpClient } from '../../../local/simulator/httpClient.ts';
import { createSimulator } from '../../../local/simulator/simulator.ts';
import { createArm } from '../../../shared/adapters/arm/arm.ts';
import { credential, ownApplication } from '../../credential.ts';
import { clusterId, fleetOf, managedCluster, subscription } from '../../usecases/fleets.ts';

const endpoint = 'https://management.azure.com';
const at = Temporal.Instant.from('2026-11-03T08:00:00Z');
const later = at.add({ minutes: 30 });
const action = 'Microsoft.ContainerService/managedClusters/agentPools/upgradeNodeImageVersion/action';
const pool = `${clusterId}/agentPools/apps`;

function armThat(answer: (request: ArmRequest) => ArmResponse, token = credential) {
  const requests: ArmRequest[] = [];
  const httpClient = createHttpClient((request) => {
    requests.push(request);
    return answer(request);
  });
  return { arm: createArm({ credential: token, endpoint, httpClient }), requests };
}

const page = (value: readonly unknown[], nextLink?: string): ArmResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ value, nextLink }),
});

/** As Azure Monitor documents a record, with what the keeper does not read. */
const record = {
  authorization: { action, role: 'Owner', scope: pool },
  caller: 'ada@contoso.com',
  channels: 'Operation',
  claims: { name: 'Ada', 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn': 'ada@contoso.com' },
  correlationId: '1e121103-0ba6-4300-ac9d-952bb5d0c80f',
  eventTimestamp: '2026-11-03T08:01:02.4567891Z',
  operationName: { value: action, localizedValue: 'Upgrade agent pool node image version' },
  resourceId: pool,
  status: { value: 'Started', localizedValue: 'Started' },
};

describe('a record of the Activity Log', () => {
  it('is read as it is documented', async () => {
    const { arm } = armThat(() => page([record]));
    expect(await arm.listActivities(subscription, at, later)).toEqual([
      {
        cluster: clusterId,
        nodePool: 'apps',
        operation: action,
        status: 'started',
        at: Temporal.Instant.from('2026-11-03T08:01:02.457Z'),
        correlationId: record.correlationId,
        actor: { kind: 'person', name: 'Ada (ada@contoso.com)', correlationId: record.correlationId },
      },
    ]);
  });

  it.each<[string, object, object]>([
    [
      'words for their values',
      { operationName: action, status: 'Succeeded' },
      { operation: action, status: 'succeeded' },
    ],
    ['an end with two l', { status: { value: 'Cancelled' } }, { status: 'canceled' }],
    [
      'no claims: its caller',
      { claims: null, caller: 'Microsoft.ContainerService' },
      { actor: { kind: 'application', name: 'Microsoft.ContainerService' } },
    ],
    ['nobody', { claims: {}, caller: null }, { actor: undefined }],
    ['no resource: the scope of its authorization', { resourceId: null }, { cluster: clusterId, nodePool: 'apps' }],
    ['a cluster alone', { resourceId: clusterId }, { cluster: clusterId, nodePool: undefined }],
  ])('may have %s', async (_what, fields, expected) => {
    const { arm } = armThat(() => page([{ ...record, ...fields }]));
    expect(await arm.listActivities(subscription, at, later)).toMatchObject([expected]);
  });

  it.each<[string, unknown]>([
    ['of another resource', { ...record, resourceId: '/subscriptions/s/resourceGroups/g', authorization: null }],
    ['without a time', { ...record, eventTimestamp: 'soon' }],
    ['without a correlation id', { ...record, correlationId: null }],
    ['of a status that nobody knows', { ...record, status: { value: 'Resolved' } }],
    ['that is null', null],
    ['that is a text', 'record'],
  ])('%s is left out, and hides no other', async (_what, odd) => {
    const { arm } = armThat(() => page([odd, record]));
    expect(await arm.listActivities(subscription, at, later)).toHaveLength(1);
  });
});

describe('the query', () => {
  it('is one of the patterns that are allowed, and goes on where ARM says', async () => {
    const next = `${endpoint}/subscriptions/${subscription}/providers/Microsoft.Insights/eventtypes/management/values?$skipToken=2`;
    const { arm, requests } = armThat(({ url }) => (url.includes('skipToken') ? page([record]) : page([record], next)));
    expect(await arm.listActivities(subscription, at, later)).toHaveLength(2);
    const query = new URL(requests[0]?.url ?? '').searchParams;
    expect(query.get('api-version')).toBe('2015-04-01');
    expect(query.get('$filter')).toBe(
      "eventTimestamp ge '2026-11-03T08:00:00Z' and eventTimestamp le '2026-11-03T08:30:00Z' and resourceProvider eq 'Microsoft.ContainerService'",
    );
    expect(requests[1]?.url).toBe(next);
  });

  it('does not leave ARM, and ends after 50 pages', async () => {
    const away = armThat(() => page([], 'https://example.com/next'));
    await expect(away.arm.listActivities(subscription, at, later)).rejects.toMatchObject({ name: 'ArmError' });
    expect(away.requests).toHaveLength(1);
    let pages = 0;
    const endless = armThat(() => {
      pages += 1;
      return page([record], `${endpoint}/subscriptions/${subscription}?page=${pages}`);
    });
    await expect(endless.arm.listActivities(subscription, at, later)).rejects.toMatchObject({ code: 'UnfinishedList' });
    expect(endless.requests).toHaveLength(50);
  });

  it.each([
    [403, 'AuthorizationFailed'],
    [404, 'SubscriptionNotFound'],
    [429, 'TooManyRequests'],
    [500, 'InternalServerError'],
  ])('that ARM answers with %i is an error, asked once', async (status, code) => {
    const { arm, requests } = armThat(() => ({
      status,
      headers: { 'content-type': 'application/json', 'retry-after': '7' },
      body: JSON.stringify({ error: { code, message: 'It says no.' } }),
    }));
    const failure = { name: 'ArmError', status, code, retryAfterSeconds: 7 };
    await expect(arm.listActivities(subscription, at, later)).rejects.toMatchObject(failure);
    expect(requests).toHaveLength(1);
  });

  it('is understood by the simulator, which lags, pages and keeps what the client sent', async () => {
    let now = at;
    const simulator = createSimulator({ fleet: fleetOf(managedCluster()), now: () => now });
    const { arm } = armThat(simulator.handle);
    const attempt = '72f98a3e-1111-4000-8000-0000000000c1';
    expect(await arm.startNodeImageUpgrade(clusterId, 'apps', attempt)).toMatchObject({ kind: 'accepted' });
    const list = () => arm.listActivities(subscription, at, later);
    expect(await list()).toEqual([]);
    now = later;
    const actor = { kind: 'application', name: ownApplication };
    expect((await list()).toReversed()).toMatchObject(
      ['started', 'accepted', 'succeeded'].map((status) => ({ status, correlationId: attempt, actor })),
    );
    for (let many = 0; many < 60; many += 1) await arm.startNodeImageUpgrade(clusterId, 'apps', attempt);
    now = later.add({ minutes: 10 });
    expect((await arm.listActivities(subscription, at, now)).length).toBeGreaterThan(100);
  });
});

describe('what the keeper goes by', () => {
  const tokenOf = (claims: unknown) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`;
  const idsBy = (getToken: () => Promise<{ token: string; expiresOnTimestamp: number } | null>) =>
    armThat(() => page([]), { getToken } as typeof credential).arm.ownIds();
  const given = (token: string) => idsBy(async () => ({ token, expiresOnTimestamp: 0 }));

  it('is in its token: the application and its principal', async () => {
    const oid = '72f98a3e-0000-4000-8000-0000000000b1';
    expect(await given(tokenOf({ appid: ownApplication, oid }))).toEqual([ownApplication, oid]);
  });

  it.each([
    ['no token', ''],
    ['an opaque one', 'abc'],
    ['one of another shape', 'a.b.c'],
    ['claims that are no ids', tokenOf({ appid: 'a', oid: 7 })],
  ])('is not known from %s', async (_what, token) => {
    expect(await given(token)).toEqual([]);
  });

  it('is not known where there is no token to be had', async () => {
    expect(await idsBy(() => Promise.reject(new Error('No identity.')))).toEqual([]);
    expect(await idsBy(async () => null)).toEqual([]);
  });
});
