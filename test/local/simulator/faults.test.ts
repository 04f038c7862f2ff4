// Faults on demand: requests, events and rolls that go wrong, by the clock and by the seed.
import { describe, expect, it } from 'vitest';
import { isNamed } from '../../../local/simulator/faults/armedFaults.ts';
import type { Fault } from '../../../local/simulator/faults/fault.ts';
import { cluster, clusterId, newImage, oldImage, pool, simulate, subscription } from './simulatorFleet.ts';

const shop = clusterId('shop');
const upgrade = `${shop}/agentPools/system/upgradeNodeImageVersion`;
const nextImage = 'AKSUbuntu-2204gen2containerd-202611.02.0';

type PoolBody = {
  readonly properties: {
    readonly provisioningState: string;
    readonly nodeImageVersion: string;
    readonly status?: { readonly provisioningError?: { readonly code: string; readonly message: string } };
  };
};

/** The shop with one pool of three nodes, a minute each, and faults. */
function run(...faults: readonly Fault[]) {
  const simulated = simulate([cluster('shop')]);
  for (const fault of faults) expect(simulated.inject(fault)).toBeUndefined();
  const { send, simulator } = simulated;
  return {
    ...simulated,
    pool: (): PoolBody['properties'] =>
      (JSON.parse(send('GET', `${shop}/agentPools/system`).body) as PoolBody).properties,
    images: () => simulator.nodes(shop, 'system').map(({ nodeImageVersion }) => nodeImageVersion),
    /** Runs for so long and tells each event when it comes. */
    events: (seconds: number) =>
      Array.from({ length: seconds }, (_, second) => {
        simulated.pass(1);
        return simulator
          .advance()
          .map(({ eventType }) => `${second + 1} ${eventType.split('.').at(-1)?.replace('NodePoolRolling', '')}`);
      }).flat(),
  };
}

describe('a request', () => {
  it('fails once, changes nothing, and works the next time', () => {
    const { send, simulator } = run({ kind: 'serverError', on: { method: 'post' } });
    expect(send('GET', shop).status).toBe(200);
    const refused = send('POST', upgrade);
    expect(refused.status).toBe(503);
    expect(JSON.parse(refused.body)).toMatchObject({ error: { code: 'ServiceUnavailable' } });
    expect(simulator.progress()).toEqual([]);
    expect(send('POST', upgrade).status).toBe(202);
  });

  it.each([
    [{ times: 3 }, 3],
    [{ share: 1 }, 10],
    [{ share: 1, times: 2 }, 2],
  ])('fails by %j %i times in ten', (often, failures) => {
    const { send } = run({ kind: 'serverError', status: 500, ...often });
    const statuses = Array.from({ length: 10 }, () => send('GET', shop).status);
    expect(statuses.filter((status) => status === 500)).toHaveLength(failures);
  });

  it('fails by a share, the same ones in every run of a seed', () => {
    const statuses = () => {
      const { send } = run({ kind: 'serverError', share: 0.5 });
      return Array.from({ length: 40 }, () => send('GET', shop).status);
    };
    const failures = statuses().filter((status) => status === 503).length;
    expect(failures).toBeGreaterThan(10);
    expect(failures).toBeLessThan(30);
    expect(statuses()).toEqual(statuses());
  });

  it('is throttled: refused with 429 and when to come again, and changes nothing', () => {
    const { send, simulator } = run({
      kind: 'throttled',
      on: { path: 'upgradeNode' },
      retryAfterSeconds: 40,
      times: 2,
    });
    expect(send('GET', shop).status).toBe(200);
    for (const time of [1, 2]) {
      const { status, headers, body } = send('POST', upgrade);
      expect([time, status, headers['retry-after']]).toEqual([time, 429, '40']);
      expect(JSON.parse(body)).toMatchObject({ error: { code: 'TooManyRequests' } });
    }
    expect(simulator.progress()).toEqual([]);
    expect(send('POST', upgrade).status).toBe(202);
  });

  it('is taken, and its answer is lost', () => {
    const { send, simulator } = run({ kind: 'lostAnswer', on: { path: 'UpgradeNodeImage' } });
    expect(send('POST', upgrade)).toMatchObject({ lost: true });
    expect(simulator.progress()).toHaveLength(1);
  });

  it('is taken, and a gateway answers', () => {
    const { send, simulator } = run({ kind: 'lostAnswer', on: { method: 'POST' }, status: 504 });
    expect(JSON.parse(send('POST', upgrade).body)).toMatchObject({ error: { code: 'GatewayTimeout' } });
    expect(simulator.progress()).toHaveLength(1);
  });

  it('that is refused has no answer to lose', () => {
    const { send, simulator } = run();
    simulator.personUpgrades(shop, 'system');
    simulator.inject({ kind: 'lostAnswer', on: { method: 'POST' } });
    expect(send('POST', upgrade).status).toBe(409);
    expect(simulator.faults()).toHaveLength(1);
  });

  it('is taken at once and answered late', () => {
    const { send, simulator } = run({ kind: 'slowAnswer', seconds: 40, on: { method: 'POST' } });
    expect(send('POST', upgrade)).toMatchObject({ status: 202, delaySeconds: 40 });
    expect(simulator.progress()).toHaveLength(1);
  });
});

describe('events', () => {
  it.each([
    ['come in order without a fault', [], ['1 Started', '180 Succeeded']],
    ['are lost', [{ kind: 'eventLost' }], ['180 Succeeded']],
    ['are lost, all of them', [{ kind: 'eventLost', times: 9 }], []],
    ['of other pools come', [{ kind: 'eventLost', nodePool: 'apps' }], ['1 Started', '180 Succeeded']],
    ['come twice', [{ kind: 'eventDoubled', cluster: 'shop' }], ['1 Started', '1 Started', '180 Succeeded']],
    ['come late', [{ kind: 'eventLate', seconds: 100 }], ['100 Started', '180 Succeeded']],
    ['come late, after others', [{ kind: 'eventLate', seconds: 200 }], ['180 Succeeded', '200 Started']],
    ['wait a minute for the next one', [{ kind: 'eventReordered' }], ['60 Started', '180 Succeeded']],
  ] satisfies [string, Fault[], string[]][])('%s', (_, faults, expected) => {
    const { events, simulator } = run(...faults);
    simulator.personUpgrades(shop, 'system');
    expect(events(300)).toEqual(expected);
  });

  it('change places', () => {
    const { simulator, pass } = simulate([cluster('shop'), cluster('other')]);
    simulator.inject({ kind: 'eventReordered' });
    simulator.personUpgrades(shop, 'system');
    pass(10);
    simulator.personUpgrades(clusterId('other'), 'system');
    expect(simulator.advance().map(({ subject }) => subject)).toEqual(['other', 'shop']);
  });
});

describe('a roll', () => {
  it('fails when a budget blocks its drain, and names it', () => {
    const { pool, pass, images, events, send, simulator } = run({
      kind: 'drainBlocked',
      cluster: 'shop',
      nodePool: 'system',
      podDisruptionBudget: 'shop/checkout',
      afterNodes: 1,
      seconds: 90,
    });
    const operation = send('POST', upgrade).headers['azure-asyncoperation'] ?? '';
    expect(events(149)).toEqual(['1 Started']);
    expect(events(1)).toEqual(['1 Failed']);
    const error = { code: 'PodDrainFailure', message: expect.stringContaining('blocked by pdb shop/checkout') };
    expect(pool()).toMatchObject({
      provisioningState: 'Failed',
      nodeImageVersion: oldImage,
      status: { provisioningError: error },
    });
    expect(JSON.parse(send('GET', new URL(operation).pathname).body)).toMatchObject({ status: 'Failed', error });
    expect(images()).toEqual([newImage, oldImage, oldImage]);
    simulator.personUpgrades(shop, 'system');
    pass(180);
    expect(pool().provisioningState).toBe('Succeeded');
    expect(pool().status).toBeUndefined();
  });

  it('fails where a new node never joins, with the exit code of vmssCSE', () => {
    const { pool, events, images, send } = run({
      kind: 'nodesNotJoined',
      cluster: 'shop',
      nodePool: 'system',
      exitCode: 51,
      afterNodes: 1,
    });
    send('POST', upgrade);
    expect(events(120)).toEqual(['1 Started', '120 Failed']);
    expect(pool()).toMatchObject({
      provisioningState: 'Failed',
      status: {
        provisioningError: {
          code: 'VMExtensionProvisioningError',
          message: expect.stringContaining("extension 'vmssCSE'") as unknown,
        },
      },
    });
    expect(pool().status?.provisioningError?.message).toContain('exit status=51');
    expect(images()).toEqual([newImage, oldImage, oldImage]);
  });

  it('tries a drain for as long as the pool says, half an hour by default', () => {
    const blocked = (upgradeSettings: { readonly drainTimeoutInMinutes?: number }) => {
      const { simulator, pass, inject } = simulate([
        cluster('shop', { agentPoolProfiles: [pool('system', { upgradeSettings })] }),
      ]);
      inject({ kind: 'drainBlocked', cluster: shop, nodePool: 'system', podDisruptionBudget: 'shop/checkout' });
      simulator.personUpgrades(shop, 'system');
      let minutes = 0;
      for (; simulator.progress().length > 0; minutes++) pass(60);
      return minutes;
    };
    expect([blocked({}), blocked({ drainTimeoutInMinutes: 5 })]).toEqual([30, 5]);
  });

  it.each([
    ['surgeWithoutQuota', 'QuotaExceeded', 'standardDSv5Family'],
    ['subnetFull', 'SubnetIsFull', 'aks-subnet'],
  ] as const)('fails with %s, until that is over', (kind, code, named) => {
    const { pool, pass, simulator, inject } = run({ kind, cluster: 'shop', nodePool: 'system' });
    simulator.personUpgrades(shop, 'system');
    pass(60);
    expect(pool()).toMatchObject({
      provisioningState: 'Failed',
      status: { provisioningError: { code, message: expect.stringContaining(named) } },
    });
    inject({ kind: 'clear', of: kind });
    expect(simulator.personUpgrades(shop, 'system')).toBe(true);
    pass(180);
    expect(pool().provisioningState).toBe('Succeeded');
  });

  it('needs no room where it makes nodes unavailable instead', () => {
    const upgradeSettings = { maxSurge: '0', maxUnavailable: '1' };
    const { simulator, pass, inject } = simulate([
      cluster('shop', { agentPoolProfiles: [pool('system', { upgradeSettings })] }),
    ]);
    inject({ kind: 'surgeWithoutQuota', cluster: 'shop', nodePool: 'system' });
    simulator.personUpgrades(shop, 'system');
    pass(180);
    expect(simulator.nodes(shop, 'system')[2]?.nodeImageVersion).toBe(newImage);
  });

  it('shows the used-up quota and the full subnet to whoever asks before', () => {
    const { read } = (() => {
      const { send } = run(
        { kind: 'surgeWithoutQuota', cluster: 'shop', nodePool: 'system' },
        { kind: 'subnetFull', cluster: 'shop', nodePool: 'system' },
      );
      return { read: (url: string): { value: object[] } => JSON.parse(send('GET', url).body) };
    })();
    const root = `/subscriptions/${subscription}`;
    expect(read(`${root}/providers/Microsoft.Compute/locations/westeurope/usages`).value[1]).toMatchObject({
      currentValue: 100,
      limit: 100,
    });
    const network = `${root}/resourceGroups/MC_rg-shop_shop_westeurope/providers/Microsoft.Network/virtualNetworks/aks-vnet`;
    expect(read(`${network}/usages`).value).toMatchObject([{ currentValue: 65531, limit: 65531 }]);
  });

  it('lets the field lead its nodes from the start, and leave some behind', () => {
    const { pool, pass, images, simulator } = run({
      kind: 'nodesBehind',
      cluster: 'shop',
      nodePool: 'system',
      nodes: 1,
    });
    simulator.personUpgrades(shop, 'system');
    expect(pool()).toMatchObject({ provisioningState: 'UpgradingNodeImageVersion', nodeImageVersion: newImage });
    expect(images()).toEqual([oldImage, oldImage, oldImage]);
    pass(180);
    expect(pool()).toMatchObject({ provisioningState: 'Succeeded', nodeImageVersion: newImage });
    expect(images()).toEqual([newImage, newImage, oldImage]);
  });

  it('ends on the image it began with when another comes out meanwhile', () => {
    const { pass, images, simulator, send } = run({
      kind: 'releaseDuringRoll',
      cluster: 'shop',
      nodePool: 'system',
      nodeImageVersion: nextImage,
    });
    const latest = () => JSON.parse(send('GET', `${shop}/agentPools/system/upgradeProfiles/default`).body) as object;
    simulator.personUpgrades(shop, 'system');
    pass(59);
    expect(latest()).toMatchObject({ properties: { latestNodeImageVersion: newImage } });
    pass(1);
    expect(latest()).toMatchObject({ properties: { latestNodeImageVersion: nextImage } });
    pass(120);
    expect(images()).toEqual([newImage, newImage, newImage]);
  });
});

describe('a fault', () => {
  it('waits for its time, and clocks that jump know it', () => {
    const { simulator, pass } = run({ kind: 'release', nodeImageVersion: nextImage, when: 'PT10M' });
    expect(simulator.nextChangeAt()?.toString()).toBe('2026-11-03T10:10:00Z');
    pass(599);
    expect(simulator.notes()).toEqual([]);
    pass(1);
    expect(simulator.notes()).toEqual([`${nextImage} is out.`]);
    expect(simulator.nextChangeAt()).toBeUndefined();
  });

  it('is cleared with all others, or with those of its kind', () => {
    const { simulator, inject } = run({ kind: 'eventLost' }, { kind: 'serverError' });
    inject({ kind: 'clear', of: 'eventLost' });
    expect(simulator.faults()).toEqual([{ kind: 'serverError' }]);
    inject({ kind: 'clear' });
    expect(simulator.faults()).toEqual([]);
  });

  it.each([
    [
      { kind: 'person', does: 'stop', cluster: 'nowhere' },
      { field: 'cluster', found: 'nowhere' },
    ],
    [
      { kind: 'person', does: 'stop', cluster: 'shop', nodePool: 'x' },
      { field: 'nodePool', found: 'x' },
    ],
    [
      { kind: 'clear', when: 'soon' },
      { field: 'when', found: 'soon' },
    ],
  ] satisfies [Fault, object][])('that can’t happen is refused: %j', (fault, problem) => {
    expect(simulate([cluster('shop')]).inject(fault)).toMatchObject(problem);
  });

  it.each([
    ['shop', true],
    ['SHOP', true],
    [shop.toUpperCase(), true],
    ['hop', false],
  ])('that names %s means the shop: %s', (word, expected) => {
    expect(isNamed(word, shop)).toBe(expected);
  });
});
