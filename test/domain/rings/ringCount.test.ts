// Rings as a pass counted them: a start that goes by the count judges as the pass did, or waits.
import { describe, expect, it } from 'vitest';
import { clusterKey } from '../../../shared/domain/cluster/clusterId.ts';
import { parseNodeImageVersion } from '../../../shared/domain/image/nodeImageVersion.ts';
import { toAppend } from '../../../shared/domain/ledger/append.ts';
import type { EntryBody } from '../../../shared/domain/ledger/ledger.ts';
import type { Hold } from '../../../shared/domain/policy/hold.ts';
import type { PolicyInForce } from '../../../shared/domain/policy/policy.ts';
import { countRings, RingCount, ringsAsCounted, whyNotCounted } from '../../../shared/domain/rings/ringCount.ts';
import { isCounted, newsIn } from '../../../shared/domain/rings/ringNews.ts';
import { fleetState } from '../../../shared/domain/rings/ringState.ts';
import {
  aCluster,
  after,
  anAttempt,
  aPool,
  aPoolHead,
  aRollEntry,
  clusterId,
  heads,
  images,
  now,
} from '../../builders.ts';
import { aClusterFacts } from './aClusterFacts.ts';

const rings = ['dev', 'test', 'prod'].map((name) => ({ name, selectors: [{ cluster: `${name}-*` }] }));
const policy: PolicyInForce = { policy: { mode: 'enforce', rings } };
const idOf = (name: string) => clusterId.replace('aks-shop-we', name);
const patched = `${images.new}-2026.01.10`;

/** A cluster that has run an image for so many hours. */
function cluster(name: string, current: string, hours: number, latest = images.new) {
  const runs = [{ nodeImageVersion: current, since: after(-hours * 60) }];
  const nodePools = [aPool({ nodeImageVersion: current })];
  const own = { nodePools, heads: [aPoolHead({ nodeImageVersion: current, runs })], latest };
  return aClusterFacts({ ...own, cluster: { id: idOf(name) } });
}

/** As it stands in a row. */
const stored = (count: RingCount) => RingCount.parse(JSON.parse(JSON.stringify(count)));
const countOf = (fleet: Parameters<typeof fleetState>[0], of = policy) =>
  stored(countRings(fleetState(fleet, of, now), of, fleet, now));
const release = (image: string) => {
  const version = parseNodeImageVersion(image);
  if (!version) throw new Error(`${image} is no image.`);
  return version;
};

describe('how a ring does', () => {
  const many = Array.from({ length: 9 }, (_, index) => cluster(`test-${index}`, images.old, 500));
  it.each([
    ['soaked', [cluster('dev-1', images.new, 500)]],
    ['soaking', [cluster('dev-1', images.new, 2)]],
    ['behind', [cluster('dev-1', images.old, 500)]],
    ['lacksFamily', []],
  ])('is the same by the count as by the fleet: %s', (kind, fleet) => {
    const all = [...fleet, cluster('prod-1', images.old, 500)];
    const [dev] = ringsAsCounted(countOf(all), policy, []);
    expect(dev?.healthOf(release(images.new))).toEqual(
      fleetState(all, policy, now).rings[0]?.healthOf(release(images.new)),
    );
    expect(dev?.healthOf(release(images.new)).kind).toBe(kind);
  });

  it('names some of the pools, and counts the others', () => {
    const [, test] = ringsAsCounted(countOf(many), policy, []);
    expect(test?.healthOf(release(images.new))).toMatchObject({ kind: 'behind', pools: { length: 5 }, more: 4 });
  });

  it('is not known of a release that came after the count, nor of one with another security patch', () => {
    const [dev] = ringsAsCounted(countOf([cluster('dev-1', images.new, 500)]), policy, []);
    expect(dev?.healthOf(release('AKSUbuntu-2204gen2containerd-202602.01.0')).kind).toBe('uncounted');
    expect(dev?.healthOf(release(patched)).kind).toBe('uncounted');
  });
});

it.each([
  ['first', [images.new, patched]],
  ['last', [patched, images.new]],
])('a security patch of a release that was rolled back is judged by itself: asked %s', (_what, order) => {
  const back = { nodeImageVersion: images.old, rolledBackFrom: images.new };
  const own = { nodePools: [aPool({ nodeImageVersion: images.old })], heads: [aPoolHead(back)] };
  const { rings: states } = fleetState([aClusterFacts({ ...own, cluster: { id: idOf('dev-1') } })], policy, now);
  const kinds = new Map(order.map((image) => [image, states[0]?.healthOf(release(image)).kind]));
  expect([kinds.get(images.new), kinds.get(patched)]).toEqual(['unhealthy', 'behind']);
});

it('attempts are in the ring that they were started in, or were counted in; those of before in every one', () => {
  const attempts = [
    anAttempt({ id: 'a', cluster: idOf('dev-1'), ring: 'Dev' }),
    anAttempt({ id: 'b', cluster: idOf('prod-1'), ring: 'prod' }),
    anAttempt({ id: 'c', cluster: idOf('x'), ring: undefined }),
    'a claim that can’t be read',
  ];
  const [dev] = ringsAsCounted(undefined, policy, attempts);
  expect(dev?.inFlight.map((key) => key.split('|')[2] ?? key)).toEqual(['dev-1', 'x', 'a claim that can’t be read']);
});

describe('a start does not go by a count', () => {
  const count = countOf([cluster('dev-1', images.new, 500)]);
  const news = (of: string[] | undefined) => [{ news: { cluster: idOf('x'), sequence: 1, at: now, rings: of } }];
  const hold: Hold = {
    id: 'h1',
    scope: 'fleet',
    owner: 'shop',
    reason: 'sales',
    createdAt: '2026-01-01T00:00:00Z',
    createdBy: 'ada',
  };
  const held = { ...policy, holds: [hold] };
  const limited = { policy: { ...policy.policy, failureLimit: { pools: 2, hold: 'ring' as const } } };
  const none = { policy: { mode: 'enforce' as const, failureLimit: { pools: 2, hold: 'release' as const } } };
  type Known = Parameters<typeof whyNotCounted>[0];
  it.each<[string, Known, PolicyInForce, string | undefined, string | undefined]>([
    ['that is not there', { count: undefined, news: [] }, policy, 'prod', 'has not been counted'],
    ['that is there', { count, news: [] }, policy, 'prod', undefined],
    [
      'by another policy',
      { count, news: [] },
      { policy: { ...policy.policy, overrun: 'block' } },
      'prod',
      'policy was changed',
    ],
    ['of hours ago', { count: { ...count, countedAt: after(-16) }, news: [] }, policy, 'prod', 'last counted at'],
    [
      'of a clock that ran ahead',
      { count: { ...count, countedAt: after(16) }, news: [] },
      policy,
      'prod',
      'last counted at',
    ],
    ['since a hold was lifted', { count: countOf([], held), news: [] }, policy, 'prod', 'Hold h1 ended'],
    ['while that hold stands', { count: countOf([], held), news: [] }, held, 'prod', undefined],
    ['since news of a ring before', { count, news: news(['dev']) }, policy, 'prod', 'There is news'],
    ['since news of its own', { count, news: news(['test']) }, policy, 'test', undefined],
    ['since news of a later one', { count, news: news(['prod']) }, policy, 'test', undefined],
    ['since news of nobody knows which', { count, news: news(undefined) }, policy, 'test', 'There is news'],
    [
      'of the first ring, which waits for nobody',
      { count: undefined, news: news(undefined) },
      policy,
      'dev',
      undefined,
    ],
    [
      'of the first ring under a limit of failures',
      { count: countOf([], limited), news: news(['prod']) },
      limited,
      'dev',
      'There is news',
    ],
    ['without rings, under a limit', { count: countOf([], none), news: news([]) }, none, undefined, 'There is news'],
    [
      'without either',
      { count: undefined, news: news(undefined) },
      { policy: { mode: 'enforce' } },
      undefined,
      undefined,
    ],
  ])('%s', (_what, known, inForce, ring, why) => {
    const said = whyNotCounted(known, inForce, ring, now);
    expect(said).toEqual(why === undefined ? undefined : expect.stringContaining(why));
  });
});

describe('news', () => {
  const {
    sequence: _sequence,
    hash: _hash,
    ...roll
  } = { ...aRollEntry(), cluster: idOf('dev-1') } as never as Record<string, unknown>;
  const chain = { ...heads([]).chain, cluster: idOf('dev-1'), sequence: 7, hash: '0'.repeat(64), observedAt: now };
  const dev = aCluster({ id: idOf('dev-1'), nodePools: [aPool({ name: 'apps' })] });
  const append = (body: object, withHeads = false) => {
    const made = toAppend(chain, [{ ...roll, ...body } as unknown as EntryBody], now);
    return [withHeads ? { ...made, heads: [aPoolHead()] } : made];
  };
  const ofRoll = (fields: object) => append({ kind: 'transition', nodePool: 'apps', ...fields });
  it.each<[string, ReturnType<typeof append>, boolean]>([
    ['a roll that went well and forward', ofRoll({ outcome: 'succeeded', direction: 'forward' }), false],
    ['one that failed', ofRoll({ outcome: 'failed', direction: 'forward' }), true],
    ['one whose nodes are not all there', ofRoll({ outcome: 'partial', direction: 'forward' }), true],
    ['a step back', ofRoll({ outcome: 'succeeded', direction: 'back' }), true],
    ['what may be one', ofRoll({ outcome: 'succeeded', direction: 'unknown' }), true],
    ['a pool that came', append({ kind: 'firstSeen', nodePool: 'apps' }), true],
    ['a pool that went', append({ kind: 'gone', nodePool: 'apps' }), true],
    ['heads that were rebuilt', append({ kind: 'gap' }, true), true],
    ['hours that nobody saw', append({ kind: 'gap' }), false],
    ['who did it', append({ kind: 'amendment', nodePool: 'apps', outcome: undefined }), false],
    ['a proof that shows less', append({ kind: 'amendment', nodePool: 'apps', outcome: 'partial' }), true],
  ])('%s', (_what, appends, isNews) => {
    const news = newsIn(appends, dev, policy.policy, now);
    expect(news !== undefined).toBe(isNews);
    if (news) expect(news).toMatchObject({ cluster: idOf('dev-1'), sequence: 8 });
  });

  it('is of the rings of its pools, or of any where those are not known', () => {
    const failed = ofRoll({ outcome: 'failed' });
    expect(newsIn(failed, dev, policy.policy, now)?.rings).toEqual(['dev']);
    expect(newsIn(failed, undefined, policy.policy, now)?.rings).toBeUndefined();
    expect(newsIn(append({ kind: 'gone', nodePool: 'apps' }), dev, policy.policy, now)?.rings).toBeUndefined();
    const byTag = { mode: 'enforce' as const, rings: [{ name: 'dev', selectors: [{ tags: { ring: 'dev' } }] }] };
    const cut = { ...dev, tags: {}, keptTags: [] };
    expect(newsIn(failed, cut, byTag, now)?.rings).toBeUndefined();
  });

  it('is counted where the ledger was known up to it, or it can’t come any more', () => {
    const news = { cluster: idOf('dev-1'), sequence: 8, at: now };
    const key = clusterKey(idOf('dev-1'));
    expect(isCounted(news, new Map([[key, 7]]), after(1))).toBe(false);
    expect(isCounted(news, new Map([[key, 8]]), after(1))).toBe(true);
    expect(isCounted(news, new Map(), after(14))).toBe(false);
    expect(isCounted(news, new Map(), after(16))).toBe(true);
  });
});
