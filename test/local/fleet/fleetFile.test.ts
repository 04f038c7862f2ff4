// Fleet files: what they mean on the day they are read, and what is said of a wrong one.
import { readFileSync } from 'node:fs';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseFleetFile, subscriptionsIn } from '../../../local/fleet/fleetFile.ts';
import { FleetFile } from '../../../local/fleet/fleetSchema.ts';
import { createSimulator } from '../../../local/simulator/simulator.ts';
import { imageSupport } from '../../../shared/domain/image/imageSupport.ts';
import { parseNodeImageVersion } from '../../../shared/domain/image/nodeImageVersion.ts';
import { cluster, clusterId, newImage, noonWindow, pool } from '../simulator/simulatorFleet.ts';

const now = Temporal.Instant.from('2026-11-03T10:00:30Z');

/** A file that is valid, with some fields changed. */
const file = (fields: object = {}) => ({
  clusters: [cluster('shop', {}, { maintenanceConfigurations: [noonWindow] })],
  releases: [{ nodeImageVersion: newImage, availableAt: '-P1D' }],
  rolling: { secondsPerNode: 8 },
  ...fields,
});
const parse = (fields: object = {}) => parseFleetFile(JSON.stringify(file(fields)), now);
const window = (maintenanceWindow: object) =>
  cluster('shop', {}, { maintenanceConfigurations: [{ ...noonWindow, properties: { maintenanceWindow } }] });
const problems = (fields: object) => {
  const parsed = parse(fields);
  return parsed.ok ? [] : parsed.problems.map(({ message }) => message);
};

describe('a valid file', () => {
  it('keeps what ARM would say, and reads its times from now', () => {
    const clusters = [cluster('shop', { networkProfile: { networkPlugin: 'azure' } }, { identity: { type: 'None' } })];
    const faults = [{ kind: 'person', does: 'stop', cluster: 'Shop', when: 'PT2M' }];
    expect(parse({ clusters, policy: { mode: 'observe' }, faults })).toEqual({
      ok: true,
      fleet: {
        clusters,
        releases: [{ nodeImageVersion: newImage, availableAt: '2026-11-02T10:00:30Z' }],
        rolling: { secondsPerNode: 8 },
      },
      policy: { mode: 'observe' },
      faults: [{ ...faults[0], when: '2026-11-03T10:02:30Z' }],
    });
  });

  it("takes an edge zone's image without a definition, of a pool and as a release", () => {
    const nodeImageVersion = 'AKSUbuntu--2022.04.27';
    const parsed = parse({
      clusters: [cluster('shop', { agentPoolProfiles: [pool('edge', { nodeImageVersion })] })],
      releases: [{ nodeImageVersion, availableAt: '-P1D' }],
    });
    expect(parsed.ok && createSimulator({ fleet: parsed.fleet, now: () => now }).world().releases).toMatchObject([
      { nodeImageVersion },
    ]);
  });

  it.each([
    ['-PT1H', undefined, { daily: { intervalDays: 1 } }, '2026-11-03', '09:00'],
    ['PT2M', 'day', { daily: { intervalDays: 1 } }, '2026-11-03', '10:02'],
    ['-PT24H', 'week', { weekly: { intervalWeeks: 1, dayOfWeek: 'Monday' } }, '2026-11-02', '10:00'],
    ['P3D', undefined, { daily: { intervalDays: 1 } }, '2026-11-06', '10:00'],
  ])('sets a window that opens in %s, every %s', (opensIn, every, schedule, startDate, startTime) => {
    const parsed = parse({ clusters: [window({ opensIn, durationHours: 4, ...(every && { every }) })] });
    expect(parsed.ok && parsed.fleet.clusters[0]?.maintenanceConfigurations?.[0]?.properties.maintenanceWindow).toEqual(
      {
        schedule,
        durationHours: 4,
        utcOffset: '+00:00',
        startDate,
        startTime,
      },
    );
  });

  it('counts the days in node image versions from now, as Linux and Windows images have them', () => {
    const versions = ['AKSUbuntu-2204gen2containerd-{-P33D}.1', 'AKSWindows-2022-containerd-gen2-20348.4171.{-P3D}'];
    const releases = versions.map((nodeImageVersion) => ({ nodeImageVersion, availableAt: '-P1D' }));
    const parsed = parse({ releases });
    expect(parsed.ok && parsed.fleet.releases.map(({ nodeImageVersion }) => nodeImageVersion)).toEqual([
      'AKSUbuntu-2204gen2containerd-202610.01.1',
      'AKSWindows-2022-containerd-gen2-20348.4171.261031',
    ]);
    expect(problems({ releases: [{ nodeImageVersion: 'AKSUbuntu-2204-{PX}.0', availableAt: '-P1D' }] })).toEqual([
      expect.stringContaining('nodeImageVersion is "AKSUbuntu-2204-{PX}.0"; allowed is'),
    ]);
  });

  it('is what the demonstration is made of', () => {
    const parsed = parseFleetFile(
      readFileSync(new URL('../../../local/fleet/demonstrationFleet.json', import.meta.url), 'utf8'),
      now,
    );
    expect(parsed).toMatchObject({ ok: true, faults: [] });
    if (!parsed.ok) return;
    expect(subscriptionsIn(parsed.fleet)).toHaveLength(2);
    // Whatever the day, its images are in support, and there are newer ones.
    const images = parsed.fleet.clusters.flatMap(({ properties }) =>
      (properties.agentPoolProfiles ?? []).map(({ nodeImageVersion = '' }) => parseNodeImageVersion(nodeImageVersion)),
    );
    for (const image of images) expect(image && imageSupport(image, now).status).toMatch(/^(?:supported|retiring)$/);
    const { progress } = createSimulator({ fleet: parsed.fleet, now: () => now });
    expect(progress().map(({ cluster }) => cluster.split('/').at(-1))).toEqual(['aks-upgrades']);
  });
});

describe('what is wrong is named, with what was found and what is allowed', () => {
  const nodes = (fields: object) => cluster('shop', { agentPoolProfiles: [pool('system', fields)] });
  it.each([
    [
      'a count',
      { clusters: [nodes({ count: -1 })] },
      ['clusters[0].properties.agentPoolProfiles[0].count is -1; allowed is at least 0.'],
    ],
    [
      'an agent pool as ARM shows it by itself',
      { clusters: [nodes({ properties: { count: 3 } })] },
      [
        'clusters[0].properties.agentPoolProfiles[0].properties is {"count":3}; allowed is nothing: so ARM shows a pool by itself. Put name and the fields of properties beside each other, as a cluster\'s agentPoolProfiles have them.',
      ],
    ],
    [
      'a cluster and its window as az prints them, without properties',
      {
        clusters: [
          {
            ...cluster('shop', {}, { agentPoolProfiles: [] } as object),
            maintenanceConfigurations: [{ name: 'aksManagedNodeOSUpgradeSchedule', maintenanceWindow: {} }],
            properties: undefined,
          },
        ],
      },
      [
        expect.stringMatching(
          /^clusters\[0\]\.agentPoolProfiles is \[\]; allowed is nothing: so az aks show .* az rest/,
        ),
        'clusters[0].properties is missing; allowed is an object.',
        expect.stringMatching(/maintenanceConfigurations\[0\]\.maintenanceWindow is \{\}; .* az rest/),
        expect.stringMatching(/maintenanceConfigurations\[0\]\.properties is missing/),
      ],
    ],
    [
      'an id',
      { clusters: [cluster('shop', {}, { id: '/subscriptions/x' })] },
      [expect.stringMatching(/^clusters\[0\]\.id is "\/subscriptions\/x"; allowed is an ARM id/)],
    ],
    [
      'an image',
      { releases: [{ nodeImageVersion: 'newest', availableAt: '-P1D' }] },
      [expect.stringMatching(/^releases\[0\]\.nodeImageVersion is "newest"; allowed is a node image version/)],
    ],
    [
      'a time',
      { releases: [{ nodeImageVersion: newImage, availableAt: 'PT' }] },
      [expect.stringMatching(/^releases\[0\]\.availableAt is "PT"; allowed is an ISO 8601 time/)],
    ],
    ['a missing field', { rolling: {} }, ['rolling.secondsPerNode is missing; allowed is a number.']],
    [
      'an unknown field',
      { rolling: { secondsPerNode: 1, speed: 2 } },
      ['rolling.speed is no field of this format; take it out or correct its name.'],
    ],
    [
      'a window of ARM',
      { clusters: [window({ schedule: { daily: { intervalDays: 9 } }, durationHours: 4, startTime: '12:00' })] },
      [
        'clusters[0].maintenanceConfigurations[0].properties.maintenanceWindow.schedule.daily.intervalDays is 9; allowed is a whole number from 1 to 7.',
      ],
    ],
    [
      'a relative window',
      { clusters: [window({ opensIn: 'soon', durationHours: 4, utcOffset: '+01:00' })] },
      [
        expect.stringMatching(/maintenanceWindow\.opensIn is "soon"; allowed is a duration/),
        expect.stringMatching(/maintenanceWindow\.utcOffset can't stand beside opensIn/),
      ],
    ],
    [
      'an id that is there twice',
      { clusters: [cluster('shop'), cluster('SHOP')] },
      [`clusters[1].id is "${clusterId('SHOP')}"; allowed is an id that no other cluster has.`],
    ],
    [
      'a kind of fault',
      { faults: [{ kind: 'earthquake' }] },
      [expect.stringMatching(/^faults\[0\]\.kind is "earthquake"; allowed is one of "serverError", "throttled"/)],
    ],
    [
      'the cluster of a fault',
      { faults: [{ kind: 'person', does: 'stop', cluster: 'shopp' }] },
      ['faults[0].cluster is "shopp"; allowed is the ARM id or the name of a cluster: shop.'],
    ],
    [
      'the pool of a fault',
      { faults: [{ kind: 'surgeWithoutQuota', cluster: clusterId('shop'), nodePool: 'apps' }] },
      ['faults[0].nodePool is "apps"; allowed is a pool of shop: system.'],
    ],
    [
      'a person who upgrades nothing',
      { faults: [{ kind: 'person', does: 'upgrade', cluster: 'shop' }] },
      ['faults[0].nodePool is missing; allowed is the name of the pool to upgrade or roll back.'],
    ],
    ['the policy', { policy: { mode: 'reckless' } }, [expect.stringMatching(/^policy\.mode is "reckless"; /)]],
    [
      'several things at once',
      { clusters: [], rolling: { secondsPerNode: 0 } },
      ['clusters is []; allowed is a list of at least 1.', 'rolling.secondsPerNode is 0; allowed is more than 0.'],
    ],
    [
      'things of shape and of meaning at once',
      {
        clusters: [cluster('shop'), cluster('SHOP'), nodes({ count: -1 })],
        faults: [{ kind: 'person', does: 'stop', cluster: 'shopp' }, { kind: 'earthquake' }],
        policy: { mode: 'reckless' },
      },
      [
        'clusters[2].properties.agentPoolProfiles[0].count is -1; allowed is at least 0.',
        expect.stringMatching(/^faults\[1\]\.kind is "earthquake"/),
        `clusters[1].id is "${clusterId('SHOP')}"; allowed is an id that no other cluster has.`,
        expect.stringMatching(/^policy\.mode is "reckless"; /),
      ],
    ],
    [
      'fields of a pool that are misspelled',
      { clusters: [nodes({ vmsize: 'x', nodeImageVersoin: 'y', myNote: '', upgradeSettings: { maxSurg: '1' } })] },
      [
        expect.stringContaining("agentPoolProfiles[0].vmsize is no field of ARM's; vmSize was meant"),
        expect.stringContaining("nodeImageVersoin is no field of ARM's; nodeImageVersion was meant"),
        expect.stringContaining("upgradeSettings.maxSurg is no field of ARM's; maxSurge was meant"),
      ],
    ],
  ])('%s', (_, fields, expected) => {
    expect(problems(fields)).toEqual(expected);
  });

  it.each([
    'null',
    '[]',
    '7',
    '{"clusters":{},"faults":1,"policy":[]}',
    '{"clusters":[null,{"properties":{"agentPoolProfiles":[1]}}]}',
  ])('a file that is something else: %s', (text) => {
    const parsed = parseFleetFile(text, now);
    expect(parsed.ok).toBe(false);
    expect(!parsed.ok && parsed.problems.length).toBeGreaterThan(0);
  });

  it('a file that is no JSON', () => {
    expect(parseFleetFile('{', now)).toMatchObject({
      ok: false,
      problems: [{ path: '', message: expect.stringMatching(/^The file is no JSON: .*JSON/) }],
    });
  });

  it('takes a pool of type VirtualMachines as ARM shows it, and no other pool without a count', () => {
    const bySize = {
      count: null,
      vmSize: '',
      virtualMachineNodesStatus: [{ size: 'Standard_D4s_v5', count: 2 }],
      virtualMachinesProfile: null,
    };
    const shop = (fields: object) => ({ clusters: [cluster('shop', { agentPoolProfiles: [pool('system', fields)] })] });
    expect(problems(shop({ ...bySize, type: 'VirtualMachines' }))).toEqual([]);
    expect(JSON.stringify(problems(shop(bySize)))).toContain('agentPoolProfiles[0].count');
  });

  it('takes an interval that nothing anchors, as ARM does', () => {
    const unanchored = { schedule: { daily: { intervalDays: 3 } }, durationHours: 4, startTime: '12:00' };
    expect(problems({ clusters: [window(unanchored)] })).toEqual([]);
  });
});

it('has its JSON Schema in docs: npx vitest run test/local/fleet/fleetFile.test.ts -u writes it', async () => {
  const schema = `${JSON.stringify(z.toJSONSchema(FleetFile), undefined, 2)}\n`;
  await expect(schema).toMatchFileSnapshot('../../../docs/fleet.schema.json');
});
