import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createHttpClient } from '../../../local/simulator/httpClient.ts';
import { createArm } from '../../../shared/adapters/arm/arm.ts';
import type { Cluster } from '../../../shared/domain/cluster/cluster.ts';
import { credential } from '../../credential.ts';
import { clusterId, clusterIdOf, subscription } from '../../usecases/fleets.ts';
import { fullCluster } from './fullCluster.ts';

type Path = readonly (string | number)[];

const healthy = { ...structuredClone(fullCluster), id: clusterIdOf('healthy'), name: 'healthy' };

/** What ARM shows: a list, whose first cluster is the one that can be got. A client is dear to make, so there is one. */
let clusters: readonly unknown[] = [];
const arm = createArm({
  credential,
  endpoint: 'https://management.azure.com',
  httpClient: createHttpClient(({ url }) => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(url.includes(`${clusterId}?`) ? clusters[0] : { value: clusters }),
  })),
});

async function shown(json: unknown) {
  clusters = [json, healthy];
  return { listed: await arm.listClusters(subscription), got: (await arm.getCluster(clusterId))?.cluster };
}

function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  const own = path.length > 0 ? [path] : [];
  if (typeof value !== 'object' || value === null) return own;
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [...own, ...keys.flatMap((key) => pathsOf((value as Record<string | number, unknown>)[key], [...path, key]))];
}

/** The full cluster with another value at the path; `undefined`: without it. */
function changed(path: Path, value: unknown): unknown {
  const copy = structuredClone(fullCluster);
  const parent = path.slice(0, -1).reduce((at: unknown, key) => (at as Record<string | number, unknown>)[key], copy);
  (parent as Record<string | number, unknown>)[path.at(-1) as string] = value;
  return copy;
}

function valueAt(path: Path): unknown {
  return path.reduce((at: unknown, key) => (at as Record<string | number, unknown>)[key], fullCluster);
}

const kindOf = (value: unknown) => (Array.isArray(value) ? 'list' : typeof value);
const problemsOf = ({ problem, nodePools }: Cluster) =>
  [problem, ...nodePools.map((pool) => pool.problem)].filter((one) => one !== undefined);

const paths = pathsOf(fullCluster);
const names = paths.map((path) => path.join('.'));
const baseline = await shown(fullCluster);
const [, theHealthy] = baseline.listed;

describe('any field of a cluster that ARM gives as null, blank or of a wrong kind', { timeout: 60_000 }, () => {
  it('is read whole where nothing is wrong', () => {
    expect(baseline.got).toEqual(baseline.listed[0]);
    expect(baseline.listed.map(({ id }) => id)).toEqual([clusterId, healthy.id]);
    expect(baseline.listed.flatMap(problemsOf)).toEqual([]);
    expect(baseline.got).toMatchObject({
      resourceUid: '65a0f3d2c1b4e50001a7c9d8',
      tags: { ring: 'early', empty: '' },
      upgradeChannel: 'patch',
      nodePools: [
        { name: 'system', count: 3, autoscaler: { min: 1, max: 5 }, error: { code: 'QuotaExceeded' } },
        { name: 'apps', autoscaler: undefined, maxSurge: '33%', maxPods: 30 },
      ],
    });
    expect(paths.length).toBeGreaterThan(150);
  });

  it('never loses the list: the cluster beside it is unchanged, and it stays under its id', async () => {
    for (const path of paths) {
      for (const value of [null, ' ', 'text', -1.5, {}, [null]]) {
        const { listed, got } = await shown(changed(path, value));
        expect(listed.at(-1), path.join('.')).toEqual(theHealthy);
        // Without its id nobody can tell which cluster of a list it is; one that was asked for is the one asked for.
        expect(listed.length, path.join('.')).toBe(path[0] === 'id' ? 1 : 2);
        expect(got?.id).toBe(clusterId);
        if (path[0] !== 'id') expect(got).toEqual(listed[0]);
      }
    }
  });

  it('null and blank are absent', async () => {
    for (const [index, path] of paths.entries()) {
      // An item of a list is there or it is not.
      if (typeof path.at(-1) === 'number') continue;
      const absent = await shown(changed(path, undefined));
      expect(await shown(changed(path, null)), names[index]).toEqual(absent);
      // A tag may well be blank.
      if (path[0] !== 'tags') expect(await shown(changed(path, '')), names[index]).toEqual(absent);
    }
  });

  it('of a wrong kind it is never taken for absent: it changes nothing, or is named as a problem', async () => {
    const isTold: string[] = [];
    for (const [index, path] of paths.entries()) {
      const others = ['text', 7, true, { x: 1 }, ['x']].filter((value) => kindOf(value) !== kindOf(valueAt(path)));
      for (const value of others) {
        const { got } = await shown(changed(path, value));
        if (!got || path[0] === 'id' || path.includes('provisioningError') || path.includes('status')) continue;
        const problems = problemsOf(got);
        if (problems.length === 0) expect(got, names[index]).toEqual(baseline.got);
        else isTold.push(names[index] ?? '');
      }
    }
    expect([...new Set(isTold)]).toEqual(
      expect.arrayContaining([
        'location',
        'tags',
        'tags.ring',
        'sku.name',
        'properties.provisioningState',
        'properties.powerState',
        'properties.agentPoolProfiles',
        'properties.agentPoolProfiles.0',
        'properties.agentPoolProfiles.0.name',
        'properties.agentPoolProfiles.0.count',
        'properties.agentPoolProfiles.0.vmSize',
        'properties.agentPoolProfiles.0.maxPods',
        'properties.agentPoolProfiles.0.nodeImageVersion',
        'properties.agentPoolProfiles.0.upgradeSettings',
        'properties.agentPoolProfiles.0.upgradeSettings.maxSurge',
        'properties.autoUpgradeProfile.nodeOSUpgradeChannel',
        'properties.networkProfile.networkPluginMode',
        'properties.resourceUID',
      ]),
    );
  });

  it.each<[string, object, number | undefined]>([
    ['no count', { count: null, virtualMachineNodesStatus: null }, undefined],
    ['a count below zero', { count: -1, virtualMachineNodesStatus: null }, undefined],
    ['half a node', { count: 1.5, virtualMachineNodesStatus: null }, undefined],
    [
      'a pool by size that is to have another number of nodes',
      { count: null, virtualMachineNodesStatus: [{ count: 60 }] },
      undefined,
    ],
    ['a pool by size that counts none', { count: 0, virtualMachineNodesStatus: [{ count: 60 }] }, undefined],
    ['a pool by size, one of them not counted', { count: 3, virtualMachineNodesStatus: [{ count: null }] }, undefined],
    [
      'a pool by size that is not counted',
      { count: 0, type: 'VirtualMachines', virtualMachineNodesStatus: null, virtualMachinesProfile: null },
      undefined,
    ],
    ['a pool by size that agrees', { count: 5, virtualMachineNodesStatus: [{ count: 2 }, { count: 3 }] }, 5],
    ['a scale set with an empty list of sizes', { count: 3, virtualMachineNodesStatus: [] }, 3],
    ['no nodes', { count: 0, virtualMachineNodesStatus: null }, 0],
  ])('the nodes of a pool are counted or not known: %s', async (_what, fields, count) => {
    const [pool] = fullCluster.properties.agentPoolProfiles;
    const { got } = await shown(changed(['properties', 'agentPoolProfiles', 0], { ...pool, ...fields }));
    expect(got?.nodePools[0]?.count).toBe(count);
  });

  const ofMachines = { type: 'VirtualMachines', count: null, vmSize: '', enableAutoScaling: null };
  const [d2, d4, d8] = ['Standard_D2as_v5', 'Standard_D4s_v5', 'Standard_D8s_v5'];
  const manual = (...nodes: object[]) => ({ virtualMachinesProfile: { scale: { manual: nodes } } });
  const status = (...nodes: object[]) => ({ virtualMachineNodesStatus: nodes });
  it.each<[string, object, object]>([
    [
      'as recorded: one size, no count, and a vmSize of ""',
      { ...manual({ size: d2, count: 1 }), ...status({ size: d2, count: 1 }) },
      { count: 1, nodesBySize: [{ size: d2, count: 1 }], vmSize: undefined },
    ],
    [
      'several sizes',
      {
        ...manual({ size: d4, count: 2 }, { size: d8, count: 3 }),
        ...status({ size: d8, count: 3 }, { size: d4, count: 2 }),
      },
      {
        count: 5,
        nodesBySize: [
          { size: d8, count: 3 },
          { size: d4, count: 2 },
        ],
      },
    ],
    [
      'no status yet: what it is to have',
      { ...manual({ size: d4, count: 2 }), virtualMachineNodesStatus: null },
      { count: 2, nodesBySize: [{ size: d4, count: 2 }] },
    ],
    [
      'scaled by the autoscaler, size by size',
      {
        virtualMachinesProfile: {
          scale: {
            autoscale: [
              { size: d4, minCount: 1, maxCount: 5 },
              { size: d8, minCount: 0, maxCount: 3 },
            ],
          },
        },
        ...status({ size: d4, count: 4 }),
      },
      { count: 4, autoscaler: { min: 1, max: 8 } },
    ],
    [
      'a count of 0, which is none',
      { count: 0, ...manual({ size: d4, count: 2 }), ...status({ size: d4, count: 2 }) },
      { count: 2, problem: undefined },
    ],
    [
      'fewer run than it is to have',
      { ...manual({ size: d4, count: 3 }), ...status({ size: d4, count: 2 }) },
      { count: undefined, problem: undefined },
    ],
    [
      'one size is not counted',
      { ...manual(), ...status({ size: d4, count: 2 }, { size: d8, count: null }) },
      { count: undefined },
    ],
    [
      'a count of another kind',
      status({ size: d4, count: '2' }),
      { count: undefined, problem: expect.stringContaining('[0].count') },
    ],
    [
      'neither',
      { virtualMachinesProfile: null, virtualMachineNodesStatus: null },
      { count: undefined, nodesBySize: undefined },
    ],
  ])('a pool of type VirtualMachines: %s', async (_what, fields, expected) => {
    const [pool] = fullCluster.properties.agentPoolProfiles;
    const json = { ...pool, virtualMachinesProfile: null, ...ofMachines, ...fields };
    const { got } = await shown(changed(['properties', 'agentPoolProfiles', 0], json));
    expect(got?.nodePools[0]).toMatchObject(expected);
  });

  it.each<[string, object, object]>([
    ['null', { maxSurge: null, maxUnavailable: null, nodeSoakDurationInMinutes: null }, {}],
    [
      'as text and number',
      { maxSurge: '0', maxUnavailable: '10', nodeSoakDurationInMinutes: 30 },
      { maxUnavailable: '10', nodeSoakMinutes: 30 },
    ],
    [
      'a soak of another kind',
      { nodeSoakDurationInMinutes: '30' },
      { problem: expect.stringContaining('nodeSoakDurationInMinutes') },
    ],
    ['maxUnavailable of another kind', { maxUnavailable: 10 }, { problem: expect.stringContaining('maxUnavailable') }],
  ])('upgradeSettings that are %s', async (_what, upgradeSettings, expected) => {
    const [pool] = fullCluster.properties.agentPoolProfiles;
    const { got } = await shown(changed(['properties', 'agentPoolProfiles', 0], { ...pool, upgradeSettings }));
    const none = { maxUnavailable: undefined, nodeSoakMinutes: undefined, problem: undefined };
    expect(got?.nodePools[0]).toMatchObject({ ...none, ...expected });
  });

  it('pools that can’t be named leave the others, and are told of', async () => {
    const [system] = fullCluster.properties.agentPoolProfiles;
    const { got } = await shown(
      changed(['properties', 'agentPoolProfiles'], [null, system, { name: null }, { name: 'a/b' }]),
    );
    expect(got).toMatchObject({ hasUnreadPools: true, nodePools: [{ name: 'system', problem: undefined }] });
    expect(got?.problem).toMatch(/agentPoolProfiles\[0\].*\[2\].*\[3\]/);
  });

  it('a pool that is there twice is one, and told of', async () => {
    const [system] = fullCluster.properties.agentPoolProfiles;
    const twice = [system, { ...system, name: 'System', nodeImageVersion: 'another' }];
    const { got } = await shown(changed(['properties', 'agentPoolProfiles'], twice));
    expect(got?.nodePools).toEqual([baseline.got?.nodePools[0]]);
    expect(got?.problem).toBe('properties.agentPoolProfiles has pool System twice');
  });

  it('an id that storage could not keep is no id', async () => {
    for (const id of [`${clusterId}#?`, `${clusterId}${'x'.repeat(2000)}`, `${clusterId}/agentPools/apps`, 'shop']) {
      expect((await shown(changed(['id'], id))).listed).toEqual([theHealthy]);
    }
  });
});

describe('other answers of ARM with nulls', () => {
  const answering = (status: number, body: unknown, headers: Record<string, string> = {}) =>
    createArm({
      credential,
      endpoint: 'https://management.azure.com',
      httpClient: createHttpClient(() => ({
        status,
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      })),
    });
  const profile = (body: unknown) => answering(200, body).getUpgradeProfile(clusterId, 'apps');

  it.each([
    [{}],
    [{ properties: null }],
    [{ properties: { latestNodeImageVersion: null } }],
    [{ properties: { latestNodeImageVersion: '', upgrades: {}, recentlyUsedVersions: [null] } }],
  ])('an upgrade profile without a latest image: %o', async (body) => {
    expect(await profile(body)).toEqual({ latest: undefined, ranBefore: [] });
  });

  it.each<[unknown, readonly string[]]>([
    [[{ nodeImageVersion: 'a', orchestratorVersion: '1.34.2' }, null, 'b', { nodeImageVersion: 7 }], ['a']],
    [{ nodeImageVersion: 'a' }, []],
  ])('what can’t be read of recentlyUsedVersions %j hides nothing else', async (recentlyUsedVersions, ranBefore) => {
    const body = { properties: { latestNodeImageVersion: 'new', recentlyUsedVersions } };
    expect(await profile(body)).toEqual({ latest: 'new', ranBefore });
  });

  it('a latest image that is no text is an error that names it', async () => {
    await expect(profile({ properties: { latestNodeImageVersion: 7 } })).rejects.toMatchObject({
      name: 'ArmError',
      code: 'UnexpectedAnswer',
      answer: expect.stringContaining('latestNodeImageVersion is 7, not text'),
    });
  });

  it.each([null, {}, { name: null }, { name: '' }, 'x', { name: 7, properties: { maintenanceWindow: [] } }])(
    'a maintenance configuration without a name may be the one that counts: %j',
    async (item) => {
      const listing = answering(200, { value: [{ name: 'default' }, item] }).listMaintenanceConfigurations(clusterId);
      await expect(listing).rejects.toMatchObject({ name: 'ArmError', code: 'UnexpectedAnswer' });
    },
  );

  it.each([
    [{ error: null }, 'Unknown'],
    [{ error: { code: null, message: null, details: {} } }, 'Unknown'],
    [{ error: { code: { x: 1 }, message: 7, details: [null] } }, 'Unknown'],
    [{ error: { code: 'Throttled', message: null, additionalInfo: {} } }, 'Throttled'],
    [null, 'Unknown'],
  ])('an error whose body is %o is an ArmError with its status', async (body, code) => {
    const arm = answering(429, body, { 'retry-after': '7' });
    const expected = { name: 'ArmError', status: 429, code, retryAfterSeconds: 7 };
    await expect(arm.getCluster(clusterId)).rejects.toMatchObject(expected);
    await expect(arm.listClusters('s')).rejects.toMatchObject(expected);
    expect(await answering(404, body).getCluster(clusterId)).toBeUndefined();
    expect(await arm.startNodeImageUpgrade(clusterId, 'apps', randomUUID())).toMatchObject({
      kind: 'refused',
      status: 429,
    });
  });

  it('a Retry-After without a number is no time, least of all none', async () => {
    const error = await answering(429, {}, { 'retry-after': '' })
      .getCluster(clusterId)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ status: 429, retryAfterSeconds: undefined });
  });

  it.each([
    [{ status: null }, 'unknown'],
    [{ status: null, id: '/operations/1' }, 'unknown'],
    [{ status: 7 }, 'unknown'],
    [{}, 'unknown'],
    [null, 'unknown'],
    [[], 'unknown'],
    [{ id: clusterId, name: 'shop' }, 'succeeded'],
  ])('an operation that answers %o is %s', async (body, expected) => {
    const url = 'https://management.azure.com/subscriptions/s/providers/x/operations/1';
    expect(await answering(200, body).getOperation(url)).toBe(expected);
  });
});
