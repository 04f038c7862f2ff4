import { describe, expect, it } from 'vitest';
import type { NodePool } from '../../shared/domain/cluster/cluster.ts';
import { gateOrder, type Verdict } from '../../shared/domain/plan/decision.ts';
import { gates } from '../../shared/domain/plan/gates.ts';
import { noPolicy, type Policy, type PolicyInForce } from '../../shared/domain/policy/policy.ts';
import type { ClusterFacts } from '../../shared/domain/rings/clusterFacts.ts';
import { after, anAttempt, aPool, aPoolHead, at, images, now } from '../builders.ts';
import { aClusterFacts, aPolicy, decide, enforce, refusals } from './rings/aClusterFacts.ts';

const olderFamily = 'AKSUbuntu-2204gen2containerd-202512.18.0';
const otherFamily = 'AKSAzureLinux-V3gen2-202601.07.0';
const frozen = 'AKSAzureLinux-V2gen2-202511.11.0';

const onPool = (overrides: Partial<NodePool>) => aClusterFacts({ nodePools: [aPool(overrides)] });
const onCluster = (cluster: Partial<ClusterFacts['cluster']>) => aClusterFacts({ cluster });
const onImages = (nodeImageVersion: string, latest: string) =>
  aClusterFacts({ nodePools: [aPool({ nodeImageVersion })], latest });
const withBusyPool = (provisioningState: string) =>
  aClusterFacts({ nodePools: [aPool(), aPool({ name: 'batch', provisioningState })] });
const withVerdict = (verdict: Partial<ClusterFacts['verdicts'][number]>) =>
  aClusterFacts({
    verdicts: [
      {
        nodePool: 'Apps',
        reason: 'retryLater',
        message: 'ARM said no.',
        retryAt: at('2026-01-14T01:40:00Z'),
        ...verdict,
      },
    ],
  });

it('has one gate for each reason, in the order of gateOrder', () => {
  expect(Object.keys(gates)).toEqual(gateOrder.filter((reason) => reason !== 'poolOrder'));
});

it('lets a pool start when nothing stands in its way', () => {
  expect(decide(aClusterFacts())).toMatchObject({ verdict: 'start', reason: 'start', also: [] });
});

type Row = [
  what: string,
  facts: ClusterFacts,
  verdict: Verdict,
  reason: string,
  says: readonly string[],
  policy?: PolicyInForce,
];

describe('policy and reads', () => {
  it.each<Row>([
    [
      'no selector',
      aClusterFacts(),
      'skip',
      'notSelected',
      ['aks-shop-we'],
      aPolicy({ selectors: [{ cluster: 'aks-pay-*' }] }),
    ],
    [
      'an id that is none',
      onCluster({ id: '/x' }),
      'skip',
      'notSelected',
      ['/x'],
      aPolicy({ selectors: [{ cluster: '*' }] }),
    ],
    [
      'the cluster not read',
      aClusterFacts({ problem: '503 ServerBusy.' }),
      'blocked',
      'readFailed',
      ['cluster (503 ServerBusy)'],
    ],
    [
      'the window not read',
      { ...aClusterFacts(), window: { problem: '429 Throttled' } },
      'blocked',
      'readFailed',
      ['window (429 Throttled)'],
    ],
    [
      'latest not read',
      { ...aClusterFacts(), latest: { apps: { problem: '500' } } },
      'blocked',
      'readFailed',
      ["pool's latest node image (500)"],
    ],
    ['latest never read', { ...aClusterFacts(), latest: {} }, 'blocked', 'readFailed', ['has not been read yet']],
    [
      'mode observe',
      aClusterFacts(),
      'wait',
      'observeOnly',
      ['observe', 'pool apps', images.old, images.new],
      aPolicy({ mode: 'observe' }),
    ],
    ['no policy', aClusterFacts(), 'wait', 'observeOnly', ['No policy is set'], noPolicy],
    [
      'a policy with a problem',
      aClusterFacts(),
      'wait',
      'observeOnly',
      ['bad: mode.'],
      { ...enforce, problem: 'bad: mode' },
    ],
  ])('%s: refused', expectRefusal);
});

describe('states', () => {
  it.each<Row>([
    ['mode Machines', onPool({ mode: 'machines' }), 'skip', 'unsupportedPool', ['Machines']],
    [
      "a pool of an Automatic cluster that is AKS's own",
      onPool({ mode: 'managedSystem' }),
      'skip',
      'unsupportedPool',
      ['ManagedSystem'],
    ],
    ['a mode not known', onPool({ mode: 'Unknown' }), 'skip', 'unsupportedPool', ['mode is Unknown']],
    ['an availability set', onPool({ type: 'AvailabilitySet' }), 'skip', 'unsupportedPool', ['AvailabilitySet']],
    ['a snapshot', onPool({ snapshotId: '/snapshots/gold' }), 'skip', 'unsupportedPool', ['/snapshots/gold']],
    ['a stopped cluster', onCluster({ powerState: 'Stopped' }), 'wait', 'clusterStopped', ['Stopped']],
    [
      'a cluster in a power state not known',
      onCluster({ powerState: 'Hibernated' }),
      'wait',
      'clusterStopped',
      ['Hibernated'],
    ],
    ['a stopped pool', onPool({ powerState: 'Stopped' }), 'wait', 'poolStopped', ['Stopped']],
    ['a pool in a power state not known', onPool({ powerState: '' }), 'wait', 'poolStopped', ['running']],
    [
      'an attempt on the pool',
      aClusterFacts({ attempt: anAttempt({ nodePool: 'APPS' }) }),
      'wait',
      'attemptInFlight',
      ['this pool', images.new, 'running since 2026-01-14T01:31:00Z'],
    ],
    [
      'an attempt on another pool',
      aClusterFacts({ attempt: anAttempt({ nodePool: 'batch' }) }),
      'wait',
      'attemptInFlight',
      ['pool batch'],
    ],
    ['a busy cluster', onCluster({ provisioningState: 'Updating' }), 'wait', 'clusterBusy', ['busy', 'Updating']],
    [
      'a cluster in a state not known',
      onCluster({ provisioningState: 'Pondering' }),
      'wait',
      'clusterBusy',
      ['busy', 'Pondering'],
    ],
    [
      'a failed cluster',
      onCluster({ provisioningState: 'Failed' }),
      'blocked',
      'clusterFailed',
      ['ended Failed', 'az aks update --resource-group rg-shop --name aks-shop-we.'],
    ],
    [
      'an idle cluster that was left canceled, as five of seven real ones',
      onCluster({ provisioningState: 'canceled' }),
      'blocked',
      'clusterFailed',
      ['ended canceled', 'activity log', 'az aks update --resource-group rg-shop --name aks-shop-we.'],
    ],
    [
      'a cluster that is being canceled',
      onCluster({ provisioningState: 'Canceling' }),
      'wait',
      'clusterBusy',
      ['busy'],
    ],
    [
      'a pool that is being made, and has no image yet',
      onPool({ provisioningState: 'Creating', nodeImageVersion: undefined }),
      'wait',
      'poolBusy',
      ['Creating'],
    ],
    ['another pool at work', withBusyPool('Scaling'), 'wait', 'clusterBusy', ['batch (Scaling)']],
    [
      'a refusal for the time being',
      withVerdict({ reason: 'clusterBusy' }),
      'wait',
      'clusterBusy',
      ['ARM said no. ', '2026-01-14T01:40:00Z'],
    ],
    [
      'a busy pool',
      onPool({ provisioningState: 'UpgradingNodeImageVersion' }),
      'wait',
      'poolBusy',
      ['UpgradingNodeImageVersion'],
    ],
    ['a pool in a state not known', onPool({ provisioningState: 'Unknown' }), 'wait', 'poolBusy', ['Unknown']],
    [
      'a failed pool',
      onPool({ provisioningState: 'failed', error: { code: 'PodDrainFailure', message: 'PDB shop/cart.' } }),
      'blocked',
      'poolFailed',
      ['PodDrainFailure: PDB shop/cart)', 'Repair the pool'],
    ],
    [
      'a pool that was left canceled',
      onPool({ provisioningState: 'Canceled' }),
      'blocked',
      'poolFailed',
      [
        'ended Canceled',
        'az aks nodepool upgrade --resource-group rg-shop --cluster-name aks-shop-we --name apps --node-image-only',
      ],
    ],
    [
      "a failed pool whose image is too old for AKS's provisioning",
      onPool({
        provisioningState: 'Failed',
        error: {
          code: 'BadRequest',
          message:
            "ConfigurationVersion 'v0.20240812.0' is not supported for AgentBaker. Please upgrade agent pool to the latest NodeImageVersion.",
        },
      }),
      'blocked',
      'poolFailed',
      [
        'by hand',
        'az aks nodepool upgrade --resource-group rg-shop --cluster-name aks-shop-we --name apps --node-image-only',
      ],
    ],
    [
      'a pool that preflight refused',
      withVerdict({ reason: 'preflightFailed', message: 'Preflight, check quota: no room.' }),
      'blocked',
      'preflightFailed',
      ['Preflight, check quota: no room. The keeper may try again from 2026-01-14T01:40:00Z.'],
    ],
    ['a throttled start', withVerdict({}), 'wait', 'retryLater', ['ARM said no. ', '2026-01-14T01:40:00Z']],
    [
      'a start that a lock kept from happening',
      withVerdict({ refused: { status: 409, code: 'ScopeLocked', message: "scope(s) are locked: '/mc'." } }),
      'wait',
      'retryLater',
      ['ARM said no. Remove the lock on /mc:', 'may try again from 2026-01-14T01:40:00Z.'],
    ],
    [
      'a start that met another operation',
      withVerdict({ reason: 'clusterBusy', refused: { status: 409, code: 'Conflict', message: '' } }),
      'wait',
      'clusterBusy',
      ['let it end, or abort it', 'waits longer after each such refusal'],
    ],
    [
      'a pool that AKS refused for days',
      withVerdict({ reason: 'unsupportedPool', refused: { status: 409, code: 'Conflict', message: '' } }),
      'skip',
      'unsupportedPool',
      ['a selector of the policy', 'once a week'],
    ],
    [
      'three failed attempts at this release',
      aClusterFacts({
        nodePools: [aPool({ error: { code: 'QuotaExceeded', message: 'before' } })],
        heads: [
          aPoolHead({
            lastAttempt: {
              id: 'third',
              opensAt: at('2026-01-13T01:00:00Z'),
              closesAt: at('2026-01-13T05:00:00Z'),
              outcome: 'failed',
              to: images.new,
              failures: 3,
            },
          }),
        ],
      }),
      'wait',
      'retryLater',
      [
        `The keeper has made 3 attempts at ${images.new} without success, and awaits a newer release. The last one was third.`,
      ],
    ],
    [
      'a clock 31 s behind',
      aClusterFacts({ armDate: { value: now.add({ seconds: 31 }) } }),
      'blocked',
      'clockSkew',
      ['31 s', '2026-01-14T01:30:31Z'],
    ],
    [
      'a clock 30.001 s ahead',
      aClusterFacts({ armDate: { value: now.subtract({ milliseconds: 30_001 }) } }),
      'blocked',
      'clockSkew',
      ['31 s'],
    ],
    ['no Date', aClusterFacts({ armDate: { value: undefined } }), 'blocked', 'clockSkew', ['no Date']],
  ])('%s: refused', expectRefusal);

  it.each<[string, ClusterFacts]>([
    [
      'Azure writes states as it likes',
      aClusterFacts({
        cluster: {
          provisioningState: 'succeeded',
          powerState: 'RUNNING',
          nodeOsUpgradeChannel: 'unmanaged',
          upgradeChannel: 'PATCH',
          sku: 'base',
        },
        nodePools: [
          aPool({
            provisioningState: 'SUCCEEDED',
            powerState: 'running',
            mode: 'user',
            type: 'virtualmachinescalesets',
          }),
        ],
      }),
    ],
    ['ARM leaves the type out', onPool({ type: undefined })],
    ['a Virtual Machines pool', onPool({ type: 'VirtualMachines' })],
    ['a gateway pool', onPool({ mode: 'Gateway' })],
    ['a pool of no nodes: the next ones have the new image', onPool({ count: 0 })],
    [
      'another pool stopped, failed or canceled',
      aClusterFacts({
        nodePools: [
          aPool(),
          aPool({ name: 'b', powerState: 'Stopped' }),
          aPool({ name: 'c', provisioningState: 'Failed' }),
          aPool({ name: 'd', provisioningState: 'Canceled' }),
        ],
      }),
    ],
    ['a verdict about another pool', withVerdict({ nodePool: 'batch' })],
    ['a verdict whose time has come', withVerdict({ retryAt: now })],
    ['a busy verdict whose time has come', withVerdict({ reason: 'clusterBusy', retryAt: now })],
    ['a clock 30 s behind', aClusterFacts({ armDate: { value: now.add({ seconds: 30 }) } })],
    ['a clock 30 s ahead', aClusterFacts({ armDate: { value: now.subtract({ seconds: 30 }) } })],
  ])('%s: starts', (_what, facts) => {
    expect(decide(facts).reason).toBe('start');
  });

  it('holds a verdict up to its retryAt, and names it', () => {
    const facts = withVerdict({ retryAt: now.add({ milliseconds: 1 }) });
    expect(decide(facts)).toMatchObject({ reason: 'retryLater', nextEligibleAt: '2026-01-14T01:30:00.001Z' });
    const busy = withVerdict({ reason: 'clusterBusy', retryAt: after(10) });
    expect(decide(busy)).toMatchObject({ reason: 'clusterBusy', nextEligibleAt: '2026-01-14T01:40:00Z' });
  });

  it('lists the busy pools in one order, whatever order ARM has', () => {
    const busy = (name: string) => aPool({ name, provisioningState: 'Updating' });
    const sentence = (...names: string[]) =>
      decide(aClusterFacts({ nodePools: [aPool(), ...names.map(busy)] })).sentence;
    expect(sentence('c', 'b')).toContain('b (Updating), c (Updating)');
    expect(sentence('c', 'b')).toBe(sentence('b', 'c'));
  });
});

describe('images', () => {
  it.each<Row>([
    ['no image', onPool({ nodeImageVersion: undefined }), 'blocked', 'imageUnknown', ['no node image version']],
    [
      'no image, latest not read',
      { ...onPool({ nodeImageVersion: undefined }), latest: { apps: { problem: 'x' } } },
      'blocked',
      'imageUnknown',
      ['no node image version'],
    ],
    ['no latest', { ...aClusterFacts(), latest: { apps: {} } }, 'blocked', 'imageUnknown', ['no latest']],
    [
      'an unreadable image',
      onImages('custom-image', images.new),
      'blocked',
      'imageUnknown',
      ['"custom-image"', images.new],
    ],
    [
      'an edge zone, whose image has no definition',
      onImages('AKSUbuntu--2022.04.27', images.new),
      'blocked',
      'imageUnknown',
      ['AKSUbuntu--2022.04.27', images.new, 'without a definition', '--name apps --node-image-only'],
    ],
    ['an unreadable latest', onImages(images.old, ''), 'blocked', 'imageUnknown', ['""', images.old]],
    [
      'nodes behind',
      {
        ...onImages(images.old, images.new),
        heads: [
          aPoolHead({
            nodesBehind: {
              proof: 'instances',
              nodes: { total: 5, upToDate: 3 },
              countedAt: at('2026-01-14T01:00:00Z'),
            },
          }),
        ],
      },
      'blocked',
      'nodesBehind',
      ['2 of 5 nodes', images.old, 'scale set instances', '2026-01-14T01:00:00Z', 'reimage'],
    ],
    [
      'a retired family',
      onImages(frozen, frozen),
      'blocked',
      'imageRetired',
      ['AKSAzureLinux-V2gen2', 'retired on 2025-11-30', 'move the pool'],
    ],
    ['a frozen line', onImages(frozen, 'AKSAzureLinux-V2gen2-202510.01.0'), 'blocked', 'imageRetired', [frozen]],
    [
      'a retired family without a latest',
      { ...onImages(frozen, frozen), latest: { apps: {} } },
      'blocked',
      'imageRetired',
      [frozen],
    ],
    ['the latest', onImages(images.new, images.new), 'skip', 'upToDate', [images.new]],
    [
      'the latest, written with colons',
      onImages(images.new, images.new.replaceAll('-', ':')),
      'skip',
      'upToDate',
      ['not newer'],
    ],
    [
      'a retired family, latest not read',
      { ...onImages(frozen, frozen), latest: { apps: { problem: '429' } } },
      'blocked',
      'readFailed',
      ['429'],
    ],
    [
      'a latest that is older',
      onImages(images.new, images.old),
      'skip',
      'upToDate',
      [images.new, images.old, 'not newer'],
    ],
    [
      'two unreadable images that are equal',
      onImages('custom-image', 'custom-image'),
      'skip',
      'upToDate',
      ['custom-image'],
    ],
    [
      'a rollback from the latest',
      aClusterFacts({ heads: [aPoolHead({ rolledBackFrom: images.new })] }),
      'wait',
      'rolledBack',
      [images.new],
    ],
    [
      'a rollback from a later release, latest of another family',
      {
        ...onImages(images.old, 'AKSAzureLinux-V3gen2-202601.07.0'),
        heads: [aPoolHead({ rolledBackFrom: images.new })],
      },
      'wait',
      'rolledBack',
      [images.new, otherFamily],
    ],
    [
      'a rollback from what can not be read',
      aClusterFacts({ heads: [aPoolHead({ rolledBackFrom: 'custom-image' })] }),
      'wait',
      'rolledBack',
      ['custom-image', 'by hand'],
    ],
    [
      'a step that may have been a rollback, as nothing tells: the sentence says so',
      aClusterFacts({ heads: [aPoolHead({ rolledBackFrom: images.new, isStepBackUnknown: true })] }),
      'wait',
      'rolledBack',
      ['may have been rolled back', images.new],
    ],
    [
      'a rollback from the same release of another family',
      aClusterFacts({ heads: [aPoolHead({ rolledBackFrom: 'AKSUbuntu-2404gen2containerd-202601.07.0' })] }),
      'wait',
      'rolledBack',
      ['a release newer than 202601.07.0 of 2026-01-07', 'in whatever image family'],
    ],
    [
      'a rollback from a later number of the same day of another family',
      aClusterFacts({ heads: [aPoolHead({ rolledBackFrom: 'AKSUbuntu-2404gen2containerd-202601.07.1' })] }),
      'wait',
      'rolledBack',
      ['202601.07.1'],
    ],
  ])('%s: refused', (what, facts, verdict, reason, says) => {
    const others = {
      imageUnknown: ['upToDate', 'imageRetired', 'readFailed'],
      imageRetired: ['upToDate', 'imageUnknown'],
    };
    expectRefusal(what, facts, verdict, reason, says, enforce, others[reason as keyof typeof others]);
  });

  it.each<[string, ClusterFacts]>([
    ['a latest of another family', onImages(olderFamily, otherFamily)],
    ['a latest of another family with an older date', onImages(images.new, 'AKSAzureLinux-V3gen2-202512.18.0')],
    ['a retired family whose latest is another', onImages(frozen, otherFamily)],
    [
      'a release newer than the one that was left',
      aClusterFacts({ heads: [aPoolHead({ rolledBackFrom: images.old })] }),
    ],
    [
      'a later release of another family than the one that was left',
      {
        ...onImages(images.older, otherFamily),
        heads: [aPoolHead({ nodeImageVersion: images.older, rolledBackFrom: images.old })],
      },
    ],
  ])('%s: starts', (_what, facts) => {
    expect(decide(facts).reason).toBe('start');
  });
});

describe('what the policy asks of images', () => {
  // Released on 2026-01-07, a week before now.
  const latest = images.new;
  it.each<Row>([
    [
      'a blocked version',
      aClusterFacts(),
      'wait',
      'imageBlocked',
      [latest, `"${latest}"`, 'images.block'],
      aPolicy({ images: { block: ['AKSWindows-*', latest] } }),
    ],
    [
      'a blocked family',
      aClusterFacts(),
      'wait',
      'imageBlocked',
      ['"aksubuntu-*"'],
      aPolicy({ images: { block: ['aksubuntu-*'] } }),
    ],
    [
      'a blocked release',
      aClusterFacts(),
      'wait',
      'imageBlocked',
      ['"202601.07.?"'],
      aPolicy({ images: { block: ['202601.07.?'] } }),
    ],
    [
      'a release, blocked, that ARM writes with colons',
      onImages(images.old, latest.replaceAll('-', ':')),
      'wait',
      'imageBlocked',
      ['202601.07.0'],
      aPolicy({ images: { block: [latest] } }),
    ],
    [
      'a release, blocked, with a security patch',
      onImages(images.old, `${latest}-2026.01.12`),
      'wait',
      'imageBlocked',
      ['2026.01.12'],
      aPolicy({ images: { block: [latest] } }),
    ],
    [
      'a young image',
      aClusterFacts(),
      'wait',
      'imageTooYoung',
      [latest, '2026-01-07, 7 days ago', '8 days'],
      aPolicy({ images: { minimumAgeDays: 8 } }),
    ],
  ])('%s: refused', expectRefusal);

  it('says when a young image is old enough', () => {
    const policy = aPolicy({ images: { minimumAgeDays: 8 } });
    const { nextEligibleAt = '' } = decide(aClusterFacts(), policy);
    expect(nextEligibleAt).toBe('2026-01-15T00:00:00Z');
    const then = at(nextEligibleAt);
    expect(refusals(decide(aClusterFacts(), policy, then.subtract({ milliseconds: 1 })))).toContain('imageTooYoung');
    expect(refusals(decide(aClusterFacts(), policy, then))).not.toContain('imageTooYoung');
  });

  it.each<[string, Policy['images']]>([
    ['an image just old enough', { minimumAgeDays: 7 }],
    ['no minimum', { minimumAgeDays: 0 }],
    ['an empty block list', { block: [] }],
    ['others blocked', { block: ['*-202601.08.*', 'AKSWindows-*', '202601', ''] }],
  ])('%s: starts', (_what, policyImages) => {
    expect(decide(aClusterFacts(), aPolicy({ images: policyImages })).reason).toBe('start');
  });

  it('has nothing to say of a pool that is up to date', () => {
    const decision = decide(onImages(latest, latest), aPolicy({ images: { minimumAgeDays: 90, block: ['*'] } }));
    expect(refusals(decision)).toEqual(['upToDate']);
  });
});

describe('who upgrades the node images (AKS-FACTS section 3)', () => {
  it.each<[string, Partial<ClusterFacts['cluster']>, string, string]>([
    ['channel NodeImage', { nodeOsUpgradeChannel: 'nodeImage' }, 'Linux', 'NodeImage'],
    ['no channel, which is NodeImage', { nodeOsUpgradeChannel: undefined }, 'Linux', 'not set'],
    ['SecurityPatch on Linux', { nodeOsUpgradeChannel: 'SecurityPatch' }, 'Linux', 'SecurityPatch'],
    ['SecurityPatch on an OS not known', { nodeOsUpgradeChannel: 'securitypatch' }, 'Unknown', 'Unknown nodes'],
    ['a channel not known', { nodeOsUpgradeChannel: 'HotPatch' }, 'Windows', 'HotPatch'],
    ['cluster channel node-image', { upgradeChannel: 'Node-Image' }, 'Windows', 'node-image'],
    ['a cluster channel not known', { upgradeChannel: 'weekly' }, 'Linux', 'weekly'],
    ['an Automatic cluster', { sku: 'automatic' }, 'Linux', 'Automatic'],
  ])('%s: AKS', (what, cluster, osType, says) => {
    const facts = aClusterFacts({ cluster, nodePools: [aPool({ osType })] });
    expectRefusal(what, facts, 'skip', 'autoUpgradeChannelActive', [says]);
  });

  it.each<[string, Partial<ClusterFacts['cluster']>, string]>([
    ['None', { nodeOsUpgradeChannel: 'none' }, 'Linux'],
    ['Unmanaged', { nodeOsUpgradeChannel: 'Unmanaged' }, 'Linux'],
    ['SecurityPatch on Windows', { nodeOsUpgradeChannel: 'SecurityPatch' }, 'windows'],
    ['a Kubernetes channel', { upgradeChannel: 'Stable' }, 'Linux'],
    ['no cluster channel', { upgradeChannel: undefined }, 'Linux'],
    ['no SKU', { sku: undefined }, 'Linux'],
  ])('%s: the keeper', (_what, cluster, osType) => {
    expect(decide(aClusterFacts({ cluster, nodePools: [aPool({ osType })] })).reason).toBe('start');
  });
});

/** Refused for this and for nothing else but `others`, in one or two sentences with the facts. */
function expectRefusal(
  _what: string,
  facts: ClusterFacts,
  verdict: Verdict,
  reason: string,
  says: readonly string[],
  policy: PolicyInForce = enforce,
  others: readonly string[] = [],
): void {
  const decision = decide(facts, policy);
  const refusal = [decision, ...decision.also].find((other) => other.reason === reason);
  expect(refusals(decision)).toContain(reason);
  expect(refusals(decision).filter((other) => other !== reason && !others.includes(other))).toEqual([]);
  if (others.length === 0) expect(decision).toMatchObject({ verdict, reason });
  for (const fact of says) expect(refusal?.sentence).toContain(fact);
  expect(refusal?.sentence).toMatch(/^[^.].*[^.]\.$/);
}
