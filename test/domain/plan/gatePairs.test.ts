// Which reason comes first where two gates refuse at once: what does not go away by itself. Every pair that can meet is tried.
import { describe, expect, it } from 'vitest';
import type { Cluster, NodePool } from '../../../shared/domain/cluster/cluster.ts';
import type { PoolHead } from '../../../shared/domain/ledger/heads.ts';
import { gateOrder, type RefusalReason, verdicts } from '../../../shared/domain/plan/decision.ts';
import { plan } from '../../../shared/domain/plan/plan.ts';
import type { Policy, PolicyInForce } from '../../../shared/domain/policy/policy.ts';
import type { ClusterFacts } from '../../../shared/domain/rings/clusterFacts.ts';
import { fleetState } from '../../../shared/domain/rings/ringState.ts';
import { after, anAttempt, aPool, aPoolHead, at, aWindow, clusterId, images, now } from '../../builders.ts';
import { aClusterFacts, refusals } from '../rings/aClusterFacts.ts';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A pool of ring prd that would start now: ring dev has soaked what it is offered. Spoilers change it in place. */
type Scene = {
  pool: Mutable<Partial<NodePool>>;
  more: NodePool[];
  cluster: Mutable<Partial<Cluster>>;
  head: Mutable<Partial<PoolHead>>;
  facts: Mutable<Partial<Omit<ClusterFacts, 'cluster' | 'latest' | 'window'>>>;
  window: object | undefined;
  latest: string;
  dev: { current: string; pool?: Partial<NodePool>; attempt?: ClusterFacts['attempt'] };
  policy: Mutable<Partial<Policy>>;
  prd: object;
  standing: Mutable<Partial<PolicyInForce>>;
  now: typeof now;
};

const hold = { id: 'h', owner: 'ada', reason: 'sales', createdAt: '2026-01-01T00:00:00Z', createdBy: 'ada' } as const;
const lastAttempt = {
  id: 'a-1',
  opensAt: at('2026-01-14T01:00:00Z'),
  closesAt: at('2026-01-14T05:00:00Z'),
  outcome: 'failed',
  to: images.new,
  failures: 1,
} as const;
const frozenLine = 'AKSAzureLinux-V2gen2-202511.11.0';

function verdict(scene: Scene, reason: ClusterFacts['verdicts'][number]['reason']): void {
  const given = { nodePool: 'apps', reason, message: 'ARM said no.', retryAt: after(10) };
  scene.facts.verdicts = [...(scene.facts.verdicts ?? []), given];
}

/** What makes each gate refuse, alone or with others. */
const spoilers: Readonly<Record<RefusalReason, (scene: Scene) => void>> = {
  notSelected: ({ policy }) => (policy.selectors = [{ cluster: 'other' }]),
  readFailed: ({ facts }) => (facts.problem = '503 ServerBusy'),
  unsupportedPool: ({ pool }) => (pool.mode = 'ManagedSystem'),
  poolFailed: ({ pool }) => (pool.provisioningState = 'Canceled'),
  clusterFailed: ({ cluster }) => (cluster.provisioningState = 'Canceled'),
  imageUnknown: ({ pool }) => (pool.nodeImageVersion = undefined),
  nodesBehind: ({ head }) =>
    (head.nodesBehind = { proof: 'nodes', nodes: { total: 3, upToDate: 1 }, countedAt: after(-9) }),
  imageRetired: (scene) => {
    scene.pool.nodeImageVersion = frozenLine;
    scene.latest = frozenLine;
  },
  upToDate: ({ pool }) => (pool.nodeImageVersion = images.new),
  autoUpgradeChannelActive: ({ cluster }) => (cluster.nodeOsUpgradeChannel = 'NodeImage'),
  noWindow: (scene) => (scene.window = undefined),
  windowUnreadable: (scene) => (scene.window = aWindow({ durationHours: 3 })),
  windowNotAnchored: (scene) => (scene.window = aWindow({ schedule: { daily: { intervalDays: 2 } } })),
  estimateUnknown: ({ pool }) => (pool.count = undefined),
  windowTooShort: ({ pool, policy }) => {
    Object.assign(pool, { count: 60, maxSurge: '1' });
    policy.overrun = 'block';
  },
  unsoakedFamily: (scene) => {
    scene.prd = { ...scene.prd, unsoakedFamily: 'block' };
    scene.latest = 'AKSUbuntu-2404gen2containerd-202601.07.0';
  },
  preflightFailed: (scene) => verdict(scene, 'preflightFailed'),
  clockSkew: ({ facts }) => (facts.armDate = { value: undefined }),
  clusterStopped: ({ cluster }) => (cluster.powerState = 'Stopped'),
  poolStopped: ({ pool }) => (pool.powerState = 'Stopped'),
  held: ({ standing }) => (standing.holds = [{ ...hold, scope: 'fleet' }]),
  imageBlocked: ({ policy }) => (policy.images = { ...policy.images, block: ['*'] }),
  rolledBack: ({ head }) => (head.rolledBackFrom = 'AKSUbuntu-2204gen2containerd-202602.07.0'),
  approvalNeeded: (scene) => (scene.prd = { ...scene.prd, approval: true }),
  retryLater: (scene) => verdict(scene, 'retryLater'),
  ringWaiting: ({ dev }) => (dev.current = images.old),
  attemptInFlight: ({ facts }) => (facts.attempt = anAttempt({ nodePool: 'batch' })),
  clusterBusy: ({ more }) => more.push(aPool({ name: 'batch', provisioningState: 'Updating' })),
  poolBusy: ({ pool }) => (pool.provisioningState = 'Updating'),
  imageTooYoung: ({ policy }) => (policy.images = { ...policy.images, minimumAgeDays: 30 }),
  notAllowedDate: (scene) =>
    (scene.window = aWindow({ notAllowedDates: [{ start: '2026-01-14', end: '2026-01-14' }] })),
  outsideWindow: (scene) => (scene.now = at('2026-01-14T01:00:30Z')),
  windowClosing: (scene) => (scene.now = at('2026-01-14T04:50:00Z')),
  alreadyStartedThisWindow: ({ head }) => (head.lastAttempt = lastAttempt),
  poolOrder: ({ more }) => more.push(aPool({ name: 'aaa', nodeImageVersion: images.older })),
  concurrencyLimit: (scene) => (scene.prd = { ...scene.prd, concurrency: 1 }),
  budget: ({ facts }) => (facts.budgetFreeAt = after(5)),
  observeOnly: ({ policy }) => (policy.mode = 'observe'),
};

function decide(...reasons: readonly RefusalReason[]) {
  const scene: Scene = {
    pool: {},
    more: [],
    cluster: {},
    head: {},
    facts: {},
    window: aWindow(),
    latest: images.new,
    dev: { current: images.new },
    policy: {},
    prd: {},
    standing: {},
    now,
  };
  for (const reason of reasons) spoilers[reason](scene);
  const { dev, prd, standing } = scene;
  const nodePools = [aPool(scene.pool), ...scene.more];
  const subject = aClusterFacts({
    nodePools,
    latest: scene.latest,
    cluster: scene.cluster,
    heads: nodePools.map(({ name }) => aPoolHead({ nodePool: name, ...(name === 'apps' && scene.head) })),
    ...scene.facts,
  });
  const facts = { ...subject, window: { value: { readAt: now, maintenanceWindow: scene.window } } };
  // One more cluster of ring prd rolls, for its limit.
  const idOf = (name: string) => clusterId.replace('aks-shop-we', name);
  const rolling = aClusterFacts({ cluster: { id: idOf('prd-2') }, attempt: anAttempt({ nodePool: 'apps' }) });
  const before = aClusterFacts({
    cluster: { id: idOf('dev-1') },
    nodePools: [aPool({ nodeImageVersion: dev.current })],
    heads: [
      aPoolHead({ nodeImageVersion: dev.current, runs: [{ nodeImageVersion: dev.current, since: after(-60 * 500) }] }),
    ],
  });
  const rings = [
    { name: 'dev', selectors: [{ cluster: 'dev-*' }] },
    { name: 'prd', selectors: [{ cluster: 'aks-shop-*' }, { cluster: 'prd-*' }], ...prd },
  ];
  const policy: PolicyInForce = { policy: { mode: 'enforce', rings, ...scene.policy }, ...standing };
  const state = fleetState([before, facts, rolling], policy, scene.now);
  const [decision] = plan(facts, state.policy, scene.now, state.rings);
  if (!decision) throw new Error('The cluster has no pool.');
  return decision;
}

it('starts where nothing is spoiled', () => {
  expect(decide()).toMatchObject({ reason: 'start', also: [] });
});

it.each(gateOrder)('%s refuses where it is meant to', (reason) => {
  const decision = decide(reason);
  expect(refusals(decision)).toContain(reason);
  expect(decision.verdict).toBe(verdicts[decision.reason as RefusalReason]);
});

it('has every reason that needs a repair, or that needs nothing, before every reason that waits', () => {
  const waits = gateOrder.map((reason) => verdicts[reason] === 'wait');
  expect(waits.slice(waits.indexOf(true)).every(Boolean)).toBe(true);
});

describe('of two that refuse at once the first is the one to act on', () => {
  it.each<[what: string, first: RefusalReason, other: RefusalReason]>([
    ['a pool in a ring, of a cluster without a window', 'noWindow', 'ringWaiting'],
    ['a release to approve, of a cluster without a window', 'noWindow', 'approvalNeeded'],
    ['a held pool of a cluster without a window', 'noWindow', 'held'],
    ['a stopped cluster without a window', 'noWindow', 'clusterStopped'],
    ['a busy cluster without a window', 'noWindow', 'clusterBusy'],
    ['a young image, of a cluster without a window', 'noWindow', 'imageTooYoung'],
    ['a window that nobody can read, while a ring soaks', 'windowUnreadable', 'ringWaiting'],
    ['a window that nobody can read, while another pool rolls', 'windowUnreadable', 'attemptInFlight'],
    ['a window that counts from no day, while held', 'windowNotAnchored', 'held'],
    ['a canceled cluster, outside its window', 'clusterFailed', 'outsideWindow'],
    ['a canceled cluster that is stopped', 'clusterFailed', 'clusterStopped'],
    ['a canceled cluster without a window', 'clusterFailed', 'noWindow'],
    ['a canceled cluster whose pools are up to date', 'clusterFailed', 'upToDate'],
    ['a canceled pool of a canceled cluster', 'poolFailed', 'clusterFailed'],
    ['a canceled pool, while another is busy', 'poolFailed', 'clusterBusy'],
    ['a retired image, on a stopped pool', 'imageRetired', 'poolStopped'],
    ["AKS's own pool of a canceled cluster", 'unsupportedPool', 'clusterFailed'],
    ["AKS's own pool of a cluster without a window", 'unsupportedPool', 'noWindow'],
    ['AKS upgrades the pool, and there is no window', 'autoUpgradeChannelActive', 'noWindow'],
    ['AKS upgrades the pool, and somebody holds it', 'autoUpgradeChannelActive', 'held'],
    ['a pool that is up to date, without a window', 'upToDate', 'noWindow'],
    ['a pool that fits no window, and waits for its ring', 'windowTooShort', 'ringWaiting'],
    ['a pool of unknown size, outside its window', 'estimateUnknown', 'outsideWindow'],
    ['a family that may not start unsoaked, outside the window', 'unsoakedFamily', 'outsideWindow'],
    ['no room for the roll, while the budget is spent', 'preflightFailed', 'budget'],
    ['clocks apart, while the window is closed', 'clockSkew', 'outsideWindow'],
    ['a hold without an end, while the cluster is busy', 'held', 'clusterBusy'],
    ['a release to approve, while the ring before soaks', 'approvalNeeded', 'ringWaiting'],
    ['a request that ARM refused, outside the window', 'retryLater', 'outsideWindow'],
    ['a ring that waits, while another pool rolls', 'ringWaiting', 'attemptInFlight'],
    ['a stopped pool, outside its window', 'poolStopped', 'outsideWindow'],
  ])('%s: %s before %s', (_what, first, other) => {
    const decision = decide(first, other);
    expect(refusals(decision)).toEqual(expect.arrayContaining([first, other]));
    expect(decision).toMatchObject({ reason: first, verdict: verdicts[first] });
    expect(decide(other, first).reason).toBe(first);
  });

  it('in every pair, by gateOrder', () => {
    let met = 0;
    for (const one of gateOrder) {
      for (const other of gateOrder) {
        const said = refusals(decide(one, other));
        const first = gateOrder.find((reason) => said.includes(reason));
        expect(said[0], `${one} and ${other}`).toBe(first);
        if (said.includes(one) && said.includes(other)) met += 1;
      }
    }
    // Those that can't meet are of the window (it has one state) and of the image (nothing is offered to a pool without one).
    expect(met).toBeGreaterThan(1100);
  });
});

describe('a pool that is under way is not called up to date, whatever it shows', () => {
  it('while it is busy', () => {
    expect(decide('upToDate', 'poolBusy')).toMatchObject({ verdict: 'wait', reason: 'poolBusy' });
  });

  it('while the keeper upgrades it', () => {
    const facts = aClusterFacts({
      nodePools: [aPool({ nodeImageVersion: images.new })],
      attempt: anAttempt({ nodePool: 'APPS' }),
    });
    const [decision] = plan(facts, { policy: { mode: 'enforce' } }, now);
    expect(decision).toMatchObject({ verdict: 'wait', reason: 'attemptInFlight' });
  });

  it('but it is while another pool of its cluster rolls', () => {
    expect(decide('upToDate', 'attemptInFlight')).toMatchObject({ verdict: 'skip', reason: 'upToDate' });
  });
});
