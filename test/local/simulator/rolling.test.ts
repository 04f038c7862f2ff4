// Time in the simulator: rolls in batches, events, AKS's own upgrades, and clocks that jump.
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { createSimulator } from '../../../local/simulator/simulator.ts';
import { cluster, clusterId, newImage, noonWindow, oldImage, pool, simulate } from './simulatorFleet.ts';

const shop = clusterId('shop');
const kindOf = (eventType: string) => eventType.replace('Microsoft.ContainerService.NodePoolRolling', '');

describe('a roll', () => {
  it.each([
    [undefined, 3, 3],
    [undefined, 11, 6],
    ['1', 4, 4],
    ['33%', 5, 3],
    ['50%', 3, 2],
    ['100%', 3, 1],
    ['5', 3, 1],
    ['0', 3, 3],
    [undefined, 0, 1],
  ])('with maxSurge %s takes %i nodes in %i batches', (maxSurge, count, batches) => {
    const upgradeSettings = maxSurge === undefined ? {} : { maxSurge };
    const { simulator, pass } = simulate([
      cluster('shop', { agentPoolProfiles: [pool('system', { count, upgradeSettings })] }),
    ]);
    simulator.personUpgrades(shop, 'system');
    pass(batches * 60 - 1);
    expect(simulator.progress()).toHaveLength(1);
    pass(1);
    expect(simulator.progress()).toEqual([]);
  });

  it('takes maxUnavailable nodes at a time where there is no surge', () => {
    const upgradeSettings = { maxSurge: '0', maxUnavailable: '2' };
    const { simulator, pass } = simulate([
      cluster('shop', { agentPoolProfiles: [pool('system', { count: 4, upgradeSettings })] }),
    ]);
    simulator.personUpgrades(shop, 'system');
    pass(120);
    expect(simulator.progress()).toEqual([]);
  });

  it('waits the node soak in every batch', () => {
    const upgradeSettings = { maxSurge: '1', nodeSoakDurationInMinutes: 30 };
    const { simulator, pass } = simulate([
      cluster('shop', { agentPoolProfiles: [pool('system', { count: 10, upgradeSettings })] }),
    ]);
    simulator.personUpgrades(shop, 'system');
    pass(10 * (60 + 30 * 60) - 1);
    expect(simulator.progress()).toMatchObject([{ nodesDone: 9 }]);
    pass(1);
    expect(simulator.progress()).toEqual([]);
  });

  it('shows how far it is, node by node', () => {
    const { simulator, pass } = simulate([cluster('shop')]);
    simulator.personUpgrades(shop, 'system');
    pass(60);
    expect(simulator.progress()).toEqual([
      {
        cluster: shop,
        nodePool: 'system',
        nodesDone: 1,
        nodes: 3,
        from: oldImage,
        to: newImage,
        startedAt: Temporal.Instant.from('2026-11-03T10:00:00Z'),
      },
    ]);
    const size = 'Standard_D4s_v5';
    expect(simulator.nodes(shop, 'system')).toEqual([
      {
        name: expect.stringMatching(/^aks-system-[0-9a-f]{8}-vmss000000$/),
        size,
        nodeImageVersion: newImage,
        ready: true,
      },
      { name: expect.stringMatching(/vmss000001$/), size, nodeImageVersion: oldImage, ready: false },
      { name: expect.stringMatching(/vmss000002$/), size, nodeImageVersion: oldImage, ready: true },
    ]);
  });

  it('ends on the image that was the latest when it began', () => {
    const { simulator, pass } = simulate([cluster('shop')]);
    simulator.personUpgrades(shop, 'system');
    simulator.release('AKSUbuntu-2204gen2containerd-202611.02.0');
    pass(600);
    expect(simulator.nodes(shop, 'system').map(({ nodeImageVersion }) => nodeImageVersion)).toEqual(
      Array.from({ length: 3 }, () => newImage),
    );
    expect(simulator.personUpgrades(shop, 'system')).toBe(true);
  });

  it('does not start twice', () => {
    const { simulator } = simulate([cluster('shop')]);
    expect(simulator.personUpgrades(shop, 'system')).toBe(true);
    expect(simulator.personUpgrades(shop, 'system')).toBe(false);
    expect(() => simulator.personUpgrades(shop, 'nowhere')).toThrow('no pool "nowhere"');
  });
});

describe('events', () => {
  it('come as Azure documents them, once, with the time at which it happened', () => {
    const { simulator, pass } = simulate([cluster('Shop')]);
    simulator.personUpgrades(shop, 'system');
    pass(3600);
    const events = simulator.advance();
    expect(events).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{40}$/),
        topic: shop.toLowerCase(),
        subject: 'Shop',
        eventType: 'Microsoft.ContainerService.NodePoolRollingStarted',
        eventTime: '2026-11-03T10:00:00.0000000Z',
        data: { nodePoolName: 'system' },
        dataVersion: '1.0',
        metadataVersion: '1',
      },
      expect.objectContaining({
        eventType: 'Microsoft.ContainerService.NodePoolRollingSucceeded',
        eventTime: '2026-11-03T10:03:00.0000000Z',
      }),
    ]);
    expect(events[0]?.id).not.toBe(events[1]?.id);
    expect(simulator.advance()).toEqual([]);
  });

  it('of two clusters come in the order in which things happened', () => {
    const { simulator, pass } = simulate([
      cluster('slow', { agentPoolProfiles: [pool('system', { count: 5 })] }),
      cluster('fast', { agentPoolProfiles: [pool('system', { count: 1 })] }),
    ]);
    simulator.personUpgrades(clusterId('slow'), 'system');
    simulator.personUpgrades(clusterId('fast'), 'system');
    pass(3600);
    expect(simulator.advance().map(({ subject, eventType }) => `${subject} ${kindOf(eventType)}`)).toEqual([
      'slow Started',
      'fast Started',
      'fast Succeeded',
      'slow Succeeded',
    ]);
  });
});

describe('AKS itself, on channel NodeImage', () => {
  const onChannel = cluster(
    'shop',
    {
      autoUpgradeProfile: { nodeOSUpgradeChannel: 'NodeImage' },
      agentPoolProfiles: [pool('system'), pool('apps', { count: 1 })],
    },
    { maintenanceConfigurations: [noonWindow] },
  );

  /** Runs until nothing happens by itself, jumping from change to change. */
  const run = (fleet: Parameters<typeof simulate>[1], one = onChannel) => {
    const { simulator, jumpTo } = simulate([one], fleet);
    const seen: string[] = [];
    for (let at = simulator.nextChangeAt(); at !== undefined; at = simulator.nextChangeAt()) {
      jumpTo(at);
      for (const { eventTime, eventType, data } of simulator.advance()) {
        seen.push(`${eventTime.slice(11, 19)} ${String(data['nodePoolName'])} ${kindOf(eventType)}`);
      }
    }
    return seen;
  };

  it('upgrades pool after pool, shortly after the window opens', () => {
    expect(run({ aksAutoUpgrade: true })).toEqual([
      '12:00:20 system Started',
      '12:03:20 system Succeeded',
      '12:03:20 apps Started',
      '12:04:20 apps Succeeded',
    ]);
  });

  it('takes a release that comes out during the window', () => {
    const releases = [{ nodeImageVersion: newImage, availableAt: '2026-11-03T13:00:00Z' }];
    expect(run({ aksAutoUpgrade: true, releases })[0]).toBe('13:00:00 system Started');
  });

  it.each([
    ['it is switched off', {}, onChannel],
    ['there is no window', { aksAutoUpgrade: true }, { ...onChannel, maintenanceConfigurations: [] }],
    [
      'the channel is None',
      { aksAutoUpgrade: true },
      cluster('shop', { autoUpgradeProfile: { nodeOSUpgradeChannel: 'None' } }),
    ],
    [
      'the cluster is stopped',
      { aksAutoUpgrade: true },
      { ...onChannel, properties: { ...onChannel.properties, powerState: { code: 'Stopped' } } },
    ],
  ])('does nothing when %s', (_, fleet, one) => {
    expect(run(fleet, one)).toEqual([]);
  });
});

describe('a clock that jumps', () => {
  it('is told of batches, of releases, and of events that wait', () => {
    const { simulator, jumpTo } = simulate([cluster('shop', { agentPoolProfiles: [pool('system', { count: 2 })] })], {
      releases: [
        { nodeImageVersion: newImage, availableAt: '2026-11-03T09:00:00Z' },
        { nodeImageVersion: 'AKSUbuntu-2204gen2containerd-202611.09.0', availableAt: '2026-11-10T00:00:00Z' },
      ],
    });
    simulator.personUpgrades(shop, 'system');
    const times: string[] = [];
    for (let at = simulator.nextChangeAt(); at !== undefined; at = simulator.nextChangeAt()) {
      times.push(at.toString());
      jumpTo(at);
      simulator.advance();
    }
    expect(times).toEqual([
      '2026-11-03T10:00:00Z',
      '2026-11-03T10:01:00Z',
      '2026-11-03T10:02:00Z',
      '2026-11-10T00:00:00Z',
    ]);
  });

  it('gives the same run for the same fleet and clock, however often someone looks', () => {
    const final = (steps: readonly number[]) => {
      const { simulator, pass, send } = simulate([cluster('shop')]);
      simulator.personUpgrades(shop, 'system');
      const events = steps.flatMap((seconds) => {
        pass(seconds);
        return simulator.advance();
      });
      return { events, body: send('GET', shop).body };
    };
    expect(final([10, 70, 50, 50, 60])).toEqual(final([240]));
  });
});

it.each([
  ['an id', { clusters: [cluster('shop', {}, { id: '/subscriptions/x' })] }, 'ARM id'],
  ['a double', { clusters: [cluster('shop'), cluster('Shop')] }, 'two clusters'],
  ['an image', { releases: [{ nodeImageVersion: 'newest', availableAt: '2026-11-03T10:00:00Z' }] }, '"newest"'],
])('names what is wrong with the fleet: %s', (_, fleet, message) => {
  const create = () =>
    createSimulator({
      fleet: { clusters: [], releases: [], rolling: { secondsPerNode: 1 }, ...fleet },
      now: () => Temporal.Instant.from('2026-11-03T10:00:00Z'),
    });
  expect(create).toThrow(message);
});
