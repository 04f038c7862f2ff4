import { randomUUID } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import type { ArmRequest, ArmResponse } from '../../../local/simulator/arm/armAnswer.ts';
import { createHttpClient } from '../../../local/simulator/httpClient.ts';
import { createArm } from '../../../shared/adapters/arm/arm.ts';
import type { Arm } from '../../../shared/ports/arm.ts';
import { credential, token } from '../../credential.ts';
import { clusterId } from '../../usecases/fleets.ts';

const json = { 'content-type': 'application/json' };

/** ARM that gives one answer to everything, and what it was asked. */
function armThat(answer: (request: ArmRequest) => ArmResponse): { arm: Arm; requests: ArmRequest[] } {
  const requests: ArmRequest[] = [];
  const httpClient = createHttpClient((request) => {
    requests.push(request);
    return answer(request);
  });
  return { arm: createArm({ credential, endpoint: 'https://management.azure.com', httpClient }), requests };
}

const answering = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  armThat(() => ({
    status,
    headers: { ...json, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  }));

const error = (code: string) => ({ error: { code, message: 'It says no.' } });

describe('reading', () => {
  it.each<[string, (arm: Arm) => Promise<unknown>, unknown]>([
    ['getCluster', (arm) => arm.getCluster(clusterId), undefined],
    ['listMaintenanceConfigurations', (arm) => arm.listMaintenanceConfigurations(clusterId), []],
  ])(
    '%s: 404 is absent; 403, 429, 500 and no answer are errors, and none is tried again',
    async (_what, read, none) => {
      expect(await read(answering(404, error('ResourceNotFound')).arm)).toEqual(none);
      for (const [status, code] of [
        [403, 'AuthorizationFailed'],
        [429, 'Throttled'],
        [500, 'InternalServerError'],
      ] as const) {
        const { arm, requests } = answering(status, error(code), { 'retry-after': '7' });
        await expect(read(arm)).rejects.toMatchObject({ name: 'ArmError', status, code, retryAfterSeconds: 7 });
        expect(requests).toHaveLength(1);
      }
      const silent = armThat(() => {
        throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
      });
      await expect(read(silent.arm)).rejects.toMatchObject({ name: 'ArmError', code: 'ECONNRESET', status: undefined });
      expect(silent.requests).toHaveLength(1);
    },
  );

  it('gives the window as ARM sent it: dates stay dates, and what nobody knows stays', async () => {
    const maintenanceWindow = {
      schedule: { daily: null, hourly: { every: 3 } },
      durationHours: 4,
      startDate: '2026-11-03',
      notAllowedDates: [{ start: '2026-12-23', end: '2027-01-03' }],
    };
    const name = 'aksManagedNodeOSUpgradeSchedule';
    const { arm } = answering(200, { value: [{ id: 'x', name, properties: { maintenanceWindow } }] });
    expect(await arm.listMaintenanceConfigurations(clusterId)).toEqual([{ name, maintenanceWindow }]);
  });

  it.each([
    ['empty properties', { properties: {} }],
    ['null for properties', { properties: null }],
    ['no properties', {}],
    ['null for a window', { properties: { maintenanceWindow: null } }],
  ])('a configuration without a window is there, and is not mistaken for none: %s', async (_what, body) => {
    const name = 'aksManagedNodeOSUpgradeSchedule';
    const { arm } = answering(200, { value: [{ id: 'x', name, ...body }] });
    expect(await arm.listMaintenanceConfigurations(clusterId)).toEqual([{ name, maintenanceWindow: null }]);
  });

  it('shows sizes, subnets and networks', async () => {
    const pool = {
      name: 'spot',
      vmSize: 'Standard_D4s_v5',
      scaleSetPriority: 'Spot',
      maxPods: 30,
      vnetSubnetID: '/subnets/nodes',
      podSubnetID: '/subnets/pods',
      enableAutoScaling: true,
      minCount: 1,
      maxCount: 5,
    };
    const networkProfile = { networkPlugin: 'azure', networkPluginMode: 'overlay' };
    const properties = { nodeResourceGroup: 'MC_shop', networkProfile, agentPoolProfiles: [pool] };
    const { arm } = answering(200, { id: clusterId, location: 'westeurope', properties });
    expect((await arm.getCluster(clusterId))?.cluster).toMatchObject({
      nodeResourceGroup: 'MC_shop',
      networkPlugin: 'azure',
      networkPluginMode: 'overlay',
      nodePools: [
        {
          vmSize: 'Standard_D4s_v5',
          scaleSetPriority: 'Spot',
          maxPods: 30,
          vnetSubnetId: '/subnets/nodes',
          podSubnetId: '/subnets/pods',
          autoscaler: { min: 1, max: 5 },
        },
      ],
    });
  });

  it('states that ARM leaves out are unknown, never fine', async () => {
    const cluster = { id: clusterId, location: 'westeurope', properties: { agentPoolProfiles: [{ name: 'apps' }] } };
    const { arm } = answering(200, cluster, { date: 'Tue, 03 Nov 2026 12:30:00 GMT' });
    const read = await arm.getCluster(clusterId);
    expect(read?.date?.toString()).toBe('2026-11-03T12:30:00Z');
    expect(read?.cluster).toMatchObject({ provisioningState: 'Unknown', powerState: 'Unknown', tags: {} });
    expect(read?.cluster.nodePools).toMatchObject([
      { name: 'apps', provisioningState: 'Unknown', mode: 'Unknown', osType: 'Unknown', count: undefined },
    ]);
  });
});

describe('starting', () => {
  const start = (arm: Arm) => arm.startNodeImageUpgrade(clusterId, 'apps', randomUUID());

  it('sends one POST without a body and gives the operation’s URL', async () => {
    const operationUrl =
      'https://management.azure.com/subscriptions/x/providers/Microsoft.ContainerService/locations/w/operations/1';
    const { arm, requests } = answering(
      202,
      {},
      { 'azure-asyncoperation': operationUrl, location: 'https://elsewhere' },
    );
    expect(await start(arm)).toEqual({ kind: 'accepted', operationUrl });
    expect(requests.map(({ method, url, body }) => [method, new URL(url).pathname, body])).toEqual([
      ['POST', `${clusterId}/agentPools/apps/upgradeNodeImageVersion`, undefined],
    ]);
  });

  it.each([
    [200, { kind: 'accepted' }],
    [400, { kind: 'refused', status: 400, code: 'No', message: 'It says no.' }],
    [404, { kind: 'refused', status: 404 }],
    [409, { kind: 'refused', status: 409 }],
    [429, { kind: 'refused', status: 429, retryAfterSeconds: 30 }],
    [408, { kind: 'unclear' }],
    [500, { kind: 'unclear' }],
    [503, { kind: 'unclear' }],
  ])('%i is sent once and is %o', async (status, expected) => {
    const { arm, requests } = answering(status, status < 300 ? {} : error('No'), { 'retry-after': '30' });
    expect(await start(arm)).toMatchObject(expected);
    expect(requests).toHaveLength(1);
  });

  it.each([
    ['7', 7],
    [' 7 ', 7],
    ['1000000000', 1e9],
    ['Tue, 03 Nov 2026 12:31:30 GMT', 90],
    ['Tue, 03 Nov 2026 12:00:00 GMT', 0],
    ['', undefined],
    ['-7', undefined],
    ['Infinity', undefined],
    ['soon', undefined],
  ])('reads Retry-After: %s against the Date of the answer', async (given, retryAfterSeconds) => {
    const headers = { 'retry-after': given, date: 'Tue, 03 Nov 2026 12:30:00 GMT' };
    const date = Temporal.Instant.from('2026-11-03T12:30:00Z');
    const { arm } = answering(429, error('Throttled'), headers);
    const refused = await start(arm);
    expect('retryAfterSeconds' in refused ? refused.retryAfterSeconds : undefined).toBe(retryAfterSeconds);
    expect(refused).toMatchObject({ kind: 'refused', date });
    await expect(arm.getCluster(clusterId)).rejects.toMatchObject({ retryAfterSeconds, date });
  });

  it('no answer is unclear, and is sent once', async () => {
    const { arm, requests } = armThat(() => {
      throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
    });
    expect(await start(arm)).toEqual({ kind: 'unclear', message: 'reset' });
    expect(requests).toHaveLength(1);
  });
});

describe('an operation', () => {
  const url =
    'https://management.azure.com/subscriptions/x/providers/Microsoft.ContainerService/locations/w/operations/1?api-version=2026-06-01';

  it.each([
    [200, { status: 'InProgress' }, 'inProgress'],
    [200, { status: 'Succeeded' }, 'succeeded'],
    [200, { status: 'Failed', error: { code: 'PodDrainFailure', message: 'pdb' } }, 'failed'],
    [200, { status: 'Canceled' }, 'canceled'],
    [200, { status: 'SomethingNew' }, 'inProgress'],
    [200, { id: 'the pool itself' }, 'succeeded'],
    [200, 'no json', 'unknown'],
    [202, '', 'inProgress'],
    [204, '', 'succeeded'],
    [404, error('NotFound'), 'unknown'],
  ])('%i %o is %s', async (status, body, expected) => {
    expect(await answering(status, body).arm.getOperation(url)).toBe(expected);
  });

  it('gets our token on ARM’s own host only', async () => {
    const { arm, requests } = answering(200, { status: 'Succeeded' });
    expect(await arm.getOperation('https://management.azure.com.evil.example/operations/1')).toBe('unknown');
    expect(await arm.getOperation('not a url')).toBe('unknown');
    expect(requests).toEqual([]);
    await arm.getOperation(url);
    expect(requests[0]?.headers['authorization']).toBe(`Bearer ${token}`);
  });

  it('that can’t be read is an error', async () => {
    await expect(answering(500, '').arm.getOperation(url)).rejects.toMatchObject({ name: 'ArmError', status: 500 });
  });
});
