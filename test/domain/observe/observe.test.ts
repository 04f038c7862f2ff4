import { describe, expect, it } from 'vitest';
import type { Cluster, NodePool } from '../../../shared/domain/cluster/cluster.ts';
import type { PoolHead } from '../../../shared/domain/ledger/heads.ts';
import type { Hint, Observation } from '../../../shared/domain/observe/observation.ts';
import {
  aCluster,
  after,
  aLedger,
  anAttempt,
  anObservation,
  anUnansweredAttempt,
  aPool,
  aPoolHead,
  clusterId,
  heads,
  images,
  now,
} from '../../builders.ts';

const iso = (minutes: number) => after(minutes).toString();
const between = (from: number | null, to: number) => [from === null ? null : after(from), after(to)] as const;
const betweenIso = (from: number | null, to: number) => [from === null ? null : iso(from), iso(to)] as const;
const hint = (kind: Hint['kind'], minutes: number, nodePool = 'apps'): Hint => ({ kind, nodePool, at: after(minutes) });
const withPool = (pool: Partial<NodePool>): Cluster => aCluster({ nodePools: [aPool(pool)] });

/** What a read of the pool does to a ledger that last looked ten minutes ago, at 01:20, and saw it on the old image. */
function read(pool: Partial<NodePool>, head: Partial<PoolHead> = {}, rest: Partial<Observation> = {}) {
  const ledger = aLedger(heads([aPoolHead(head)]));
  const entries = ledger.take(anObservation({ cluster: withPool(pool), ...rest }));
  return { entries, head: ledger.heads().pools[0], ledger };
}

const isNew = { nodeImageVersion: images.new };
const busy = { provisioningState: 'UpgradingNodeImageVersion' };
const eTag = 'etag-1';
const upgrading = { isUpgrade: true, startedBetween: between(-15, -12), eTag };
const dated = { ...upgrading, startedAt: after(-13) };
const another = { isUpgrade: true, startedBetween: upgrading.startedBetween, mayBeAnother: true } as const;
const scaling = { isUpgrade: false, startedBetween: between(-15, -12), eTag };

describe('what a read of a pool makes of what the ledger knows', () => {
  it.each<[string, Partial<NodePool>, Partial<PoolHead>, object[]]>([
    ['nothing new', {}, {}, []],
    ['a new image', isNew, {}, [{ kind: 'transition', from: images.old, to: images.new, outcome: 'succeeded' }]],
    ['a new image, Failed', { ...isNew, provisioningState: 'Failed' }, {}, [{ kind: 'transition', outcome: 'failed' }]],
    [
      'a new image, Canceled',
      { ...isNew, provisioningState: 'Canceled' },
      {},
      [{ kind: 'transition', outcome: 'canceled' }],
    ],
    ['an older image', { nodeImageVersion: images.older }, {}, [{ kind: 'transition', cause: 'rollback' }]],
    ['a new image, but the pool is busy', { ...isNew, ...busy }, {}, []],
    ['a new image, in a state that nobody knows', { ...isNew, provisioningState: 'Reticulating' }, {}, []],
    ['the old image, Failed: no roll was seen', { provisioningState: 'Failed' }, {}, []],
    ['no image', { nodeImageVersion: undefined }, {}, []],
    [
      'no image after a roll: nobody can tell whether it changed',
      { nodeImageVersion: undefined },
      { rolling: upgrading },
      [],
    ],
    [
      'a roll that changed the image',
      isNew,
      { rolling: upgrading },
      [{ kind: 'transition', startedBetween: betweenIso(-15, -12) }],
    ],
    [
      'a roll that changed nothing',
      {},
      { rolling: upgrading },
      [{ kind: 'rolled', from: images.old, to: images.old, outcome: 'succeeded' }],
    ],
    [
      'a roll that failed',
      { provisioningState: 'Failed' },
      { rolling: upgrading },
      [{ kind: 'rolled', outcome: 'failed' }],
    ],
    ['a roll that goes on', busy, { rolling: upgrading }, []],
    ['a scaling that ended', {}, { rolling: scaling }, []],
    [
      'a reconfiguration',
      { nodeImageVersion: 'AKSAzureLinux-V3gen2-202601.07.0' },
      { rolling: scaling },
      [{ kind: 'transition', cause: 'reconfiguration' }],
    ],
    ['another Kubernetes without a roll', { kubernetesVersion: '1.35.0' }, {}, []],
    [
      'another Kubernetes on the same image',
      { kubernetesVersion: '1.35.0' },
      { rolling: upgrading },
      [{ kind: 'rolled', cause: 'kubernetesUpgrade' }],
    ],
    ['its name in capitals', { name: 'APPS', ...isNew }, {}, [{ kind: 'transition', nodePool: 'apps' }]],
  ])('%s', (_what, pool, head, expected) => {
    const { entries } = read(pool, head);
    expect(entries).toHaveLength(expected.length);
    expect(entries).toMatchObject(expected);
  });

  it.each<[string, Partial<NodePool>, Partial<PoolHead>, PoolHead['rolling']]>([
    ['idle', {}, {}, undefined],
    ['an upgrade begins', busy, {}, { isUpgrade: true, startedBetween: between(-10, 0), eTag }],
    [
      'scaling begins',
      { provisioningState: 'Scaling' },
      {},
      { isUpgrade: false, startedBetween: between(-10, 0), eTag },
    ],
    ['an upgrade goes on', busy, { rolling: upgrading }, upgrading],
    ['scaling goes on', { provisioningState: 'Scaling' }, { rolling: scaling }, scaling],
    [
      'an upgrade follows a scaling: it began after the last look',
      busy,
      { rolling: scaling },
      { isUpgrade: true, startedBetween: between(-10, 0), eTag },
    ],
    ['written since: it may be another roll', { ...busy, eTag: 'etag-2' }, { rolling: dated }, another],
    ['ARM gives no eTag: it may be another', { ...busy, eTag: undefined }, { rolling: dated }, another],
    ['another stays another', busy, { rolling: another }, another],
    ['a canceled upgrade stays one', { provisioningState: 'Canceling' }, { rolling: upgrading }, upgrading],
    ['an upgrade ended', {}, { rolling: upgrading }, undefined],
    ['a scaling ended', {}, { rolling: scaling }, undefined],
    ['no image yet: not known to have ended', { nodeImageVersion: undefined }, { rolling: upgrading }, upgrading],
  ])('the head notes whether the pool rolls: %s', (_what, pool, head, rolling) => {
    expect(read(pool, head).head?.rolling).toEqual(rolling);
  });

  it('a window of a change is judged on all of the time in which it can have begun', () => {
    // 01:20 to 01:30 lies in the window of 01:00 to 05:00; 00:50 to 01:30 across its opening.
    expect(read(isNew).entries).toMatchObject([{ inWindow: true }]);
    const ledger = aLedger(heads([aPoolHead()], { observedAt: after(-40) }));
    expect(ledger.take(anObservation({ cluster: withPool(isNew) }))).toMatchObject([{ inWindow: 'unknown' }]);
    expect(read(isNew, {}, { window: undefined }).entries).toMatchObject([{ inWindow: 'unknown' }]);
  });

  it('a pool whose image ARM left out for a while: its change is not dated after the reads that did not show it', () => {
    const { ledger } = read({ nodeImageVersion: undefined });
    const entries = ledger.take(anObservation({ cluster: withPool(isNew), observedAt: after(5) }));
    expect(entries).toMatchObject([{ startedBetween: betweenIso(-10, 5) }]);
  });

  it('a clock behind that of the last reader makes no interval that ends before it begins', () => {
    const ledger = aLedger(heads([aPoolHead()], { observedAt: after(1) }));
    expect(ledger.take(anObservation({ cluster: withPool(isNew) }))).toMatchObject([
      { startedBetween: betweenIso(0, 0) },
    ]);
  });
});

describe('an event dates what a read shows, if it can be about it', () => {
  it.each<[string, Partial<NodePool>, Partial<PoolHead>, Hint, string | undefined]>([
    ['Started, and the pool is busy', busy, {}, hint('rollStarted', -1), iso(-1)],
    ['Started: an update too is a roll', { provisioningState: 'Updating' }, {}, hint('rollStarted', -1), iso(-1)],
    ['Started, at the moment of the read', busy, {}, hint('rollStarted', 0), iso(0)],
    ['Started of last week’s roll', busy, {}, hint('rollStarted', -7 * 24 * 60), undefined],
    ['Started before the last look, which saw the pool idle', busy, {}, hint('rollStarted', -11), undefined],
    ['Started after the read: a clock is wrong', busy, {}, hint('rollStarted', 1), undefined],
    ['Started of another pool', busy, {}, hint('rollStarted', -1, 'jobs'), undefined],
    ['Succeeded before its Started, of an earlier roll', busy, {}, hint('rollSucceeded', -1), undefined],
    [
      'Started, late: the pool was seen upgrading since',
      busy,
      { rolling: upgrading },
      hint('rollStarted', -13),
      iso(-13),
    ],
    [
      'Started of the next roll, before the end of this one is seen',
      busy,
      { rolling: upgrading },
      hint('rollStarted', -5),
      undefined,
    ],
    [
      'Started of one of several',
      { ...busy, eTag: 'etag-2' },
      { rolling: another },
      hint('rollStarted', -13),
      undefined,
    ],
    ['Started, again', busy, { rolling: { ...upgrading, startedAt: after(-14) } }, hint('rollStarted', -14), iso(-14)],
    ['another Started', busy, { rolling: { ...upgrading, startedAt: after(-14) } }, hint('rollStarted', -1), iso(-14)],
    [
      'Started, and only scaling was seen: it was that roll',
      { provisioningState: 'Updating' },
      { rolling: scaling },
      hint('rollStarted', -13),
      iso(-13),
    ],
    [
      'Started, of a roll that a busy pool was first seen in',
      busy,
      { rolling: { isUpgrade: true, startedBetween: between(null, -60), eTag } },
      hint('rollStarted', -90),
      iso(-90),
    ],
    [
      'the same, but two days old',
      busy,
      { rolling: { isUpgrade: true, startedBetween: between(null, -60), eTag } },
      hint('rollStarted', -2880),
      undefined,
    ],
  ])('%s', (_what, pool, head, hint, startedAt) => {
    const { entries, head: after } = read(pool, head, { hints: hint && [hint] });
    expect(entries).toEqual([]);
    expect(after?.rolling?.startedAt?.toString()).toBe(startedAt);
    const [from, to] = after?.rolling?.startedBetween ?? [];
    const [began, first, last] = [startedAt ?? '', from ?? '', to ?? ''].map((time) => Date.parse(String(time)) || 0);
    if (startedAt !== undefined)
      expect([first, began, last]).toEqual([first, began, last].toSorted((a = 0, b = 0) => a - b));
  });

  it.each<[string, Partial<NodePool>, object]>([
    ['begun', busy, { head: { rolling: { startedBetween: between(-10, 3) } } }],
    ['begun and ended', isNew, { entries: [{ startedBetween: betweenIso(-10, 3), completedAt: iso(3) }] }],
  ])(
    'of an answer that came three minutes after it was asked for: it may have %s until then',
    (_what, pool, expected) => {
      expect(read(pool, {}, { answeredAt: after(3) })).toMatchObject(expected);
    },
  );

  it.each<[string, Partial<PoolHead>, Hint, { completedAt: string; startedAt?: string; startedBetween: unknown }]>([
    [
      'Succeeded',
      { rolling: upgrading },
      hint('rollSucceeded', -2),
      { completedAt: iso(-2), startedBetween: upgrading.startedBetween },
    ],
    [
      'Failed',
      { rolling: upgrading },
      hint('rollFailed', -2),
      { completedAt: iso(-2), startedBetween: upgrading.startedBetween },
    ],
    [
      'Succeeded, and the roll was never seen',
      {},
      hint('rollSucceeded', -2),
      { completedAt: iso(-2), startedBetween: between(-10, -2) },
    ],
    [
      'Started, and the roll is over already',
      {},
      hint('rollStarted', -6),
      { completedAt: iso(0), startedAt: iso(-6), startedBetween: between(-10, 0) },
    ],
    [
      'Succeeded of last week’s roll',
      {},
      hint('rollSucceeded', -7 * 24 * 60),
      { completedAt: iso(0), startedBetween: between(-10, 0) },
    ],
    [
      'Succeeded before the last look, which saw the old image',
      {},
      hint('rollSucceeded', -11),
      { completedAt: iso(0), startedBetween: between(-10, 0) },
    ],
    [
      'Succeeded before the last look, which saw the pool busy',
      { rolling: upgrading },
      hint('rollSucceeded', -11),
      { completedAt: iso(0), startedBetween: upgrading.startedBetween },
    ],
    [
      'Succeeded after the read: a clock is wrong',
      {},
      hint('rollSucceeded', 1),
      { completedAt: iso(0), startedBetween: between(-10, 0) },
    ],
    [
      'Succeeded of another pool',
      {},
      hint('rollSucceeded', -2, 'jobs'),
      { completedAt: iso(0), startedBetween: between(-10, 0) },
    ],
    [
      'Succeeded, its pool in capitals',
      {},
      hint('rollSucceeded', -2, 'APPS'),
      { completedAt: iso(-2), startedBetween: between(-10, -2) },
    ],
  ])('a change, and %s', (_what, head, hint, expected) => {
    const { entries } = read(isNew, head, { hints: hint && [hint] });
    expect(entries).toMatchObject([{ kind: 'transition', ...expected }]);
    expect(entries[0] && 'startedAt' in entries[0] ? entries[0].startedAt : undefined).toBe(expected.startedAt);
  });

  it('of several ends the last counts, of several starts none', () => {
    const several = [
      hint('rollStarted', -6),
      hint('rollSucceeded', -5),
      hint('rollStarted', -4),
      hint('rollSucceeded', -2),
    ];
    for (const hints of [several, several.toReversed()]) {
      const { entries } = read(isNew, {}, { hints });
      expect(entries).toMatchObject([{ completedAt: iso(-2) }]);
      expect(JSON.stringify(entries)).not.toContain('"startedAt"');
    }
    const twice = [hint('rollStarted', -6), hint('rollStarted', -6), hint('rollStarted', -5, 'jobs')];
    expect(read(isNew, {}, { hints: twice }).entries).toMatchObject([{ startedAt: iso(-6) }]);
  });

  it.each([
    hint('rollStarted', -1),
    hint('rollSucceeded', -1),
    hint('rollFailed', -1),
    hint('rollSucceeded', -1, 'unheard-of'),
  ])('alone it is no evidence: $kind of $nodePool makes no entry', (hint) => {
    const { entries, head } = read({}, {}, { hints: hint && [hint] });
    expect(entries).toEqual([]);
    expect(head).toEqual(aPoolHead());
  });
});

describe('a pool that the ledger does not know', () => {
  const jobs = (pool: Partial<NodePool> = {}) => aCluster({ nodePools: [aPool(), aPool({ name: 'jobs', ...pool })] });
  const first = (pool: Partial<NodePool>, rest: Partial<Observation> = {}) => {
    const ledger = aLedger(heads());
    const entries = ledger.take(anObservation({ cluster: jobs(pool), ...rest }));
    return { entries, head: ledger.heads().pools.find(({ nodePool }) => nodePool === 'jobs') };
  };

  it('is first seen, which is no change', () => {
    const { entries, head } = first({});
    expect(entries).toMatchObject([{ kind: 'firstSeen', nodePool: 'jobs', nodeImageVersion: images.old }]);
    expect(head).not.toHaveProperty('rolling');
  });

  it('waits until ARM tells its image', () => {
    expect(first({ nodeImageVersion: undefined })).toEqual({ entries: [], head: undefined });
  });

  it.each<[string, Hint | undefined, PoolHead['rolling']]>([
    ['no event', undefined, { isUpgrade: true, startedBetween: between(null, 0), eTag }],
    [
      'its Started',
      hint('rollStarted', -5, 'jobs'),
      { isUpgrade: true, startedAt: after(-5), startedBetween: between(null, 0), eTag },
    ],
    [
      'a Started from before the last look, which did not show the pool',
      hint('rollStarted', -11, 'jobs'),
      { isUpgrade: true, startedBetween: between(null, 0), eTag },
    ],
    [
      'a Started from after the read',
      hint('rollStarted', 5, 'jobs'),
      { isUpgrade: true, startedBetween: between(null, 0), eTag },
    ],
  ])('first seen in the middle of a roll, with %s', (_what, hint, rolling) => {
    expect(first(busy, { hints: hint && [hint] }).head?.rolling).toEqual(rolling);
  });

  it.each([
    ['an hour old', -60, iso(-60)],
    ['of last week', -7 * 24 * 60, undefined],
  ])('in a cluster that the ledger does not know, its Started is %s', (_what, minutes, startedAt) => {
    const ledger = aLedger();
    ledger.take(anObservation({ cluster: withPool(busy), hints: [hint('rollStarted', minutes)] }));
    expect(ledger.heads().pools[0]?.rolling?.startedAt?.toString()).toBe(startedAt);
    // From a first look nobody knows what it rolls from: the start is unknown, the window too.
    const entries = ledger.take(anObservation({ cluster: withPool(isNew), observedAt: after(20) }));
    expect(entries).toMatchObject([{ kind: 'transition', inWindow: startedAt ? false : 'unknown' }]);
  });

  it('vanishes, returns, and is another: no change between the two', () => {
    const ledger = aLedger(heads([aPoolHead(), aPoolHead({ nodePool: 'jobs', rolling: upgrading })]));
    ledger.take(anObservation());
    ledger.take(anObservation({ observedAt: after(5) }));
    ledger.take(anObservation({ cluster: jobs(isNew), observedAt: after(10) }));
    expect(ledger.entries()).toMatchObject([
      { kind: 'gone', nodePool: 'jobs' },
      { kind: 'firstSeen', nodePool: 'jobs', nodeImageVersion: images.new },
    ]);
    expect(ledger.heads().pools.find(({ nodePool }) => nodePool === 'jobs')).not.toHaveProperty('rolling');
  });
});

describe('a cluster that is gone, or another one', () => {
  it('unknown and not there: nothing', () => {
    expect(aLedger().take(anObservation({ cluster: undefined }))).toEqual([]);
  });

  it('404: gone once, with its heads; back again: all pools first seen', () => {
    const ledger = aLedger(heads());
    for (const minutes of [0, 5]) ledger.take(anObservation({ cluster: undefined, observedAt: after(minutes) }));
    expect(ledger.entries()).toMatchObject([
      { kind: 'gone', cluster: clusterId, reason: expect.stringContaining('404') },
    ]);
    expect(ledger.entries()[0]).not.toHaveProperty('nodePool');
    expect(ledger.heads().pools).toEqual([]);
    ledger.take(anObservation({ cluster: withPool(isNew), observedAt: after(10) }));
    expect(ledger.entries().map(({ kind }) => kind)).toEqual(['gone', 'firstSeen']);
  });

  it('another resourceUID: the old one is gone, the new one first seen, and no image changed', () => {
    const ledger = aLedger(heads([aPoolHead({ rolling: upgrading, rolledBackFrom: images.new })]));
    const cluster = { ...withPool(isNew), resourceUid: 'another' };
    for (const minutes of [0, 5]) ledger.take(anObservation({ cluster, observedAt: after(minutes) }));
    expect(ledger.entries()).toMatchObject([
      { kind: 'gone', reason: expect.stringContaining('another') },
      { kind: 'firstSeen', nodeImageVersion: images.new, resourceUid: 'another' },
    ]);
    expect(ledger.heads().pools[0]).not.toHaveProperty('rolledBackFrom');
  });

  it.each([
    ['ARM leaves it out', undefined, {}],
    ['ARM writes it in capitals', '65A0F3D2C1B4E50001A7C9D8', {}],
    ['the ledger has none', '65a0f3d2c1b4e50001a7c9d8', { resourceUid: '' }],
  ])('the same cluster when its resourceUID can’t be compared: %s', (_what, resourceUid, chain) => {
    const ledger = aLedger(heads(undefined, chain));
    ledger.take(anObservation({ cluster: { ...withPool(isNew), resourceUid } }));
    expect(ledger.entries().map(({ kind }) => kind)).toEqual(['transition']);
  });
});

describe('the keeper’s attempt', () => {
  const attempt = anAttempt();
  const lastAttempt = { id: attempt.id, opensAt: attempt.window.opensAt, closesAt: attempt.window.closesAt };
  const at = (minutes: number, pool: Partial<NodePool>, rest: Partial<Observation> = {}) =>
    anObservation({ cluster: withPool(pool), observedAt: after(minutes), attempt, ...rest });

  it('is recorded when it has ended, with its times, its window and its cause', () => {
    const ledger = aLedger(heads());
    ledger.take(at(2, busy, { operation: 'inProgress' }));
    ledger.take(at(20, isNew, { operation: 'inProgress' }));
    expect(ledger.entries()).toEqual([]);
    ledger.take(at(22, isNew, { operation: 'succeeded', hints: [hint('rollSucceeded', 21)] }));
    expect(ledger.entries()).toMatchObject([
      {
        kind: 'transition',
        cause: 'keeper',
        outcome: 'succeeded',
        attempt: attempt.id,
        startedAt: attempt.acceptedAt,
        startedBetween: [attempt.intendedAt, attempt.acceptedAt],
        completedAt: iso(21),
        inWindow: true,
        window: { opensAt: lastAttempt.opensAt, closesAt: lastAttempt.closesAt },
      },
    ]);
    expect(ledger.heads().pools[0]).toMatchObject({ lastAttempt: { ...lastAttempt, outcome: 'succeeded' } });
    expect(ledger.heads().pools[0]).not.toHaveProperty('rolling');
  });

  it('is never recorded twice, though its row outlives a crash', () => {
    const ledger = aLedger(heads());
    for (const minutes of [20, 21, 22]) ledger.take(at(minutes, isNew, { operation: 'succeeded' }));
    ledger.take(at(30, { nodeImageVersion: images.older }, { operation: 'succeeded' }));
    expect(ledger.entries().map((entry) => ('attempt' in entry ? entry.attempt : undefined))).toEqual([
      attempt.id,
      undefined,
    ]);
    expect(ledger.heads().pools[0]).toMatchObject({ lastAttempt: { id: attempt.id } });
  });

  it('an end announced no later than it was accepted is an earlier roll’s', () => {
    const ledger = aLedger(heads());
    ledger.take(at(20, isNew, { operation: 'succeeded', hints: [hint('rollSucceeded', 1)] }));
    expect(ledger.entries()).toMatchObject([{ completedAt: iso(20) }]);
  });

  it('that was never answered is dated from its intent, however often it was looked at since', () => {
    const ledger = aLedger(heads());
    const unanswered = anUnansweredAttempt();
    for (const minutes of [1, 2, 3, 4, 5]) ledger.take(at(minutes, isNew, { attempt: unanswered }));
    expect(ledger.entries()).toMatchObject([{ cause: 'unknown', startedBetween: between(0, 5), attempt: attempt.id }]);
  });

  it('that was not started leaves an entry that says so, and no change', () => {
    const ledger = aLedger(heads());
    ledger.take(at(5, {}, { attempt: anUnansweredAttempt() }));
    expect(ledger.entries()).toMatchObject([
      { kind: 'rolled', outcome: 'notStarted', from: images.old, to: images.old },
    ]);
  });

  it('waits when ARM does not tell the image, rather than record that it did not change', () => {
    const ledger = aLedger(heads());
    ledger.take(at(20, { nodeImageVersion: undefined }, { operation: 'succeeded' }));
    expect(ledger.entries()).toEqual([]);
    ledger.take(at(21, isNew, { operation: 'succeeded' }));
    expect(ledger.entries()).toMatchObject([{ kind: 'transition', cause: 'keeper' }]);
  });

  it('is judged on the window it was started in, whatever window the cluster has since', () => {
    const ledger = aLedger(heads());
    ledger.take(at(20, isNew, { operation: 'succeeded', window: { readAt: after(19) } }));
    expect(ledger.entries()).toMatchObject([{ inWindow: true, window: { readAt: attempt.window.readAt.toString() } }]);
  });

  it('on another pool does not keep a pool’s change back', () => {
    const { entries } = read(isNew, {}, { attempt: anAttempt({ nodePool: 'jobs' }), operation: 'inProgress' });
    expect(entries).toMatchObject([{ kind: 'transition', cause: 'unknown' }]);
  });

  it.each([
    ['the pool vanished', aCluster({ nodePools: [aPool({ name: 'jobs' })] }), ['rolled apps', 'gone apps']],
    ['the cluster is gone', undefined, ['rolled apps', 'gone']],
    [
      'the cluster is another',
      { ...withPool(isNew), resourceUid: 'another' },
      ['rolled apps', 'gone', 'firstSeen apps'],
    ],
  ])('ends unknown, and stays recorded, when %s', (_what, cluster, expected) => {
    const ledger = aLedger(
      heads([aPoolHead(), aPoolHead({ nodePool: 'jobs' })].slice(0, cluster?.nodePools[0]?.name === 'jobs' ? 2 : 1)),
    );
    const entries = ledger.take(at(5, {}, { cluster }));
    expect(entries.map(({ kind, nodePool }) => (nodePool ? `${kind} ${nodePool}` : kind))).toEqual(expected);
    expect(entries[0]).toMatchObject({ outcome: 'unknown', attempt: attempt.id, proof: 'none' });
  });

  it('whose row outlived its pool is not taken for one on the next pool of that name', () => {
    const ledger = aLedger(heads());
    ledger.take(at(5, { name: 'jobs' }));
    ledger.take(at(10, {}));
    ledger.take(at(15, isNew, { operation: 'succeeded' }));
    expect(ledger.entries().filter((entry) => 'attempt' in entry)).toHaveLength(1);
    expect(ledger.entries().at(-1)).toMatchObject({ kind: 'transition', cause: 'unknown' });
    expect(ledger.heads().pools.find(({ nodePool }) => nodePool === 'apps')).toMatchObject({ lastAttempt });
  });

  it('on a cluster that is no more is not taken for one on the cluster of its name', () => {
    const { entries } = read(isNew, {}, { attempt: anAttempt({ resourceUid: 'of before' }), operation: 'inProgress' });
    expect(entries).toMatchObject([{ kind: 'transition', cause: 'unknown' }]);
  });

  it('on the recreated cluster goes on when the ledger first sees that cluster', () => {
    const ledger = aLedger(heads());
    const started = anAttempt({ resourceUid: 'another' });
    const cluster = (pool: Partial<NodePool>) => ({ ...withPool(pool), resourceUid: 'another' });
    ledger.take(at(2, {}, { attempt: started, cluster: cluster(busy), operation: 'inProgress' }));
    ledger.take(at(20, {}, { attempt: started, cluster: cluster(isNew), operation: 'succeeded' }));
    expect(ledger.entries().at(-1)).toMatchObject({ kind: 'transition', cause: 'keeper', attempt: attempt.id });
  });
});

describe('a rollback', () => {
  it('is remembered until a newer release is there', () => {
    const ledger = aLedger(heads([aPoolHead({ nodeImageVersion: images.new })]));
    const left = () => ledger.heads().pools[0]?.rolledBackFrom;
    ledger.take(anObservation({ cluster: withPool({ nodeImageVersion: images.old }) }));
    expect(left()).toBe(images.new);
    ledger.take(anObservation({ cluster: withPool({ ...busy, nodeImageVersion: images.old }), observedAt: after(5) }));
    expect(left()).toBe(images.new);
    ledger.take(
      anObservation({ cluster: withPool({ nodeImageVersion: images.old }), observedAt: now.add({ hours: 2 }) }),
    );
    expect(left()).toBe(images.new);
    const newer = 'AKSUbuntu-2204gen2containerd-202601.13.0';
    ledger.take(anObservation({ cluster: withPool({ nodeImageVersion: newer }), observedAt: now.add({ hours: 3 }) }));
    expect(left()).toBeUndefined();
  });

  it('of Kubernetes and image family at once is a rollback, and is remembered until a newer release is there', () => {
    const before = 'AKSUbuntu-2404gen2containerd-202601.07.0';
    const ledger = aLedger(heads([aPoolHead({ nodeImageVersion: before, kubernetesVersion: '1.35.0' })]));
    const show = (minutes: number, nodeImageVersion: string) =>
      ledger.take(anObservation({ cluster: withPool({ nodeImageVersion }), observedAt: after(minutes) }));
    const left = () => ledger.heads().pools[0]?.rolledBackFrom;
    for (const minutes of [0, 5]) show(minutes, images.old);
    expect(ledger.entries()).toMatchObject([{ kind: 'transition', from: before, to: images.old, cause: 'rollback' }]);
    expect(left()).toBe(before);
    show(10, 'AKSUbuntu-2204gen2containerd-202601.13.0');
    expect(left()).toBeUndefined();
  });
});
