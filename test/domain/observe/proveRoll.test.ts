import { describe, expect, it } from 'vitest';
import type { PoolHead } from '../../../shared/domain/ledger/heads.ts';
import type { PoolProof } from '../../../shared/domain/observe/observation.ts';
import { observe } from '../../../shared/domain/observe/observe.ts';
import { isProofDue, proofsWanted } from '../../../shared/domain/observe/proveRoll.ts';
import {
  aCluster,
  after,
  aLedger,
  anAttempt,
  anObservation,
  aPool,
  aPoolHead,
  heads,
  images,
  now,
} from '../../builders.ts';

const onNew = aCluster({ nodePools: [aPool({ nodeImageVersion: images.new })] });
const about = { nodePool: 'apps', image: images.new };
const whole: PoolProof = { ...about, proof: 'instances', nodes: { total: 3, upToDate: 3 }, standing: 'whole' };
const behind: PoolProof = { ...about, proof: 'instances', nodes: { total: 3, upToDate: 1 }, standing: 'behind' };
const notReady: PoolProof = {
  ...about,
  proof: 'nodes',
  nodes: { total: 3, upToDate: 3, ready: 2, cordoned: 0 },
  standing: 'notReady',
};
const unread: PoolProof = { ...about, problem: 'private or unreachable' };

const attempt = anAttempt();
const ended = anObservation({
  cluster: onNew,
  attempt,
  operation: 'succeeded',
  observedAt: after(30),
});

describe('a roll that has ended well', () => {
  it.each<[string, PoolProof | undefined, object, object]>([
    [
      'every node on the image',
      whole,
      { outcome: 'succeeded', proof: 'instances', nodes: { total: 3, upToDate: 3 } },
      { nodesBehind: undefined, openProof: undefined, lastAttempt: { outcome: 'succeeded', failures: 0 } },
    ],
    [
      'nodes behind',
      behind,
      { outcome: 'partial', proof: 'instances', nodes: { total: 3, upToDate: 1 } },
      {
        nodesBehind: { proof: 'instances', nodes: { total: 3, upToDate: 1 }, countedAt: after(30).toString() },
        openProof: { since: after(30).toString(), attempt: attempt.id },
        lastAttempt: { outcome: 'partial', failures: 1 },
      },
    ],
    [
      'a node not ready',
      notReady,
      { outcome: 'succeeded', proof: 'pool', nodes: { ready: 2 } },
      { nodesBehind: undefined, openProof: { triedAt: after(30).toString() }, lastAttempt: { outcome: 'succeeded' } },
    ],
    [
      'nodes that can’t be read',
      unread,
      { outcome: 'succeeded', proof: 'pool' },
      { nodesBehind: undefined, openProof: { since: after(30).toString() }, lastAttempt: { outcome: 'succeeded' } },
    ],
    [
      'another pool’s proof',
      { ...whole, nodePool: 'other' },
      { outcome: 'succeeded', proof: 'pool' },
      { openProof: undefined },
    ],
    ['a proof of another image', { ...whole, image: images.old }, { proof: 'pool' }, { openProof: undefined }],
  ])('%s', (_what, proof, entry, head) => {
    const ledger = aLedger(heads());
    const [made] = ledger.take({ ...ended, proofs: proof && [proof] });
    expect(made).toMatchObject({ kind: 'transition', from: images.old, to: images.new, ...entry });
    expect({ openProof: undefined, nodesBehind: undefined, ...ledger.heads().pools[0] }).toMatchObject(head);
  });

  it('of somebody else is partial just so', () => {
    const ledger = aLedger(heads());
    const [made] = ledger.take({ ...anObservation({ cluster: onNew }), proofs: [behind] });
    expect(made).toMatchObject({ outcome: 'partial', proof: 'instances' });
    expect(ledger.heads().pools[0]).toMatchObject({ nodesBehind: { nodes: { upToDate: 1 } } });
    expect(ledger.heads().pools[0]?.lastAttempt).toBeUndefined();
  });
});

describe('a roll that failed', () => {
  const failed = anObservation({
    cluster: aCluster({ nodePools: [aPool({ provisioningState: 'Failed' })] }),
    attempt,
    operation: 'failed',
    observedAt: after(30),
  });

  it('stays failed, and tells how far it came', () => {
    const ledger = aLedger(heads());
    const [made] = ledger.take({ ...failed, proofs: [behind] });
    expect(made).toMatchObject({ kind: 'rolled', outcome: 'failed', proof: 'instances', nodes: { upToDate: 1 } });
    expect(ledger.heads().pools[0]?.nodesBehind).toBeUndefined();
    expect(ledger.heads().pools[0]?.openProof).toBeUndefined();
  });
});

describe('later looks', () => {
  const later = (proof: PoolProof, minutes = 60) =>
    anObservation({ cluster: onNew, observedAt: after(minutes), proofs: [proof] });
  function ledgerWith(proof: PoolProof) {
    const ledger = aLedger(heads());
    ledger.take({ ...ended, proofs: [proof] });
    return ledger;
  }

  it.each<[string, PoolProof, PoolProof, object | undefined, object]>([
    [
      'nodes that agree by now',
      behind,
      whole,
      { outcome: 'succeeded', proof: 'instances', nodes: { total: 3, upToDate: 3 } },
      { nodesBehind: undefined, openProof: undefined, lastAttempt: { outcome: 'succeeded', failures: 0 } },
    ],
    [
      'nodes that agree, one of them not ready',
      behind,
      notReady,
      { outcome: 'succeeded', proof: 'pool' },
      { nodesBehind: undefined, openProof: { triedAt: after(60).toString() }, lastAttempt: { failures: 0 } },
    ],
    [
      'nodes still behind, in another number',
      behind,
      { ...behind, nodes: { total: 3, upToDate: 2 } },
      undefined,
      {
        nodesBehind: { nodes: { upToDate: 2 } },
        openProof: { since: after(30).toString(), triedAt: after(60).toString() },
      },
    ],
    [
      'nodes that can’t be read now',
      behind,
      unread,
      undefined,
      { nodesBehind: { nodes: { upToDate: 1 } }, openProof: { triedAt: after(60).toString() } },
    ],
    [
      'a proof that could not be had',
      unread,
      whole,
      { proof: 'instances', outcome: undefined },
      { openProof: undefined },
    ],
    [
      'nodes found behind only now',
      unread,
      behind,
      { outcome: 'partial', proof: 'instances' },
      { nodesBehind: { nodes: { upToDate: 1 } }, lastAttempt: { outcome: 'partial', failures: 1 } },
    ],
    ['nothing new', unread, unread, undefined, { openProof: { triedAt: after(60).toString() } }],
    ['a node still not ready', notReady, notReady, undefined, { openProof: { triedAt: after(60).toString() } }],
  ])('%s', (_what, first, second, amendment, head) => {
    const ledger = ledgerWith(first);
    const entries = ledger.take(later(second));
    if (amendment) {
      expect(entries).toHaveLength(1);
      expect({ outcome: undefined, ...entries[0] }).toMatchObject({ kind: 'amendment', amends: 1 + 1, ...amendment });
    } else expect(entries).toEqual([]);
    const after = { openProof: undefined, nodesBehind: undefined, ...ledger.heads().pools[0] };
    expect(after).toMatchObject({ sequence: 2, nodeImageVersion: images.new, ...head });
  });

  it('amends the roll, however often it was amended before', () => {
    const ledger = ledgerWith(unread);
    ledger.take(later(behind, 60));
    const [again] = ledger.take(later(whole, 90));
    expect(again).toMatchObject({ kind: 'amendment', amends: 2, sequence: 4, outcome: 'succeeded' });
  });

  it('changes nothing of a pool that has moved on', () => {
    const ledger = ledgerWith(behind);
    const upgrading = aPool({ nodeImageVersion: images.new, provisioningState: 'UpgradingNodeImageVersion' });
    const busy = { ...later(whole), cluster: aCluster({ nodePools: [upgrading] }) };
    expect(ledger.take(busy)).toEqual([]);
    expect(ledger.heads().pools[0]).toHaveProperty('nodesBehind');
    const elsewhere = aPool({ nodeImageVersion: 'AKSUbuntu-2204gen2containerd-202601.14.0' });
    const [made] = ledger.take({ ...later(whole, 90), cluster: aCluster({ nodePools: [elsewhere] }) });
    expect(made).toMatchObject({ kind: 'transition', proof: 'pool' });
    expect(ledger.heads().pools[0]?.nodesBehind).toBeUndefined();
  });

  it('keeps the pool from soaking while nodes are behind: its run begins when they agree', () => {
    const ledger = ledgerWith(behind);
    expect(ledger.heads().pools[0]?.runs?.[0]).toMatchObject({ nodeImageVersion: images.old });
    // Other looks in between, without a proof, don't begin it either.
    ledger.take(anObservation({ cluster: onNew, observedAt: after(45) }));
    expect(ledger.heads().pools[0]?.runs?.[0]).toMatchObject({ nodeImageVersion: images.old });
    expect(ledger.heads().pools[0]).toHaveProperty('nodesBehind');
    ledger.take(later(whole, 90));
    expect(ledger.heads().pools[0]?.runs?.[0]).toEqual({ nodeImageVersion: images.new, since: after(90).toString() });
  });
});

describe('which nodes are asked for', () => {
  const wanted = (observation = ended, before = heads()) =>
    proofsWanted(before, observation, observe(before, observation)).map(({ pool, image, isRetry }) => [
      pool.name,
      image,
      isRetry,
    ]);
  const openProof = { since: after(-60), triedAt: after(-60) };
  const open = (fields: Partial<PoolHead> = {}) =>
    heads([aPoolHead({ nodeImageVersion: images.new, openProof, ...fields })]);

  it.each<[string, readonly unknown[][], readonly unknown[][]]>([
    ['a roll that ended well', wanted(), [['apps', images.new, false]]],
    ['a pool that stands still', wanted(anObservation()), []],
    ['an open proof that is due', wanted(anObservation({ cluster: onNew }), open()), [['apps', images.new, true]]],
    [
      'one that was asked for just now',
      wanted(anObservation({ cluster: onNew }), open({ openProof: { ...openProof, triedAt: after(-1) } })),
      [],
    ],
    [
      'a failed attempt: what it was at',
      wanted({
        ...ended,
        cluster: aCluster({ nodePools: [aPool({ provisioningState: 'Failed' })] }),
        operation: 'failed',
      }),
      [['apps', images.new, false]],
    ],
    [
      'a failed roll of somebody else: nobody knows what it was at',
      wanted(
        anObservation({ cluster: aCluster({ nodePools: [aPool({ provisioningState: 'Failed' })] }) }),
        heads([aPoolHead({ rolling: { isUpgrade: true, startedBetween: [null, after(-20)] } })]),
      ),
      [],
    ],
    ['a cluster that is gone', wanted(anObservation({ cluster: undefined })), []],
  ])('%s', (_what, asked, expected) => expect(asked).toEqual(expected));

  it.each([
    ['at once', 0, 0, false, false],
    ['after five minutes', 5, 5, false, true],
    ['a minute after the last', 5, 1, false, false],
    ['hours later, every half hour: not yet', 600, 29, false, false],
    ['hours later, every half hour', 600, 30, false, true],
    ['after a look by a clock that ran ahead by 40 days', 600, -40 * 1440, false, true],
    ['after a day', 24 * 60 + 31, 31, false, false],
    ['after a day, with nodes behind', 24 * 60 + 31, 31, true, true],
  ])('again: %s', (_what, age, sinceLast, isBehind, due) => {
    const head = aPoolHead({
      openProof: { since: after(-age), triedAt: after(-sinceLast) },
      ...(isBehind && { nodesBehind: { proof: 'nodes' as const, nodes: {}, countedAt: after(-sinceLast) } }),
    });
    expect(isProofDue(head, now)).toBe(due);
  });
});
