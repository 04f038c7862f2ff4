import { describe, expect, it } from 'vitest';
import type { NodePool } from '../../../shared/domain/cluster/cluster.ts';
import { lintPolicy } from '../../../shared/domain/lint/lintPolicy.ts';
import type { PolicyWarning } from '../../../shared/domain/lint/policyWarning.ts';
import type { Approval } from '../../../shared/domain/policy/approval.ts';
import type { Hold } from '../../../shared/domain/policy/hold.ts';
import { noPolicy, type PolicyInForce } from '../../../shared/domain/policy/policy.ts';
import type { Ring } from '../../../shared/domain/policy/ring.ts';
import type { ClusterFacts } from '../../../shared/domain/rings/clusterFacts.ts';
import { aPool, clusterId, images, now } from '../../builders.ts';
import { aClusterFacts, aPolicy } from '../rings/aClusterFacts.ts';

const idOf = (name: string) => clusterId.replace('aks-shop-we', name);

/** A cluster of this name, whose pools are of the family that ARM offers. */
const cluster = (name: string, nodePools: readonly NodePool[] = [aPool()], latest?: string, rest = {}): ClusterFacts =>
  aClusterFacts({ nodePools, cluster: { id: idOf(name), ...rest }, ...(latest === undefined ? {} : { latest }) });

const ring = (name: string, fields: Partial<Ring> = {}): Ring => ({ name, selectors: [{ cluster: name }], ...fields });

const win = {
  old: 'AKSWindows-2022-containerd-gen2-20348.4171.251014',
  new: 'AKSWindows-2022-containerd-gen2-20348.4294.251112',
};
const linux = (name: string, fields = {}) => cluster(name, [aPool(fields)]);
const windows = (name: string, fields = {}) =>
  cluster(name, [aPool({ osType: 'Windows', nodeImageVersion: win.old, ...fields })], win.new);

/** One cluster with the pools of all of these. */
const together = (first: ClusterFacts, ...others: readonly ClusterFacts[]): ClusterFacts => ({
  ...first,
  cluster: { ...first.cluster, nodePools: [first, ...others].flatMap((facts) => facts.cluster.nodePools) },
  latest: Object.assign({}, first.latest, ...others.map(({ latest }) => latest)) as ClusterFacts['latest'],
});

const dev = ring('dev');
const staging = ring('staging');
const production = ring('production');

const hold = (name: string): Hold => ({
  id: 'h1',
  scope: 'ring',
  ring: name,
  owner: 'the shop',
  reason: 'sales week',
  until: '2026-02-01T00:00:00Z',
  createdAt: '2026-01-01T00:00:00Z',
  createdBy: 'ada',
});
const approval = (name: string): Approval => ({
  id: 'a1',
  ring: name,
  release: '202601.07.0',
  reason: 'fine',
  approvedAt: '2026-01-01T00:00:00Z',
  approvedBy: 'ada',
});

type Row = [
  what: string,
  policy: PolicyInForce,
  fleet: readonly ClusterFacts[],
  expected: readonly (Omit<PolicyWarning, 'message'> & { readonly says: string })[],
];

describe('lint of rings', () => {
  it.each<Row>([
    [
      'soaks that Linux releases never end',
      aPolicy({ rings: [ring('dev', { ringSoakHours: 48 }), ring('staging', { ringSoakHours: 120 }), production] }),
      [linux('dev'), linux('staging'), linux('production')],
      [
        {
          code: 'soakTooLong',
          path: 'rings.1.ringSoakHours',
          says: 'Ring production gets a release after 7 days at the earliest (images.minimumAgeDays and the soaks of dev, staging), but Linux images are released about every 7 days',
        },
      ],
    ],
    [
      'the same by the age, and the soak that goes without saying',
      aPolicy({ images: { minimumAgeDays: 6 }, rings: [dev, staging] }),
      [linux('dev'), linux('staging')],
      [{ code: 'soakTooLong', path: 'rings.0.ringSoakHours', says: 'after 7 days' }],
    ],
    [
      'every ring that they keep waiting',
      aPolicy({ rings: [ring('dev', { ringSoakHours: 180 }), staging, production] }),
      [linux('dev'), linux('staging'), linux('production')],
      [
        { code: 'soakTooLong', path: 'rings.0.ringSoakHours', says: 'Ring staging gets a release after 7.5 days' },
        { code: 'soakTooLong', path: 'rings.0.ringSoakHours', says: 'Ring production gets a release after 8.5 days' },
      ],
    ],
    [
      'soaks that Windows releases never end',
      aPolicy({ rings: [ring('dev', { ringSoakHours: 31 * 24 }), production] }),
      [windows('dev'), windows('production')],
      [{ code: 'soakTooLong', path: 'rings.0.ringSoakHours', says: 'Windows images are released about every 31 days' }],
    ],
    [
      'a ring that matches nothing',
      aPolicy({ rings: [dev, ring('canary')] }),
      [linux('dev')],
      [
        {
          code: 'ringWithoutPools',
          path: 'rings.1.selectors',
          says: 'Ring canary has no pools, so that nothing soaks there: its selectors match none in the clusters of the policy.',
        },
      ],
    ],
    [
      'a ring whose clusters the policy does not select',
      aPolicy({ selectors: [{ cluster: 'dev' }], rings: [dev, production] }),
      [linux('dev'), linux('production')],
      [
        { code: 'ringWithoutPools', path: 'rings.1.selectors', says: 'match none in the clusters of the policy' },
        {
          code: 'clusterNotSelected',
          path: 'selectors',
          cluster: idOf('production'),
          nodePools: ['apps'],
          says: 'No selector',
        },
      ],
    ],
    [
      'a ring whose pools are all in a later one too',
      aPolicy({ rings: [dev, ring('all', { selectors: [{ cluster: '*' }] })] }),
      [linux('dev')],
      [
        { code: 'ringWithoutPools', path: 'rings.0.selectors', says: 'is in a later ring too, and so in that. Narrow' },
        {
          code: 'familyNotSoaked',
          path: 'rings.1.unsoakedFamily',
          says: 'by unsoakedFamily (nearest) each of their releases waits for an approval.',
        },
        {
          code: 'poolInTwoRings',
          path: 'rings.1.selectors',
          cluster: idOf('dev'),
          nodePools: ['apps'],
          says: '(apps by dev, all): they are in the last of these',
        },
      ],
    ],
    [
      'pools in no ring, by cluster',
      aPolicy({ rings: [ring('dev', { selectors: [{ cluster: 'dev', nodePool: 'a*' }] })] }),
      [
        cluster('dev', [
          aPool(),
          aPool({ name: 'gpu' }),
          aPool({ name: 'batch' }),
          aPool({ name: 'auto', mode: 'Machines' }),
        ]),
        linux('other'),
        linux('aks', { name: 'system' }),
      ],
      [
        {
          code: 'poolInNoRing',
          path: 'rings',
          cluster: idOf('dev'),
          nodePools: ['gpu', 'batch'],
          says: 'Cluster dev has pools that no ring selects (gpu, batch): they are recorded, never started.',
        },
        { code: 'poolInNoRing', path: 'rings', cluster: idOf('other'), nodePools: ['apps'], says: '(apps)' },
        { code: 'poolInNoRing', path: 'rings', cluster: idOf('aks'), nodePools: ['system'], says: '(system)' },
      ],
    ],
    [
      'pools in two and in three rings, by cluster',
      aPolicy({
        rings: [
          ring('dev', { selectors: [{ cluster: '*' }] }),
          ring('gpu', { selectors: [{ cluster: '*', nodePool: 'gpu' }] }),
          ring('production', { selectors: [{ cluster: 'shop' }] }),
        ],
      }),
      [cluster('shop', [aPool(), aPool({ name: 'gpu' })]), cluster('lab', [aPool(), aPool({ name: 'gpu' })])],
      [
        {
          code: 'poolInTwoRings',
          path: 'rings.2.selectors',
          cluster: idOf('shop'),
          nodePools: ['apps'],
          says: 'dev, production',
        },
        {
          code: 'poolInTwoRings',
          path: 'rings.2.selectors',
          cluster: idOf('shop'),
          nodePools: ['gpu'],
          says: 'dev, gpu, production',
        },
        {
          code: 'poolInTwoRings',
          path: 'rings.1.selectors',
          cluster: idOf('lab'),
          nodePools: ['gpu'],
          says: 'dev, gpu',
        },
      ],
    ],
    [
      'families that the ring before lacks, where an earlier one has them',
      aPolicy({ rings: [dev, staging, production] }),
      [
        together(linux('dev'), windows('dev', { name: 'win' })),
        linux('staging'),
        together(linux('production'), windows('production', { name: 'win' })),
      ],
      [
        {
          code: 'familyNotSoaked',
          path: 'rings.2.unsoakedFamily',
          says: 'Ring production has pools of image families that do not soak in the ring before it, staging (AKSWindows-2022-containerd-gen2): by unsoakedFamily (nearest) ring dev alone decides on their releases. Give ring staging such a pool',
        },
      ],
    ],
    [
      'the ring that decides alone, without the soak of the one between, which runs no Linux',
      aPolicy({
        rings: [ring('dev', { ringSoakHours: 100 }), ring('staging', { ringSoakHours: 100 }), production],
      }),
      [together(linux('dev'), windows('dev', { name: 'win' })), windows('staging'), linux('production')],
      [{ code: 'familyNotSoaked', path: 'rings.2.unsoakedFamily', says: 'ring dev alone decides' }],
    ],
    ...(
      [
        ['nearest', 'by unsoakedFamily (nearest) each of their releases waits for an approval.'],
        ['approval', 'by unsoakedFamily (approval) each of their releases waits for an approval.'],
        ['block', 'by unsoakedFamily (block) their releases are never started here.'],
      ] as const
    ).map(
      ([unsoakedFamily, says]): Row => [
        `a family that no earlier ring has: ${unsoakedFamily}`,
        aPolicy({ rings: [dev, ring('production', { unsoakedFamily })] }),
        [linux('dev'), windows('production')],
        [{ code: 'familyNotSoaked', path: 'rings.1.unsoakedFamily', says }],
      ],
    ),
    [
      'a family that an earlier ring has, where the policy asks for approval',
      aPolicy({ rings: [dev, staging, ring('production', { unsoakedFamily: 'approval' })] }),
      [windows('dev'), linux('staging'), windows('production')],
      [
        { code: 'familyNotSoaked', path: 'rings.1.unsoakedFamily', says: 'waits for an approval' },
        { code: 'familyNotSoaked', path: 'rings.2.unsoakedFamily', says: 'by unsoakedFamily (approval)' },
      ],
    ],
    [
      'a family whose only pools in the ring before can not be judged',
      aPolicy({ rings: [dev, production] }),
      [linux('dev', { powerState: 'Stopped' }), linux('production')],
      [
        {
          code: 'familyNotSoaked',
          path: 'rings.1.unsoakedFamily',
          says: "in ring dev, which decides on them, all such pools are held, stopped or can't be upgraded, so their releases wait until one is not.",
        },
      ],
    ],
    [
      'a family that ARM is about to bring',
      aPolicy({ rings: [dev, production] }),
      [linux('dev'), cluster('production', [aPool()], 'AKSUbuntu-2404gen2containerd-202601.07.0')],
      [{ code: 'familyNotSoaked', path: 'rings.1.unsoakedFamily', says: '(AKSUbuntu-2404gen2containerd)' }],
    ],
    [
      'a hold and an approval for rings that are no more',
      {
        ...aPolicy({ rings: [dev] }),
        holds: [hold('prod'), hold('DEV')],
        approvals: [approval('prod'), approval('DEV')],
      },
      [linux('dev')],
      [
        { code: 'holdOnNoRing', hold: 'h1', says: 'Lift it (DELETE /api/holds/h1)' },
        { code: 'approvalForNoRing', approval: 'a1', says: 'Revoke it (DELETE /api/approvals/a1)' },
      ],
    ],
    [
      'the same where there are no rings any more',
      { ...aPolicy(), holds: [hold('dev')], approvals: [approval('dev')] },
      [linux('dev')],
      [
        { code: 'holdOnNoRing', hold: 'h1', says: 'holds nothing' },
        { code: 'approvalForNoRing', approval: 'a1', says: 'approves nothing' },
      ],
    ],
  ])('warns of %s', (_what, policy, fleet, expected) => {
    const warnings = lintPolicy(policy, fleet, now);
    expect(warnings).toEqual(
      expected.map(({ says, ...fields }) => ({ ...fields, message: expect.stringContaining(says) })),
    );
    for (const { message } of warnings) expect(message).toMatch(/\.$/);
  });

  it.each<[string, PolicyInForce, readonly ClusterFacts[]]>([
    [
      'a week less an hour',
      aPolicy({ rings: [ring('dev', { ringSoakHours: 167 }), production] }),
      [linux('dev'), linux('production')],
    ],
    [
      'a week in the last ring, for which none waits',
      aPolicy({ rings: [dev, ring('production', { ringSoakHours: 2160 })] }),
      [linux('dev'), linux('production')],
    ],
    [
      'a month less a day where there is Windows alone',
      aPolicy({ rings: [ring('dev', { ringSoakHours: 30 * 24 }), production] }),
      [windows('dev'), windows('production')],
    ],
    [
      'a family that the ring before has on one of its pools',
      aPolicy({ rings: [dev, production] }),
      [together(linux('dev', { name: 'off', powerState: 'Stopped' }), linux('dev')), linux('production')],
    ],
    [
      'pools that AKS upgrades or manages, in a ring or not',
      aPolicy({ rings: [dev] }),
      [linux('dev'), cluster('auto', [aPool({ mode: 'Machines' })])],
    ],
    [
      'a pool of the later ring that can not be upgraded now',
      aPolicy({ rings: [dev, production] }),
      [linux('dev'), together(linux('production'), windows('production', { name: 'win', powerState: 'Stopped' }))],
    ],
    ['no rings', aPolicy(), [linux('dev')]],
  ])('is silent: %s', (_what, policy, fleet) => {
    expect(lintPolicy(policy, fleet, now)).toEqual([]);
  });

  it('says nothing of rings while the policy is not in force, for it may have them', () => {
    const warnings = lintPolicy(
      { ...noPolicy, holds: [hold('dev')], approvals: [approval('dev')] },
      [linux('dev')],
      now,
    );
    expect(warnings.map(({ code }) => code)).toEqual(['policyNotInForce']);
  });

  it('says nothing of rings about pools that AKS upgrades', () => {
    const facts = cluster('shop', [aPool({ nodeImageVersion: images.new })], images.new, {
      nodeOsUpgradeChannel: 'NodeImage',
    });
    const codes = lintPolicy(aPolicy({ rings: [dev] }), [linux('dev'), facts], now).map(({ code }) => code);
    expect(codes).toEqual(['aksUpgrades']);
  });
});
