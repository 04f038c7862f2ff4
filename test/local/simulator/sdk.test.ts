// The simulator under the real SDK: @azure/arm-containerservice with nothing replaced but its HTTP client.
import { describe, expect, it } from 'vitest';
import {
  all,
  cluster,
  clusterId,
  newImage,
  noonWindow,
  oldImage,
  pool,
  simulate,
  subscription,
} from './simulatorFleet.ts';

const group = 'rg-shop';

/** Submits an upgrade and gives the headers that lead to its operation. */
async function submitUpgrade(client: ReturnType<typeof simulate>['client'], name: string, nodePool: string) {
  let answer: { status: number; url: string | undefined; location: string | undefined } | undefined;
  const poller = client.agentPools.upgradeNodeImageVersion(group, name, nodePool, {
    onResponse: ({ status, headers }) => {
      answer = { status, url: headers.get('Azure-AsyncOperation'), location: headers.get('location') };
    },
  });
  await poller.submitted();
  return answer;
}

describe('reads', () => {
  it('gets a cluster with its pools', async () => {
    const { client } = simulate([cluster('shop')]);
    const shop = await client.managedClusters.get(group, 'shop');
    expect(shop).toMatchObject({
      id: clusterId('shop'),
      name: 'shop',
      location: 'westeurope',
      tags: { team: 'shop' },
      provisioningState: 'Succeeded',
      powerState: { code: 'Running' },
      currentKubernetesVersion: '1.34.2',
      resourceUID: expect.stringMatching(/^[0-9a-f]{24}$/),
    });
    expect(shop.agentPoolProfiles).toMatchObject([
      { name: 'system', nodeImageVersion: oldImage, provisioningState: 'Succeeded', type: 'VirtualMachineScaleSets' },
    ]);
  });

  it('lists a subscription page by page, in the shape of a GET', async () => {
    const { client } = simulate(Array.from({ length: 120 }, (_, index) => cluster(`shop-${index}`)));
    const sizes: number[] = [];
    for await (const page of client.managedClusters.list().byPage()) sizes.push(page.length);
    expect(sizes).toEqual([50, 50, 20]);
    const clusters = await all(client.managedClusters.list());
    expect(new Set(clusters.map(({ id }) => id)).size).toBe(120);
    expect(clusters[70]).toEqual(await client.managedClusters.get(group, 'shop-70'));
  });

  it('lists a resource group, in any case', async () => {
    const { client } = simulate([cluster('shop'), cluster('other', {}, { id: clusterId('other', 'rg-other') })]);
    const found = await all(client.managedClusters.listByResourceGroup('RG-Shop'));
    expect(found.map(({ name }) => name)).toEqual(['shop']);
  });

  it('gets and lists pools as resources of their own', async () => {
    const { client } = simulate([cluster('shop')]);
    const system = await client.agentPools.get(group, 'shop', 'system');
    expect(system).toMatchObject({
      id: `${clusterId('shop')}/agentPools/system`,
      name: 'system',
      type: 'Microsoft.ContainerService/managedClusters/agentPools',
      typePropertiesType: 'VirtualMachineScaleSets',
      nodeImageVersion: oldImage,
      count: 3,
      osSKU: 'Ubuntu',
    });
    expect(await all(client.agentPools.list(group, 'shop'))).toEqual([system]);
  });

  it('gets the maintenance window, its start date as midnight UTC', async () => {
    const { client } = simulate([cluster('shop', {}, { maintenanceConfigurations: [noonWindow] })]);
    const { maintenanceWindow } = await client.maintenanceConfigurations.get(group, 'shop', noonWindow.name);
    expect(maintenanceWindow).toMatchObject({
      schedule: { daily: { intervalDays: 1 } },
      durationHours: 4,
      startTime: '12:00',
      startDate: new Date('2026-01-01T00:00:00Z'),
    });
    const listed = await all(client.maintenanceConfigurations.listByManagedCluster(group, 'shop'));
    expect(listed.map(({ name }) => name)).toEqual([noonWindow.name]);
  });

  it('gets the Kubernetes upgrade profile', async () => {
    const { client } = simulate([cluster('shop')]);
    const profile = await client.managedClusters.getUpgradeProfile(group, 'shop');
    expect(profile.controlPlaneProfile.kubernetesVersion).toBe('1.34.2');
    expect(profile.agentPoolProfiles).toMatchObject([{ name: 'system', kubernetesVersion: '1.34.2', osType: 'Linux' }]);
  });

  it.each([
    ['cluster', (client) => client.managedClusters.get(group, 'nowhere'), 'ResourceNotFound'],
    ['resource group', (client) => client.managedClusters.get('rg-nowhere', 'shop'), 'ResourceGroupNotFound'],
    ['pool', (client) => client.agentPools.get(group, 'shop', 'nowhere'), 'NotFound'],
    ['pool of no cluster', (client) => client.agentPools.get(group, 'nowhere', 'system'), 'ResourceNotFound'],
    ['window', (client) => client.maintenanceConfigurations.get(group, 'shop', 'default'), 'NotFound'],
  ] satisfies [string, (client: ReturnType<typeof simulate>['client']) => Promise<unknown>, string][])(
    'answers 404 for a %s that is not there',
    async (_, read, code) => {
      await expect(read(simulate([cluster('shop')]).client)).rejects.toMatchObject({ statusCode: 404, code });
    },
  );
});

describe('the latest node image', () => {
  const latest = async (fleet: Parameters<typeof simulate>[1], nodeImageVersion = oldImage) => {
    const { client } = simulate(
      [cluster('shop', { agentPoolProfiles: [pool('system', { nodeImageVersion })] })],
      fleet,
    );
    return (await client.agentPools.getUpgradeProfile(group, 'shop', 'system')).latestNodeImageVersion;
  };
  const release = (nodeImageVersion: string, fields: object = {}) => ({
    nodeImageVersion,
    availableAt: '2026-10-01T00:00:00Z',
    ...fields,
  });

  it.each([
    ['the newest of the family, whatever the order', [release(newImage), release(oldImage)], newImage],
    ['not of another family', [release('AKSUbuntu-2404gen2containerd-202610.26.0')], oldImage],
    ['not before it is out', [release(newImage, { availableAt: '2026-11-03T10:00:01Z' })], oldImage],
    ['not in another region', [release(newImage, { regions: ['eastus'] })], oldImage],
    ['in this region', [release(newImage, { regions: ['eastus', 'West Europe'] })], newImage],
    ['the current one without any release', [], oldImage],
  ])('is %s', async (_, releases, expected) => {
    expect(await latest({ releases })).toBe(expected);
  });

  it('is not told for a pool whose image ARM does not tell, and nothing rolls', async () => {
    const { nodeImageVersion: _, ...silent } = pool('system', { mode: 'User' });
    const { client } = simulate([cluster('shop', { agentPoolProfiles: [silent] })]);
    const { latestNodeImageVersion } = await client.agentPools.getUpgradeProfile(group, 'shop', 'system');
    expect(latestNodeImageVersion).toBeUndefined();
    expect(await submitUpgrade(client, 'shop', 'system')).toMatchObject({ status: 200 });
  });

  it('can be older than the current one on a frozen line', async () => {
    expect(await latest({ releases: [release(oldImage)] }, newImage)).toBe(oldImage);
  });
});

describe('upgradeNodeImageVersion', () => {
  it('is accepted, followed through its operation, and ends on the latest image', async () => {
    const { client, pass, send } = simulate([cluster('shop')]);
    const before = await client.agentPools.get(group, 'shop', 'system');
    const answer = await submitUpgrade(client, 'shop', 'system');
    expect(answer?.status).toBe(202);
    const operation = new URL(answer?.url ?? '');
    expect(operation.origin).toBe('https://management.azure.com');
    expect(operation.pathname).toMatch(
      new RegExp(
        `^/subscriptions/${subscription}/providers/Microsoft.ContainerService/locations/westeurope/operations/`,
      ),
    );

    const during = await client.agentPools.get(group, 'shop', 'system');
    expect(during).toMatchObject({ provisioningState: 'UpgradingNodeImageVersion', nodeImageVersion: oldImage });
    expect(during.eTag).not.toBe(before.eTag);
    expect(JSON.parse(send('GET', operation.pathname).body)).toEqual({
      id: operation.pathname,
      name: operation.pathname.split('/').at(-1),
      status: 'InProgress',
      startTime: '2026-11-03T10:00:00Z',
    });
    const result = new URL(answer?.location ?? '').pathname;
    expect(send('GET', result)).toMatchObject({ status: 202, headers: { location: expect.stringContaining(result) } });

    pass(180);
    expect(JSON.parse(send('GET', operation.pathname).body)).toMatchObject({
      status: 'Succeeded',
      endTime: '2026-11-03T10:03:00Z',
    });
    expect(send('GET', result)).toMatchObject({ status: 204, body: '' });
    const after = await client.agentPools.get(group, 'shop', 'system');
    expect(after).toMatchObject({ provisioningState: 'Succeeded', nodeImageVersion: newImage });
    expect(after.eTag).not.toBe(during.eTag);
    const profile = await client.agentPools.getUpgradeProfile(group, 'shop', 'system');
    expect(profile.recentlyUsedVersions).toMatchObject([{ nodeImageVersion: oldImage, orchestratorVersion: '1.34.2' }]);
  });

  it('has nothing to roll at the latest image, and none of an older one', async () => {
    const { client, simulator } = simulate([
      cluster('shop', { agentPoolProfiles: [pool('system', { nodeImageVersion: newImage })] }),
    ]);
    expect(await submitUpgrade(client, 'shop', 'system')).toMatchObject({ status: 200, url: undefined });
    expect(simulator.progress()).toEqual([]);
    expect(simulator.advance()).toEqual([]);
  });

  it.each([
    ['while the pool rolls', {}, 'apps - UpgradingNodeImageVersion'],
    [
      'while another pool is busy otherwise',
      { agentPoolProfiles: [pool('system', { provisioningState: 'Updating' }), pool('apps')] },
      'system - Updating',
    ],
    ['while the cluster is busy', { provisioningState: 'Upgrading' }, 'Upgrading'],
    ['on a stopped cluster', { powerState: { code: 'Stopped' } }, 'Stopped'],
    [
      'on a stopped pool',
      { agentPoolProfiles: [pool('apps', { powerState: { code: 'Stopped' } })] },
      'agent pool apps is in power state Stopped',
    ],
    ['on mode Machines', { agentPoolProfiles: [pool('apps', { mode: 'Machines' })] }, 'Machines'],
  ])('is refused %s', async (_, properties, message) => {
    const { client, simulator } = simulate([
      cluster('shop', { agentPoolProfiles: [pool('system'), pool('apps')], ...properties }),
    ]);
    if (message.startsWith('apps')) simulator.personUpgrades(clusterId('shop'), 'apps');
    await expect(submitUpgrade(client, 'shop', 'apps')).rejects.toMatchObject({
      statusCode: 409,
      code: 'OperationNotAllowed',
      message: expect.stringContaining(message),
    });
  });

  it.each([
    ["of AKS's own pools", { mode: 'ManagedSystem' }, 'ManagedSystem'],
    ['of availability sets', { type: 'AvailabilitySet' }, 'only for clusters with VMSS agentpools'],
  ])('%s is refused with 400, and so is the upgrade profile', async (_, fields, message) => {
    const { client } = simulate([cluster('shop', { agentPoolProfiles: [pool('system'), pool('apps', fields)] })]);
    const refusal = { statusCode: 400, code: 'BadRequest', message: expect.stringContaining(message) as unknown };
    await expect(submitUpgrade(client, 'shop', 'apps')).rejects.toMatchObject(refusal);
    await expect(client.agentPools.getUpgradeProfile('rg-shop', 'shop', 'apps')).rejects.toMatchObject(refusal);
  });

  it('is taken while another pool rolls: the Azure CLI starts one after the other', async () => {
    const { client, simulator } = simulate([cluster('shop', { agentPoolProfiles: [pool('system'), pool('apps')] })]);
    simulator.personUpgrades(clusterId('shop'), 'system');
    expect(await submitUpgrade(client, 'shop', 'apps')).toMatchObject({ status: 202 });
    expect(simulator.progress().map(({ nodePool }) => nodePool)).toEqual(['system', 'apps']);
  });

  it('is taken outside the maintenance window: ARM does not look at it', async () => {
    const { client } = simulate([cluster('shop', {}, { maintenanceConfigurations: [noonWindow] })]);
    expect(await submitUpgrade(client, 'shop', 'system')).toMatchObject({ status: 202 });
  });

  it('is throttled with a Retry-After that holds', async () => {
    const { client, pass } = simulate([cluster('shop')]);
    for (let request = 0; request < 60; request++) await client.agentPools.get(group, 'shop', 'system');
    await expect(submitUpgrade(client, 'shop', 'system')).rejects.toMatchObject({ statusCode: 429, code: 'Throttled' });
    pass(1);
    expect(await submitUpgrade(client, 'shop', 'system')).toMatchObject({ status: 202 });
  });

  it('can be aborted, which leaves the pool canceled and mixed', async () => {
    const { client, simulator, pass } = simulate([cluster('shop')]);
    const answer = await submitUpgrade(client, 'shop', 'system');
    pass(90);
    await client.agentPools.abortLatestOperation(group, 'shop', 'system').submitted();
    expect(await client.agentPools.get(group, 'shop', 'system')).toMatchObject({ provisioningState: 'Canceling' });
    pass(30);
    expect(await client.agentPools.get(group, 'shop', 'system')).toMatchObject({
      provisioningState: 'Canceled',
      nodeImageVersion: oldImage,
    });
    expect(simulator.nodes(clusterId('shop'), 'system')).toMatchObject([
      { nodeImageVersion: newImage, ready: true },
      { nodeImageVersion: oldImage, ready: true },
      { nodeImageVersion: oldImage, ready: true },
    ]);
    expect(
      JSON.parse(
        simulator.handle({
          method: 'GET',
          url: answer?.url ?? '',
          headers: { authorization: 'Bearer a token' },
        }).body,
      ),
    ).toMatchObject({ status: 'Canceled', error: { code: 'OperationCanceled' } });
    await expect(client.agentPools.abortLatestOperation(group, 'shop', 'system').submitted()).rejects.toMatchObject({
      statusCode: 409,
    });
    expect(await submitUpgrade(client, 'shop', 'system')).toMatchObject({ status: 202 });
  });
});

it('sends nothing for a caller that gave up', async () => {
  const { client } = simulate([cluster('shop')]);
  await expect(client.managedClusters.get(group, 'shop', { abortSignal: AbortSignal.abort() })).rejects.toMatchObject({
    name: 'AbortError',
  });
});
