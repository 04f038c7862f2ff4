// What the simulator shows beside AKS: resource groups, tenants, the cloud's endpoints, scale sets, quotas, subnets; and
// maintenance configurations as they are written.
import { describe, expect, it } from 'vitest';
import { cluster, clusterId, newImage, noonWindow, oldImage, pool, simulate, subscription } from './simulatorFleet.ts';

const shop = clusterId('shop');
const root = `/subscriptions/${subscription}`;
const nodes = `${root}/resourceGroups/MC_rg-shop_shop_westeurope/providers`;

type List<Item = Record<string, unknown>> = { value: Item[] };
const world = (...clusters: Parameters<typeof simulate>[0]) => {
  const simulated = simulate(clusters.length > 0 ? clusters : [cluster('shop')]);
  return {
    ...simulated,
    // The tests say what they expect of it.
    // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
    read: <T = List>(url: string): T => JSON.parse(simulated.send('GET', url).body) as T,
  };
};

describe('Azure Resource Manager', () => {
  it('shows the resource groups of clusters and of their nodes', () => {
    const { read, send } = world();
    expect(read(`${root}/resourcegroups`).value).toMatchObject([
      { name: 'rg-shop', location: 'westeurope' },
      { name: 'MC_rg-shop_shop_westeurope', managedBy: shop },
    ]);
    expect(send('GET', `${root}/resourceGroups/RG-SHOP`).status).toBe(200);
    expect(send('GET', `${root}/resourceGroups/none`).status).toBe(404);
  });

  it('shows the tenant', () => {
    expect(world().read('/tenants').value).toMatchObject([{ tenantId: expect.stringMatching(/^[0-9a-f-]{36}$/) }]);
  });

  it('tells anyone where the cloud is, in the old shape and the new', () => {
    const { simulator } = world();
    const endpoints = (version: string): unknown =>
      JSON.parse(
        simulator.handle({
          method: 'GET',
          url: `/metadata/endpoints?api-version=${version}`,
          headers: { host: 'localhost:8443' },
        }).body,
      );
    const authentication = { loginEndpoint: 'https://localhost:8443' };
    expect(endpoints('2015-01-01')).toMatchObject({ authentication });
    expect(endpoints('2022-09-01')).toMatchObject([{ resourceManager: 'https://localhost:8443', authentication }]);
  });
});

describe('scale sets', () => {
  it('show the image that each node really runs', () => {
    const { read, simulator, pass } = world();
    simulator.personUpgrades(shop, 'system');
    pass(60);
    const [scaleSet] = read<List<{ name: string }>>(`${nodes}/Microsoft.Compute/virtualMachineScaleSets`).value;
    expect(scaleSet).toMatchObject({ tags: { 'aks-managed-poolName': 'system' }, sku: { capacity: 3 } });
    const path = `${nodes}/Microsoft.Compute/virtualMachineScaleSets/${scaleSet?.name}`;
    expect(read(path)).toEqual(scaleSet);
    const image = (version: string) => ({
      id: expect.stringMatching(
        new RegExp(`/galleries/AKSUbuntu/images/2204gen2containerd/versions/${version.split('-').at(-1)}$`),
      ),
    });
    expect(read(`${path}/virtualMachines`).value).toMatchObject(
      [newImage, oldImage, oldImage].map((version, index) => ({
        instanceId: String(index),
        properties: {
          latestModelApplied: version === oldImage,
          osProfile: { computerName: simulator.nodes(shop, 'system')[index]?.name },
          storageProfile: { imageReference: image(version) },
        },
      })),
    );
  });

  it('that are not there are 404', () => {
    const { send } = world();
    expect(send('GET', `${nodes}/Microsoft.Compute/virtualMachineScaleSets/none`).status).toBe(404);
    expect(send('GET', `${nodes}/Microsoft.Network/virtualNetworks/none`).status).toBe(404);
    expect(send('GET', `${nodes}/Microsoft.Network/virtualNetworks/aks-vnet/subnets/none`).status).toBe(404);
  });
});

describe('a pool of type VirtualMachines', () => {
  const manual = [
    { size: 'Standard_D4s_v5', count: 2 },
    { size: 'Standard_E8s_v5', count: 1 },
  ];
  const shopOfMachines = () => {
    const { count: _, vmSize: __, ...rest } = pool('system');
    const machines = { type: 'VirtualMachines', virtualMachinesProfile: { scale: { manual } } };
    return world(
      cluster('shop', { agentPoolProfiles: [{ ...rest, ...machines, upgradeSettings: { maxSurge: '1' } }] }),
    );
  };

  it('has no count, no VM size and no scale set of its own making, but nodes by size and virtual machines', () => {
    const { read, simulator } = shopOfMachines();
    const [shown] = read<{ properties: { agentPoolProfiles: object[] } }>(shop).properties.agentPoolProfiles;
    expect(shown).toMatchObject({ count: null, vmSize: '', virtualMachineNodesStatus: manual });
    const compute = `${root}/resourceGroups/MC_rg-shop_shop_westeurope/providers/Microsoft.Compute`;
    expect(read<List<object>>(`${compute}/virtualMachineScaleSets`).value).toEqual([]);
    const machines = read<List<{ name: string }>>(`${compute}/virtualMachines`).value;
    expect(machines).toMatchObject([
      { name: expect.stringMatching(/^aks-system-[0-9a-f]{8}-vms1$/), tags: { 'aks-managed-poolName': 'system' } },
      { properties: { hardwareProfile: { vmSize: 'Standard_D4s_v5' } } },
      {
        type: 'Microsoft.Compute/virtualMachines',
        properties: {
          hardwareProfile: { vmSize: 'Standard_E8s_v5' },
          storageProfile: { imageReference: { id: expect.stringContaining('/images/2204gen2containerd/versions/') } },
        },
      },
    ]);
    expect(machines.map(({ name }) => name)).toEqual(simulator.nodes(shop, 'system').map(({ name }) => name));
  });

  it('counts in the quotas of each of its families, and surges nodes of the size that they stand in for', () => {
    const { read, simulator } = shopOfMachines();
    const cores = () =>
      read<List<{ name: { value: string }; currentValue: number }>>(
        `${root}/providers/Microsoft.Compute/locations/westeurope/usages`,
      ).value.map(({ name, currentValue }) => [name.value, currentValue]);
    expect(cores()).toEqual(
      expect.arrayContaining([
        ['standardDSv5Family', 8],
        ['standardESv5Family', 8],
        ['cores', 16],
      ]),
    );
    simulator.personUpgrades(shop, 'system');
    expect(cores()).toEqual(
      expect.arrayContaining([
        ['standardDSv5Family', 12],
        ['standardESv5Family', 8],
      ]),
    );
  });

  it('rolls node by node, whatever their sizes', () => {
    const { simulator, pass } = shopOfMachines();
    simulator.personUpgrades(shop, 'system');
    pass(179);
    expect(simulator.progress()).toMatchObject([{ nodesDone: 2, nodes: 3 }]);
    pass(1);
    expect(simulator.progress()).toEqual([]);
  });
});

describe('quotas', () => {
  const cores = (read: ReturnType<typeof world>['read']) =>
    Object.fromEntries(
      read<List<{ name: { value: string }; currentValue: number; limit: number }>>(
        `${root}/providers/Microsoft.Compute/locations/westeurope/usages`,
      ).value.map(({ name, currentValue, limit }) => [name.value, [currentValue, limit]]),
    );

  it('count the cores of running nodes by family, and of those that surge', () => {
    const { read, simulator } = world(
      cluster('shop'),
      cluster('other', { agentPoolProfiles: [pool('big', { count: 40, vmSize: 'Standard_E8as_v5' })] }),
      cluster('off', { powerState: { code: 'Stopped' } }),
      cluster('east', {}, { location: 'eastus' }),
    );
    expect(cores(read)).toEqual({
      cores: [332, 800],
      standardDSv5Family: [12, 100],
      standardEASv5Family: [320, 700],
      lowPriorityCores: [0, 100],
    });
    simulator.personUpgrades(shop, 'system');
    expect(cores(read)).toMatchObject({ standardDSv5Family: [16, 100] });
  });

  it('count no more surge nodes than the pool has nodes', () => {
    const { read, simulator } = world(
      cluster('shop', { agentPoolProfiles: [pool('system', { count: 2, upgradeSettings: { maxSurge: '9' } })] }),
    );
    simulator.personUpgrades(shop, 'system');
    expect(cores(read)).toMatchObject({ standardDSv5Family: [16, 100] });
  });

  it('count spot nodes of every family together, and not among the cores', () => {
    const spot = { scaleSetPriority: 'Spot', vmSize: 'Standard_E8as_v5', count: 2 };
    const { read } = world(cluster('shop', { agentPoolProfiles: [pool('system'), pool('spot', spot)] }));
    expect(cores(read)).toEqual({ cores: [12, 100], standardDSv5Family: [12, 100], lowPriorityCores: [16, 100] });
  });

  it('are of the families that sizes name', () => {
    const { read } = world(
      cluster('shop', { agentPoolProfiles: [pool('big', { vmSize: 'Standard_E8-4as_v5' })] }),
      cluster('east', {}, { location: 'East US' }),
    );
    type Sku = { resourceType: string; name: string; family?: string; locations: string[]; capabilities?: object[] };
    const skus = (query: string) => read<List<Sku>>(`${root}/providers/Microsoft.Compute/skus${query}`).value;
    const inWest = skus("?$filter=location%20eq%20'westeurope'");
    expect(inWest.find(({ name }) => name === 'Standard_E8-4as_v5')).toMatchObject({
      family: 'standardEASv5Family',
      capabilities: expect.arrayContaining([{ name: 'vCPUs', value: '8' }]),
    });
    expect(inWest.map(({ resourceType }) => resourceType)).toContain('disks');
    expect(new Set(inWest.flatMap(({ locations }) => locations))).toEqual(new Set(['westeurope']));
    expect(skus('')).toHaveLength(inWest.length * 2);
  });
});

describe('subnets', () => {
  const usages = (read: ReturnType<typeof world>['read'], network: string) =>
    read<List<{ id: string; currentValue: number; limit: number }>>(`${network}/usages`).value.map(
      ({ id, currentValue, limit }) => [id.split('/').at(-1), currentValue, limit],
    );

  it('that AKS made hold its nodes', () => {
    const { read } = world();
    const network = `${nodes}/Microsoft.Network/virtualNetworks/aks-vnet`;
    expect(usages(read, network)).toEqual([['aks-subnet', 3, 65531]]);
    expect(read(network)).toMatchObject({ location: 'westeurope', properties: { subnets: [{ name: 'aks-subnet' }] } });
    expect(read(`${nodes}/Microsoft.Network/virtualNetworks`).value).toEqual([read(network)]);
    expect(read(`${root}/resourceGroups/rg-shop/providers/Microsoft.Network/virtualNetworks`).value).toEqual([]);
  });

  it('of a flat network hold the pods too, where those have no subnet of their own', () => {
    const network = `${root}/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/hub`;
    const { read } = world(
      cluster('shop', {
        networkProfile: { networkPlugin: 'azure' },
        agentPoolProfiles: [
          pool('system', { vnetSubnetID: `${network}/subnets/one`, maxPods: 30 }),
          pool('apps', { vnetSubnetID: `${network}/subnets/two`, podSubnetID: `${network}/subnets/pods` }),
        ],
      }),
    );
    expect(usages(read, network)).toEqual([
      ['one', 93, 65531],
      ['two', 3, 65531],
      ['pods', 330, 65531],
    ]);
    expect(read(`${network}/subnets`).value).toEqual([
      read(`${network}/subnets/one`),
      expect.objectContaining({ name: 'two', properties: expect.objectContaining({ addressPrefix: '10.225.0.0/16' }) }),
      expect.objectContaining({ name: 'pods' }),
    ]);
  });
});

describe('a maintenance configuration', () => {
  const group = 'rg-shop';
  const { maintenanceWindow } = noonWindow.properties;

  it('is created, replaced and deleted through the SDK', async () => {
    const { client } = world();
    const { maintenanceConfigurations: api } = client;
    const write = (durationHours: number) =>
      api.createOrUpdate(group, 'shop', noonWindow.name.toLowerCase(), {
        maintenanceWindow: {
          schedule: { daily: { intervalDays: 1 } },
          durationHours,
          startTime: '12:00',
          startDate: new Date('2026-01-01T00:00:00Z'),
        },
      });
    expect(await write(4)).toMatchObject({ name: noonWindow.name, maintenanceWindow: { durationHours: 4 } });
    await write(8);
    expect(await api.get(group, 'shop', noonWindow.name)).toMatchObject({ maintenanceWindow: { durationHours: 8 } });
    await api.delete(group, 'shop', noonWindow.name);
    await expect(api.get(group, 'shop', noonWindow.name)).rejects.toMatchObject({ statusCode: 404 });
    await api.delete(group, 'shop', noonWindow.name);
  });

  const put = (name: string, body: unknown) =>
    world().simulator.handle({
      method: 'PUT',
      url: `${shop}/maintenanceConfigurations/${name}?api-version=2026-06-01`,
      headers: { authorization: 'Bearer a token' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  it.each([
    ['of another name', 'mine', { properties: { maintenanceWindow } }, 'parameter name'],
    ['without a window', noonWindow.name, { properties: {} }, 'parameter maintenanceWindow '],
    [
      'with a window that is too short',
      noonWindow.name,
      { properties: { maintenanceWindow: { ...maintenanceWindow, durationHours: 2 } } },
      'parameter maintenanceWindow.durationHours is invalid',
    ],
    ['default with a window', 'default', { properties: { maintenanceWindow } }, 'default configuration'],
    ['without properties', noonWindow.name, {}, '"properties"'],
    ['that is no JSON', noonWindow.name, '{', '"properties"'],
  ])('is refused %s', (_, name, body, message) => {
    const answer = put(name, body);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ error: { message: expect.stringContaining(message) } });
  });

  it('of AKS’s weekly releases is taken', () => {
    expect(put('default', { properties: { timeInWeek: [{ day: 'Monday', hourSlots: [1] }] } }).status).toBe(200);
  });
});
