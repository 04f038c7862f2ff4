// ARM's answers name addresses: of next pages, of operations, of redirects. None of them takes our token elsewhere, repeats a
// start or keeps us for ever.
import { randomUUID } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import type { ArmRequest, ArmResponse } from '../../../local/simulator/arm/armAnswer.ts';
import { createHttpClient } from '../../../local/simulator/httpClient.ts';
import { createArm } from '../../../shared/adapters/arm/arm.ts';
import { createCapacity } from '../../../shared/adapters/arm/capacity.ts';
import { createKubernetes } from '../../../shared/adapters/kubernetes/kubernetes.ts';
import { credential, token } from '../../credential.ts';
import { clusterId } from '../../usecases/fleets.ts';

const endpoint = 'https://management.azure.com';
const now = Temporal.Instant.from('2026-11-03T12:00:00Z');
const network = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v';

/** The adapters over ARM that gives these answers, and every request that left. */
function azureThat(answer: (request: ArmRequest, count: number) => Partial<ArmResponse>) {
  const requests: ArmRequest[] = [];
  const tokens: string[] = [];
  const httpClient = createHttpClient((request) => {
    requests.push(request);
    const given = answer(request, requests.length);
    return { status: 200, body: '', ...given, headers: { 'content-type': 'application/json', ...given.headers } };
  });
  const counted = {
    getToken: async () => {
      tokens.push('asked');
      return credential.getToken();
    },
  };
  const options = { credential: counted, endpoint, httpClient, clock: { now: () => now } };
  return { arm: createArm(options), capacity: createCapacity(options), azure: options, requests, tokens };
}

type Azure = ReturnType<typeof azureThat>;

const lists: readonly (readonly [string, (azure: Azure) => Promise<readonly unknown[] | undefined>])[] = [
  ['listClusters', ({ arm }) => arm.listClusters('s')],
  ['listMaintenanceConfigurations', ({ arm }) => arm.listMaintenanceConfigurations(clusterId)],
  ['listSubnetUsages', ({ capacity }) => capacity.listSubnetUsages(network)],
];

const page = (nextLink?: string) => ({ body: JSON.stringify({ value: [], nextLink }) });

describe.each(lists)('%s', (_what, list) => {
  it.each([
    'https://evil.example/page2',
    'https://management.azure.com.evil.example/page2',
    'https://management.azure.com@evil.example/page2',
    'https://management.azure.com:pw@evil.example/page2',
    'https://someone@management.azure.com/page2',
    String.raw`https://evil.example\@management.azure.com/page2`,
    'https://management.azure.com:8443/page2',
    'http://management.azure.com/page2',
  ])('never sends our token to the next page at %s', async (nextLink) => {
    const azure = azureThat((_request, count) => page(count === 1 ? nextLink : undefined));
    const reading = list(azure).catch((error: unknown) => error);
    expect(await reading).toMatchObject({ name: 'ArmError' });
    for (const { url } of azure.requests) expect(new URL(url).origin).toBe(endpoint);
    expect(azure.requests.length).toBeLessThan(3);
  });

  it.each(['HTTPS://EVIL.EXAMPLE/page2', '//evil.example/page2', '@evil.example/page2', '.evil.example', 'page2'])(
    'takes %s for a path of ARM, if for anything',
    async (nextLink) => {
      const azure = azureThat((_request, count) => page(count === 1 ? nextLink : undefined));
      await list(azure).catch((error: unknown) => expect(error).toMatchObject({ name: 'ArmError' }));
      for (const { url } of azure.requests) expect(new URL(url).origin).toBe(endpoint);
    },
  );

  it('follows a next page on the endpoint, however its host is written', async () => {
    const azure = azureThat((_request, count) =>
      page(count === 1 ? 'https://MANAGEMENT.azure.com:443/page2?api-version=1' : undefined),
    );
    expect(await list(azure)).toEqual([]);
    expect(azure.requests.map(({ headers }) => headers['authorization'])).toEqual([
      `Bearer ${token}`,
      `Bearer ${token}`,
    ]);
  });

  it('ends when pages lead back to one that was read', async () => {
    const azure = azureThat((_request, count) => page(`${endpoint}/page${count % 2}?api-version=1`));
    await expect(list(azure)).rejects.toMatchObject({ name: 'ArmError', code: 'UnfinishedList' });
    expect(azure.requests).toHaveLength(3);
  });

  it('ends after 1,000 pages when there is always another', async () => {
    const azure = azureThat((_request, count) => page(`${endpoint}/page${count}?api-version=1`));
    await expect(list(azure)).rejects.toMatchObject({ name: 'ArmError', code: 'UnfinishedList' });
    expect(azure.requests).toHaveLength(1000);
  });

  it('takes no 404 of a later page for a list that is not there', async () => {
    const notFound = { status: 404, body: JSON.stringify({ error: { code: 'NotFound' } }) };
    const azure = azureThat((_request, count) => (count === 1 ? page(`${endpoint}/page2?api-version=1`) : notFound));
    await expect(list(azure)).rejects.toMatchObject({ name: 'ArmError', code: 'UnfinishedList' });
  });
});

it('asks for no token where the address that it would go to is not ARM’s', async () => {
  const azure = azureThat(() => page());
  await expect(azure.capacity.listSubnetUsages('@evil.example/v')).rejects.toMatchObject({ code: 'UnexpectedAnswer' });
  await expect(azure.capacity.listSubnetUsages('.evil.example/v')).rejects.toMatchObject({ code: 'UnexpectedAnswer' });
  for (const url of [
    'http://management.azure.com/operations/1',
    'https://management.azure.com:444/operations/1',
    'https://a@management.azure.com/operations/1',
  ]) {
    expect(await azure.arm.getOperation(url)).toBe('unknown');
  }
  expect({ requests: azure.requests, tokens: azure.tokens }).toEqual({ requests: [], tokens: [] });
});

describe.each([300, 301, 302, 303, 307, 308])('a redirect with %i', (status) => {
  const redirect = () =>
    azureThat(({ url }, count) =>
      count === 1
        ? { status, headers: { location: `${url}&again=1` } }
        : { status: 200, body: JSON.stringify({ id: clusterId, location: 'westeurope', properties: {} }) },
    );

  it('repeats no start: whether it was taken is unclear', async () => {
    const { arm, requests } = redirect();
    expect(await arm.startNodeImageUpgrade(clusterId, 'apps', randomUUID())).toMatchObject({ kind: 'unclear' });
    expect(requests.map(({ method }) => method)).toEqual(['POST']);
  });

  it('is an error of a read', async () => {
    for (const read of [
      ({ arm }: Azure) => arm.getCluster(clusterId),
      ({ arm }: Azure) => arm.getOperation(`${endpoint}/operations/1?api-version=1`),
      ...lists.map(([, list]) => list),
    ]) {
      const azure = redirect();
      await expect(read(azure)).rejects.toMatchObject({ name: 'ArmError', status });
      expect(azure.requests).toHaveLength(1);
    }
  });

  it('gives no kubeconfig', async () => {
    const { azure, requests } = redirect();
    const kubernetes = createKubernetes(azure);
    expect(await kubernetes.listPods(clusterId)).toEqual({ problem: expect.stringContaining(String(status)) });
    expect(requests).toHaveLength(1);
  });
});
