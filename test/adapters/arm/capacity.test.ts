import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import type { ArmRequest, ArmResponse } from '../../../local/simulator/arm/armAnswer.ts';
import { createHttpClient } from '../../../local/simulator/httpClient.ts';
import { createCapacity } from '../../../shared/adapters/arm/capacity.ts';
import type { Capacity } from '../../../shared/ports/capacity.ts';
import { credential, token } from '../../credential.ts';
import {
  cluster,
  clusterId,
  newImage,
  oldImage,
  pool,
  simulate,
  subscription,
} from '../../local/simulator/simulatorFleet.ts';

const start = Temporal.Instant.from('2026-11-03T12:00:00Z');
const endpoint = 'https://management.azure.com';
const nodeGroup = 'MC_rg-shop_shop_westeurope';
const networkId = `/subscriptions/${subscription}/resourceGroups/${nodeGroup}/providers/Microsoft.Network/virtualNetworks/aks-vnet`;

/** The adapter over what answers, its requests, and a clock to move. */
function capacityOver(handle: (request: ArmRequest) => ArmResponse) {
  const requests: ArmRequest[] = [];
  let now = start;
  const httpClient = createHttpClient((request) => {
    requests.push(request);
    return handle(request);
  });
  const capacity = createCapacity({ credential, endpoint, httpClient, clock: { now: () => now } });
  return {
    capacity,
    requests,
    pass: (minutes: number) => {
      now = now.add({ minutes });
    },
  };
}

const answering = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  capacityOver(() => ({
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  }));

const reads: readonly (readonly [string, (capacity: Capacity) => Promise<unknown>])[] = [
  ['listQuotas', (capacity) => capacity.listQuotas(subscription, 'westeurope')],
  ['getVmSize', (capacity) => capacity.getVmSize(subscription, 'westeurope', 'Standard_D4s_v5')],
  ['listVirtualNetworks', (capacity) => capacity.listVirtualNetworks(subscription, nodeGroup)],
  ['listSubnetUsages', (capacity) => capacity.listSubnetUsages(networkId)],
  ['listInstances', (capacity) => capacity.listInstances(subscription, nodeGroup, 'system')],
];

describe('a read that fails', () => {
  it.each(reads)('%s: 403, 429, 500 and no answer are errors, and none is tried again', async (_what, read) => {
    for (const [status, code] of [
      [403, 'AuthorizationFailed'],
      [429, 'TooManyRequests'],
      [500, 'InternalServerError'],
    ] as const) {
      const body = { error: { code, message: 'It says no.' } };
      const { capacity, requests } = answering(status, body, { 'retry-after': '7' });
      const answer = `${status} ${code} It says no`;
      await expect(read(capacity)).rejects.toMatchObject({
        name: 'ArmError',
        status,
        code,
        answer,
        retryAfterSeconds: 7,
      });
      expect(requests.map(({ method }) => method)).toEqual(['GET']);
    }
    const silent = capacityOver(() => {
      throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
    });
    await expect(read(silent.capacity)).rejects.toMatchObject({ name: 'ArmError', code: 'ECONNRESET' });
    expect(silent.requests).toHaveLength(1);
  });

  it.each([
    ['no JSON', '<html>'],
    ['no list', {}],
    ['items of another shape', { value: [{ id: 7 }] }],
    ['a next page elsewhere', { value: [], nextLink: 'https://evil.example/page2' }],
  ])('%s is an error, not an empty list', async (_what, body) => {
    const { capacity, requests } = answering(200, body);
    await expect(capacity.listSubnetUsages(networkId)).rejects.toMatchObject({
      name: 'ArmError',
      code: 'UnexpectedAnswer',
    });
    expect(requests).toHaveLength(1);
  });

  it('one item that can’t be read hides no other, and a number that can’t is not zero', async () => {
    const usage = (value: unknown, currentValue: unknown, limit: unknown) => ({ name: { value }, currentValue, limit });
    const value = [usage('cores', 4, 100), null, usage(null, 1, 2), usage('a', null, 9), usage('b', 1, '9'), 'x'];
    expect(await answering(200, { value }).capacity.listQuotas(subscription, 'westeurope')).toEqual([
      { name: 'cores', used: 4, limit: 100 },
      { name: 'a', used: -1, limit: 9 },
      { name: 'b', used: 1, limit: -1 },
    ]);
    const usages = [{ id: `${networkId}/subnets/a`, currentValue: null, limit: null }, { id: null }];
    expect(await answering(200, { value: usages }).capacity.listSubnetUsages(networkId)).toEqual([
      { id: `${networkId}/subnets/a`, used: -1, limit: -1 },
    ]);
  });

  it.each([[null], [''], [' '], ['0'], ['-4'], ['4.5'], ['many'], ['Infinity']])(
    'a VM size of %o vCPUs is not known',
    async (vCpus) => {
      const size = (name: string, value: unknown) => ({
        resourceType: 'virtualMachines',
        name,
        family: 'standardDSv5Family',
        capabilities: [{ name: 'vCPUs', value }],
      });
      const { capacity } = answering(200, { value: [size('Odd', vCpus), null, size('Fine', '4')] });
      expect(await capacity.getVmSize(subscription, 'westeurope', 'Odd')).toBeUndefined();
      expect(await capacity.getVmSize(subscription, 'westeurope', 'Fine')).toMatchObject({ vCpus: 4 });
    },
  );

  it.each([
    ['listVirtualNetworks', []],
    ['listSubnetUsages', undefined],
    ['listInstances', []],
  ] as const)('%s: 404 is absent', async (name, expected) => {
    const read = reads.find(([what]) => what === name)?.[1];
    expect(await read?.(answering(404, { error: { code: 'NotFound' } }).capacity)).toEqual(expected);
  });

  it.each(['listQuotas', 'getVmSize'])('%s: 404 is an error, as every region has them', async (name) => {
    const read = reads.find(([what]) => what === name)?.[1];
    await expect(read?.(answering(404, {}).capacity)).rejects.toMatchObject({ name: 'ArmError', status: 404 });
  });
});

describe('over the simulator', () => {
  const over = (...clusters: Parameters<typeof simulate>[0]) => {
    const simulated = simulate(clusters.length > 0 ? clusters : [cluster('shop')]);
    return { ...simulated, ...capacityOver(simulated.simulator.handle), advance: simulated.pass };
  };

  it('reads the quotas of a region, however it is spelled', async () => {
    const { capacity } = over();
    expect(await capacity.listQuotas(subscription, 'West Europe')).toEqual([
      { name: 'cores', used: 12, limit: 100 },
      { name: 'standardDSv5Family', used: 12, limit: 100 },
      { name: 'lowPriorityCores', used: 0, limit: 100 },
    ]);
  });

  it('reads a VM size by its name in any case, once an hour for a region', async () => {
    const { capacity, requests, pass } = over(cluster('shop'), cluster('east', {}, { location: 'eastus' }));
    const size = { name: 'Standard_D4s_v5', family: 'standardDSv5Family', vCpus: 4 };
    expect(await capacity.getVmSize(subscription, 'westeurope', 'standard_d4s_V5')).toEqual(size);
    expect(await capacity.getVmSize(subscription, 'westeurope', 'Standard_X1')).toBeUndefined();
    pass(59);
    const again = ['Standard_D4s_v5', 'Standard_B2s'].map((name) =>
      capacity.getVmSize(subscription, 'westeurope', name),
    );
    expect((await Promise.all(again)).map((found) => found?.vCpus)).toEqual([4, 2]);
    expect(requests).toHaveLength(1);
    await capacity.getVmSize(subscription, 'eastus', 'Standard_D4s_v5');
    pass(1);
    await capacity.getVmSize(subscription, 'westeurope', 'Standard_D4s_v5');
    expect(requests.map(({ url }) => new URL(url).searchParams.get('$filter'))).toEqual([
      "location eq 'westeurope'",
      "location eq 'eastus'",
      "location eq 'westeurope'",
    ]);
  });

  it('keeps no failure', async () => {
    const simulated = simulate([cluster('shop')]);
    let fails = true;
    const { capacity } = capacityOver((request) =>
      fails ? { status: 503, headers: {}, body: '' } : simulated.simulator.handle(request),
    );
    await expect(capacity.getVmSize(subscription, 'westeurope', 'Standard_D4s_v5')).rejects.toThrow('503');
    fails = false;
    expect(await capacity.getVmSize(subscription, 'westeurope', 'Standard_D4s_v5')).toMatchObject({ vCpus: 4 });
  });

  it('finds the network that AKS made, and how full its subnets are', async () => {
    const { capacity } = over();
    expect(await capacity.listVirtualNetworks(subscription, nodeGroup)).toEqual([networkId]);
    expect(await capacity.listSubnetUsages(networkId)).toEqual([
      { id: `${networkId}/subnets/aks-subnet`, used: 3, limit: 65531 },
    ]);
  });

  it('reads the image that each instance of a pool runs, and by its instance view whether it runs', async () => {
    const { capacity, simulator, advance } = over(
      cluster('shop', { agentPoolProfiles: [pool('system'), pool('apps', { count: 1 })] }),
    );
    simulator.personUpgrades(clusterId('shop'), 'system');
    advance(60);
    const instances = await capacity.listInstances(subscription, nodeGroup, 'System');
    expect(instances).toEqual(
      [newImage, oldImage, oldImage].map((image, index) => ({
        scaleSet: expect.stringMatching(/^aks-system-/),
        instanceId: String(index),
        node: simulator.nodes(clusterId('shop'), 'system')[index]?.name,
        provisioningState: 'Succeeded',
        image: expect.stringMatching(
          new RegExp(`/galleries/AKSUbuntu/images/2204gen2containerd/versions/${image.split('-').at(-1)}$`),
        ),
        powerState: 'running',
      })),
    );
  });
});

it.each<[string, unknown, string | undefined]>([
  [
    'deallocated',
    { statuses: [{ code: 'ProvisioningState/succeeded' }, { code: 'PowerState/deallocated' }] },
    'deallocated',
  ],
  ['in another case', { statuses: [{ code: 'powerstate/Running' }] }, 'running'],
  ['none of its states is of power', { statuses: [{ code: 'ProvisioningState/updating' }, { code: null }] }, undefined],
  ['no states', { statuses: null }, undefined],
  ['no view', undefined, undefined],
  ['null', null, undefined],
  ['of another shape', 'running', undefined],
])('asks for the instance view: %s is %o', async (_what, instanceView, powerState) => {
  const { capacity, requests } = capacityOver(({ url }) => {
    const scaleSet = { name: 'vmss', tags: { 'aks-managed-poolName': 'system' } };
    const instance = { instanceId: '0', properties: { instanceView } };
    const value = url.includes('/virtualMachines?') ? [instance] : [scaleSet];
    return { status: 200, headers: {}, body: JSON.stringify({ value }) };
  });
  expect(await capacity.listInstances(subscription, nodeGroup, 'system')).toMatchObject([
    { instanceId: '0', powerState },
  ]);
  expect(requests.at(-1)?.url).toContain('$expand=instanceView');
});

it('reads all pages of a list', async () => {
  const usage = (value: string) => ({ name: { value }, currentValue: 1, limit: 2 });
  const { capacity, requests } = capacityOver(({ url }) => {
    const isFirst = !url.includes('skiptoken');
    const body = isFirst
      ? { value: [usage('cores')], nextLink: `${url}&$skiptoken=2` }
      : { value: [usage('standardDSv5Family')], nextLink: null };
    return { status: 200, headers: {}, body: JSON.stringify(body) };
  });
  const quotas = await capacity.listQuotas(subscription, 'westeurope');
  expect(quotas.map(({ name }) => name)).toEqual(['cores', 'standardDSv5Family']);
  expect(requests.map(({ headers }) => headers['authorization'])).toEqual([`Bearer ${token}`, `Bearer ${token}`]);
});
