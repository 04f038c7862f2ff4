// The simulator's HTTP, as any client sees it: checks, errors, headers, limits.
import { describe, expect, it } from 'vitest';
import { cluster, clusterId, noonWindow, pool, simulate, subscription } from './simulatorFleet.ts';

const shop = clusterId('shop');
const list = `/subscriptions/${subscription}/providers/Microsoft.ContainerService/managedClusters`;

describe('a request that ARM refuses', () => {
  const { simulator } = simulate([cluster('shop')]);
  const version = '?api-version=2026-06-01';
  const authorization = 'Bearer a token';

  it.each([
    ['without a token', 'GET', `${shop}${version}`, {}, 401, 'AuthenticationFailed'],
    ['without an api-version', 'GET', shop, { authorization }, 400, 'MissingApiVersionParameter'],
    [
      'to an unknown subscription',
      'GET',
      `/subscriptions/none${version}`,
      { authorization },
      404,
      'SubscriptionNotFound',
    ],
    ['to an unknown type', 'GET', `${shop}/gadgets${version}`, { authorization }, 404, 'InvalidResourceType'],
    ['that the simulator does not serve', 'DELETE', `${shop}${version}`, { authorization }, 501, 'NotSimulated'],
    ['with a bad page token', 'GET', `${list}${version}&$skipToken=x`, { authorization }, 400, 'InvalidSkipToken'],
    ['with a bad escape', 'GET', `${shop}%zz%ff${version}`, { authorization }, 404, 'ResourceNotFound'],
  ])('%s gets its code', (_, method, url, headers: Record<string, string>, status, code) => {
    const answer = simulator.handle({ method, url, headers });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toEqual({ error: { code, message: expect.stringMatching(/\w{3}/) } });
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  });
});

describe('a request of az that the simulator does not serve', () => {
  const stopped = { properties: { powerState: { code: 'Stopped' } } };
  const running = { properties: { powerState: { code: 'Running' } } };
  const clusters = [
    cluster('shop', { agentPoolProfiles: [pool('system'), pool('idle', { powerState: { code: 'Stopped' } })] }),
  ];

  it.each([
    ['az aks stop', 'POST', '/stop', undefined, 'does=stop cluster=shop --to'],
    ['az aks start', 'POST', '/start', undefined, 'does=start cluster=shop --to'],
    ['az aks delete', 'DELETE', '', undefined, 'does=delete cluster=shop --to'],
    ['az aks create', 'PUT', '-2', running, 'does=recreate cluster=shop-2 --to'],
    ['az aks update', 'PUT', '', {}, 'Change it in the fleet file'],
    ['az aks update --tags', 'PATCH', '', {}, 'Change it in the fleet file'],
    ['az aks rotate-certs', 'POST', '/rotateClusterCertificates', undefined, 'docs/fleet.schema.json'],
    ['az aks nodepool stop', 'PUT', '/agentPools/system', stopped, 'does=stop cluster=shop nodePool=system --to'],
    ['az aks nodepool start', 'PUT', '/agentPools/idle', running, 'does=start cluster=shop nodePool=idle --to'],
    ['az aks nodepool add', 'PUT', '/agentPools/more', running, 'does=recreate cluster=shop nodePool=more --to'],
    ['az aks nodepool scale', 'PUT', '/agentPools/system', running, 'Change it in the fleet file'],
    [
      'az aks nodepool delete',
      'DELETE',
      '/agentPools/system',
      undefined,
      'does=delete cluster=shop nodePool=system --to',
    ],
    ['az group create', 'PUT', '/../../../..', {}, 'docs/fleet.schema.json'],
  ])('%s says so, and which fault does it', (_command, method, path, body, instead) => {
    const { simulator } = simulate(clusters);
    const before = simulator.world().clusters.map(({ resource }) => resource['eTag']);
    const url = `${shop}${path}?api-version=2026-06-01`;
    const headers = { authorization: 'Bearer a token' };
    const answer = simulator.handle({ method, url, headers, ...(body && { body: JSON.stringify(body) }) });
    const { error } = JSON.parse(answer.body) as {
      readonly error: { readonly code: string; readonly message: string };
    };
    expect([answer.status, error.code]).toEqual([501, 'NotSimulated']);
    expect(error.message).toContain(`The AKS simulator does not serve ${method} /subscriptions/`);
    expect(error.message).toContain(instead);
    expect(simulator.world().clusters.map(({ resource }) => resource['eTag'])).toEqual(before);
  });
});

describe('every answer', () => {
  it('carries the headers of ARM', () => {
    const { send } = simulate([cluster('shop')]);
    const { headers } = send('GET', shop, { 'x-ms-correlation-request-id': 'c0ffee' });
    expect(headers).toMatchObject({
      date: 'Tue, 03 Nov 2026 10:00:00 GMT',
      'cache-control': 'no-cache',
      'x-ms-request-id': expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      'x-ms-correlation-request-id': 'c0ffee',
      'x-ms-ratelimit-remaining-subscription-reads': '249',
    });
  });

  it('leads back to the host that the client asked', () => {
    const { simulator } = simulate(Array.from({ length: 51 }, (_, index) => cluster(`shop-${index}`)));
    const { body } = simulator.handle({
      method: 'GET',
      url: `${list}?api-version=2020-01-01`,
      headers: { authorization: 'Bearer a token', host: 'localhost:8443' },
    });
    const { nextLink }: { nextLink: string } = JSON.parse(body);
    expect(nextLink).toBe(`https://localhost:8443${list}?api-version=2020-01-01&%24skipToken=50`);
  });

  it('finds resources in any case', () => {
    const { send } = simulate([cluster('shop')]);
    expect(send('GET', `${shop.toUpperCase()}/AGENTPOOLS/SYSTEM`).status).toBe(200);
  });
});

describe('raw shapes', () => {
  it('keeps what the fleet says of a cluster, and nothing beside ARM', () => {
    const { send } = simulate([
      cluster(
        'shop',
        { nodeResourceGroup: 'MC_shop', networkProfile: { networkPlugin: 'azure' } },
        { identity: { type: 'SystemAssigned' }, maintenanceConfigurations: [noonWindow] },
      ),
    ]);
    const body: unknown = JSON.parse(send('GET', shop).body);
    expect(body).toMatchObject({
      type: 'Microsoft.ContainerService/ManagedClusters',
      identity: { type: 'SystemAssigned' },
      properties: { nodeResourceGroup: 'MC_shop', networkProfile: { networkPlugin: 'azure' } },
    });
    expect(body).not.toHaveProperty('maintenanceConfigurations');
  });

  it('shows a pool flat in its cluster and under properties on its own', () => {
    const { send } = simulate([cluster('shop', { agentPoolProfiles: [pool('system')] })]);
    const { properties }: { properties: { agentPoolProfiles: object[] } } = JSON.parse(send('GET', shop).body);
    const own: { properties: object } = JSON.parse(send('GET', `${shop}/agentPools/system`).body);
    expect(properties.agentPoolProfiles).toEqual([{ name: 'system', ...own.properties }]);
    expect(Object.keys(own)).toEqual(['id', 'name', 'type', 'properties']);
  });

  it('lists the subscriptions of the fleet', () => {
    const { send } = simulate([cluster('shop'), cluster('other')]);
    const { value }: { value: object[] } = JSON.parse(send('GET', '/subscriptions').body);
    expect(value).toMatchObject([
      { id: `/subscriptions/${subscription}`, subscriptionId: subscription, state: 'Enabled' },
    ]);
    expect(JSON.parse(send('GET', `/subscriptions/${subscription}`).body)).toEqual(value[0]);
  });
});

describe('throttling', () => {
  /** How many requests go through at once, and then in the ten seconds after. */
  const measure = (urls: readonly string[]) => {
    const { send, pass } = simulate([cluster('shop'), cluster('other')]);
    const passes = (requests: number) =>
      Array.from({ length: requests }, (_, index) => send('GET', urls[index % urls.length] ?? '').status).filter(
        (status) => status !== 429,
      ).length;
    const burst = passes(600);
    pass(10);
    return { burst, after10s: passes(600) };
  };

  it.each([
    ['reads of one cluster', [shop], { burst: 60, after10s: 10 }],
    ['reads of two clusters', [shop, clusterId('other')], { burst: 120, after10s: 20 }],
    [
      'the rest, in all clusters together',
      [`${shop}/agentPools`, `${clusterId('other')}/agentPools`],
      { burst: 60, after10s: 10 },
    ],
    ['lists of a resource group', [shop.slice(0, shop.lastIndexOf('/'))], { burst: 60, after10s: 10 }],
    ["ARM's own limit before that of AKS", [list], { burst: 250, after10s: 250 }],
  ])('limits %s', (_, urls, expected) => {
    expect(measure(urls)).toEqual(expected);
  });

  it('limits the rest in each region of a subscription by itself', () => {
    const there = { ...cluster('other'), location: 'North Europe' };
    const { send } = simulate([cluster('shop'), there]);
    const passes = (path: string) =>
      Array.from({ length: 80 }, () => send('GET', `${path}/agentPools`).status).filter((status) => status === 200);
    expect([passes(shop).length, passes(clusterId('other')).length]).toEqual([60, 60]);
  });

  it('says how long to wait, and that is long enough', () => {
    const { send, pass } = simulate([cluster('shop')]);
    for (let request = 0; request < 60; request++) send('GET', shop);
    const refused = send('GET', shop);
    expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
    expect(JSON.parse(refused.body)).toMatchObject({ error: { code: 'Throttled' } });
    pass(Number(refused.headers['retry-after']));
    expect(send('GET', shop).status).toBe(200);
  });
});
