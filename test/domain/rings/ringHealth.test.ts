import { describe, expect, it } from 'vitest';
import { type NodeImageVersion, parseNodeImageVersion } from '../../../shared/domain/image/nodeImageVersion.ts';
import type { Run } from '../../../shared/domain/ledger/heads.ts';
import type { RingPool } from '../../../shared/domain/rings/ringHealth.ts';
import { type RingHealth, ringHealth } from '../../../shared/domain/rings/ringHealth.ts';
import { after, anAttempt, aPool, aPoolHead, clusterId, images, now } from '../../builders.ts';

const newest = 'AKSUbuntu-2204gen2containerd-202601.14.0';
const other = 'AKSUbuntu-2404gen2containerd-202601.07.0';

const hours = (count: number) => after(count * 60);
const run = (nodeImageVersion: string, since: number, until?: number): Run => ({
  nodeImageVersion,
  since: hours(since),
  ...(until === undefined ? {} : { until: hours(until) }),
});

/** A pool of the ring on the newest of its runs, or else on the old image. */
function member(
  runs: readonly Run[],
  { pool = {}, head = {}, ...rest }: { pool?: object; head?: object; isExcused?: boolean; latest?: string } = {},
): RingPool {
  const nodeImageVersion = runs[0]?.nodeImageVersion ?? images.old;
  return {
    cluster: clusterId,
    pool: aPool({ nodeImageVersion, ...pool }),
    head: aPoolHead({ nodeImageVersion, runs, ...head }),
    latest: images.new,
    isRead: true,
    isExcused: false,
    ...rest,
  };
}

function read(text: string): NodeImageVersion {
  const version = parseNodeImageVersion(text);
  if (!version) throw new Error(text);
  return version;
}

/** How the new image does in a ring of these pools that soaks for a day. */
const healthOf = (pools: readonly RingPool[], image: string = images.new): RingHealth =>
  ringHealth({ name: 'dev', selectors: [{ cluster: '*' }], ringSoakHours: 24 }, pools, read(image), now);

const soaked = member([run(images.new, -24), run(images.old, -500, -24)]);
const soaking = member([run(images.new, -20), run(images.old, -500, -20)]);
const behind = member([run(images.old, -500)]);
const beyond = member([run(newest, -1), run(images.old, -500, -1)]);
const failed = member([run(images.old, -500, -2)], { pool: { provisioningState: 'Failed' } });
const name = 'aks-shop-we/apps';

describe('what a ring says of a release', () => {
  it.each<[string, readonly RingPool[], RingHealth]>([
    ['every pool ran it for the soak, to the minute', [soaked, soaked], { kind: 'soaked' }],
    ['the last pool has four hours to go', [soaked, soaking], { kind: 'soaking', until: after(240), pools: [name] }],
    [
      'nodes of a pool that ran it are behind',
      [
        soaked,
        member([run(images.old, -500, -2)], {
          pool: { nodeImageVersion: images.new },
          head: { nodeImageVersion: images.new, nodesBehind: { proof: 'nodes', nodes: {}, countedAt: hours(-1) } },
        }),
      ],
      { kind: 'unhealthy', pools: [name] },
    ],
    [
      'a clock that ran ahead dated the end of its run, so that nobody knows how long it was',
      [member([run(images.old, -1), run(images.new, -30, 40 * 24)])],
      { kind: 'behind', pools: [name] },
    ],
    ['a pool has yet to get it', [soaked, behind], { kind: 'behind', pools: [name] }],
    ['a pool could not be read', [soaked, { ...soaked, isRead: false }], { kind: 'unread', pools: [name] }],
    ['a pool failed, which is worse than being behind', [soaked, behind, failed], { kind: 'unhealthy', pools: [name] }],
    [
      'a pool went on after it had run it long enough',
      [member([run(newest, -1), run(images.new, -30, -1)])],
      { kind: 'soaked' },
    ],
    ['a pool went on before', [member([run(newest, -1), run(images.new, -20, -1)])], { kind: 'passedOver' }],
    ['a pool that never ran it, and runs a newer one, is in nobody’s way', [soaked, beyond], { kind: 'soaked' }],
    ['no pool ever ran it', [beyond], { kind: 'passedOver' }],
    ['no pool is of its family', [member([run(other, -500)], { latest: other })], { kind: 'lacksFamily' }],
    ['a ring without pools', [], { kind: 'lacksFamily' }],
    [
      'a pool that left the family after it ran it',
      [member([run(other, -1), run(images.new, -40, -1)], { latest: other })],
      { kind: 'soaked' },
    ],
    [
      'seed 433: a pool that left the family before it had run it long enough is waited for no more',
      [soaked, member([run(other, -1), run(images.new, -3, -1)], { latest: other })],
      { kind: 'soaked' },
    ],
    ['a pool that is about to join the family', [member([run(other, -500)])], { kind: 'behind', pools: [name] }],
    ['a patch of the release is the release', [member([run(`${images.new}-2026.01.13`, -30)])], { kind: 'soaked' }],
    [
      'a pool that ARM shows on another image than the ledger',
      [member([run(images.new, -30)], { pool: { nodeImageVersion: images.old } })],
      { kind: 'behind', pools: [name] },
    ],
    ['a pool that the ledger does not know', [{ ...soaked, head: undefined }], { kind: 'behind', pools: [name] }],
    [
      'a pool whose health since the roll was not seen yet',
      [member([], { pool: { nodeImageVersion: images.new }, head: { nodeImageVersion: images.new } })],
      { kind: 'behind', pools: [name] },
    ],
  ])('%s', (_, pools, expected) => {
    expect(healthOf(pools)).toEqual(expected);
  });

  const attempt = { id: anAttempt().id, opensAt: hours(-30), closesAt: hours(-26), outcome: 'failed' as const };
  it.each<[string, object, RingHealth['kind']]>([
    ['its attempt at the release failed', { lastAttempt: { ...attempt, to: images.new, failures: 1 } }, 'unhealthy'],
    ['its attempt at another release failed', { lastAttempt: { ...attempt, to: newest, failures: 1 } }, 'soaked'],
    [
      'its attempt failed before that, and somebody repaired it (seed 220)',
      { lastAttempt: { ...attempt, opensAt: hours(-31), to: images.new, failures: 1 } },
      'soaked',
    ],
    ['its attempt succeeded at last', { lastAttempt: { ...attempt, to: images.new, failures: 0 } }, 'soaked'],
    ['it was rolled back from it', { rolledBackFrom: images.new }, 'unhealthy'],
    ['it was rolled back from a newer one', { rolledBackFrom: newest }, 'unhealthy'],
    ['it was rolled back from an older one', { rolledBackFrom: images.old }, 'soaked'],
  ])('a pool that ran it long enough, and %s', (_, head, expected) => {
    expect(healthOf([member([run(images.new, -30)], { head })]).kind).toBe(expected);
  });

  const stepBack = (rolledBackFrom: string) => member([run(other, -1)], { latest: other, head: { rolledBackFrom } });
  it.each<[string, string, RingHealth['kind']]>([
    ['this release', images.new, 'unhealthy'],
    ['a newer one of its family', newest, 'unhealthy'],
    ['an older one of its family: it is no matter of this release', images.old, 'soaked'],
    ['the same release of a family that is none of this ring', 'AKSUbuntu-2404gen2containerd-202601.07.0', 'soaked'],
  ])('a pool that went to another family when it was rolled back from %s', (_, left, expected) => {
    expect(healthOf([soaked, stepBack(left)]).kind).toBe(expected);
  });

  it.each<[string, string, RingHealth['kind']]>([
    ['the same release of another family', 'AKSUbuntu-2404gen2containerd-202601.07.0', 'unhealthy'],
    ['an older release of another family', 'AKSUbuntu-2404gen2containerd-202512.18.0', 'soaked'],
    ['what can’t be read', 'custom-image', 'unhealthy'],
  ])('a pool that ran it long enough, and was rolled back from %s', (_, rolledBackFrom, expected) => {
    expect(healthOf([member([run(images.new, -30)], { head: { rolledBackFrom } })]).kind).toBe(expected);
  });

  it.each<[string, RingPool, RingHealth['kind']]>([
    ['one that has yet to get it', behind, 'soaked'],
    ['one that failed', failed, 'soaked'],
    ['one that just got it', soaking, 'soaked'],
    ['one without a head', { ...behind, head: undefined }, 'soaked'],
  ])('waits for no pool that is held, stopped or unsupported: %s', (_, pool, expected) => {
    expect(healthOf([soaked, { ...pool, isExcused: true }]).kind).toBe(expected);
  });

  it('is not soaked by excuses alone', () => {
    expect(healthOf([{ ...behind, isExcused: true }]).kind).toBe('passedOver');
  });

  it('counts what a pool ran before it was held', () => {
    expect(healthOf([{ ...soaked, isExcused: true }]).kind).toBe('soaked');
  });

  it('knows nothing of a release of before its pools', () => {
    expect(healthOf([soaked], images.older).kind).toBe('passedOver');
  });
});
