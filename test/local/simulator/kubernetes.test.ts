import { describe, expect, it } from 'vitest';
import { cluster, clusterId, pool, simulate } from './simulatorFleet.ts';

const shop = clusterId('shop');
const base = 'https://management.azure.com/kubernetes/11111111-2222-4333-8444-555555555555/rg-shop/shop';
const checkout = { namespace: 'shop', name: 'checkout', disruptionsAllowed: 0, matchLabels: { app: 'checkout' } };
const checkoutPod = { namespace: 'shop', name: 'checkout-0', nodePool: 'system', labels: { app: 'checkout' } };

function ask({ simulator }: ReturnType<typeof simulate>, path: string) {
  const answer = simulator.handle({
    method: 'GET',
    url: base + path,
    headers: { authorization: 'Bearer x' },
  });
  return { ...answer, json: answer.body === '' ? undefined : JSON.parse(answer.body) };
}

const budgets = (world: ReturnType<typeof simulate>) =>
  ask(world, '/apis/policy/v1/poddisruptionbudgets').json.items as { readonly status: object }[];

describe('the Kubernetes API of a cluster', () => {
  it('shows the fault drainBlocked as a budget without disruptions, while it waits and while it blocks', () => {
    const world = simulate([cluster('shop')]);
    expect(budgets(world)).toEqual([]);
    world.simulator.inject({ kind: 'drainBlocked', cluster: 'shop', nodePool: 'system', podDisruptionBudget: 'a/b' });
    const blocked = [{ metadata: { namespace: 'a', name: 'b' }, status: { disruptionsAllowed: 0 } }];
    expect(budgets(world)).toMatchObject(blocked);
    world.simulator.personUpgrades(shop, 'system');
    expect(budgets(world)).toMatchObject(blocked);
    expect(ask(world, '/api/v1/pods').json.items).toMatchObject([{ metadata: { name: 'b-0', labels: { app: 'b' } } }]);
    world.pass(31 * 60);
    expect(budgets(world)).toEqual([]);
  });

  it('lets a budget of the fleet block the drain of the pools that its pods are on, and of no other', () => {
    const agentPoolProfiles = [pool('system'), pool('apps')];
    const kubernetes = { pods: [checkoutPod], podDisruptionBudgets: [checkout] };
    const world = simulate([cluster('shop', { agentPoolProfiles }, { kubernetes })]);
    world.simulator.personUpgrades(shop, 'system');
    world.simulator.personUpgrades(shop, 'apps');
    world.pass(2 * 3600);
    const states = world.simulator
      .world()
      .clusters[0]?.pools.map(({ profile }) => [profile.provisioningState, profile['status']]);
    expect(states).toMatchObject([
      ['Failed', { provisioningError: { code: 'PodDrainFailure', message: expect.stringContaining('shop/checkout') } }],
      ['Succeeded', undefined],
    ]);
  });

  it('gives lists in pages', () => {
    const world = simulate([cluster('shop')]);
    const first = ask(world, '/api/v1/nodes?limit=2').json;
    expect([first.items.length, first.metadata.continue]).toEqual([2, '2']);
    const second = ask(world, '/api/v1/nodes?limit=2&continue=2').json;
    expect([second.items.length, second.metadata.continue]).toEqual([1, undefined]);
  });

  it('asks for a token, and answers as an API server does', () => {
    const world = simulate([cluster('shop')]);
    const { simulator } = world;
    const anonymous = simulator.handle({ method: 'GET', url: `${base}/api/v1/nodes`, headers: {} });
    expect([anonymous.status, JSON.parse(anonymous.body)]).toMatchObject([401, { kind: 'Status', code: 401 }]);
    expect(ask(world, '/api/v1/secrets').json).toMatchObject({ kind: 'Status', code: 404 });
  });

  it.each([
    ['a private cluster', { apiServerAccessProfile: { enablePrivateCluster: true } }],
    ['a stopped one', { powerState: { code: 'Stopped' } }],
  ])('answers nobody: %s', (_what, properties) => {
    expect(ask(simulate([cluster('shop', properties)]), '/api/v1/nodes').lost).toBe(true);
  });
});
