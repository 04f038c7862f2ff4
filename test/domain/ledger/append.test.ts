import { describe, expect, it } from 'vitest';
import { firstBrokenEntry } from '../../../shared/domain/ledger/chain.ts';
import type { Heads } from '../../../shared/domain/ledger/heads.ts';
import { observe } from '../../../shared/domain/observe/observe.ts';
import { toAppends } from '../../../shared/domain/observe/toAppends.ts';
import { aCluster, after, aLedger, anAttempt, anObservation, aPool, images, now } from '../../builders.ts';

const recordedAt = now.add({ seconds: 2 });
const names = (count: number) => Array.from({ length: count }, (_, index) => `pool${String(index).padStart(3, '0')}`);
const clusterOf = (pools: readonly string[], image: string = images.old, resourceUid = 'one') =>
  aCluster({ resourceUid, nodePools: pools.map((name) => aPool({ name, nodeImageVersion: image })) });
const appendsOf = (heads: Heads, observation = anObservation()) =>
  toAppends(heads, observe(heads, observation), observation, recordedAt);
const seen = (cluster: ReturnType<typeof clusterOf> | undefined, minutes: number) =>
  anObservation({ cluster, observedAt: after(minutes) });

/** A ledger that has seen a cluster. */
function ledgerOf(cluster: ReturnType<typeof clusterOf>) {
  const ledger = aLedger();
  ledger.take(seen(cluster, -60));
  return ledger;
}

describe('a read that says nothing new', () => {
  it('moves the chain’s head, which guards the ledger, and nothing else', () => {
    const heads = ledgerOf(aCluster()).heads();
    expect(appendsOf(heads)).toEqual([
      { chain: { ...heads.chain, observedAt: now.toString() }, entries: [], heads: [], removedHeads: [] },
    ]);
  });

  it('of a cluster whose pools have no image yet starts a chain that later entries link to', () => {
    const ledger = aLedger();
    ledger.take(seen(aCluster({ nodePools: [] }), 0));
    ledger.take(seen(aCluster({ nodePools: [aPool({ nodeImageVersion: undefined })] }), 1));
    ledger.take(seen(aCluster(), 2));
    expect(ledger.entries()).toHaveLength(1);
    expect(firstBrokenEntry(ledger.entries(), ledger.heads().chain)).toBeUndefined();
  });
});

describe('the heads that are written', () => {
  it('a pool with an entry: its number and time', () => {
    const heads = ledgerOf(clusterOf(['a', 'b'])).heads();
    const cluster = aCluster({ nodePools: [aPool({ name: 'a' }), aPool({ name: 'b', nodeImageVersion: images.new })] });
    const [append] = appendsOf(heads, anObservation({ cluster: { ...cluster, resourceUid: 'one' } }));
    expect(append?.heads).toEqual([
      {
        nodePool: 'b',
        nodeImageVersion: images.new,
        kubernetesVersion: '1.34.2',
        runs: expect.any(Array) as unknown,
        sequence: 3,
        recordedAt,
      },
    ]);
  });

  it('a pool without one keeps those of its newest', () => {
    const heads = ledgerOf(clusterOf(['a'])).heads();
    const cluster = aCluster({ resourceUid: 'one', nodePools: [aPool({ name: 'a', provisioningState: 'Scaling' })] });
    const [append] = appendsOf(heads, anObservation({ cluster }));
    expect(append?.entries).toEqual([]);
    expect(append?.heads).toMatchObject([{ sequence: 1, recordedAt: heads.pools[0]?.recordedAt }]);
  });
});

describe('more pools than a transaction takes', () => {
  const many = names(100);
  it.each([
    ['first seen', aLedger().heads(), seen(clusterOf(many), 0), 4, 100],
    ['all changed', ledgerOf(clusterOf(many)).heads(), seen(clusterOf(many, images.new), 0), 4, 100],
    ['all vanished', ledgerOf(clusterOf(many)).heads(), seen(clusterOf(['other']), 0), 4, 101],
    ['the cluster is gone', ledgerOf(clusterOf(many)).heads(), seen(undefined, 0), 4, 1],
    ['the cluster is another', ledgerOf(clusterOf(many)).heads(), seen(clusterOf(many, images.new, 'two'), 0), 8, 101],
    ['just enough for one', ledgerOf(clusterOf(names(30))).heads(), seen(undefined, 0), 1, 1],
  ])('%s', (_what, heads, observation, transactions, entries) => {
    const attempt = anAttempt({ nodePool: 'pool031', resourceUid: 'one' });
    for (const inFlight of [undefined, attempt]) {
      const appends = appendsOf(heads, { ...observation, attempt: inFlight });
      expect(appends).toHaveLength(transactions);
      for (const append of appends) {
        const operations = append.entries.length + append.heads.length + append.removedHeads.length + 1;
        expect(operations).toBeLessThanOrEqual(100);
        const rows = [...append.heads.map((head) => head.nodePool), ...append.removedHeads];
        expect(new Set(rows).size).toBe(rows.length);
      }
      if (!inFlight) expect(appends.flatMap((append) => append.entries)).toHaveLength(entries);
      expect(appends.at(-1)?.chain.observedAt).toEqual(observation.observedAt);
    }
  });

  // What the second transaction would have said happened before this read, so the next one must not count from it.
  it('moves observedAt with the last transaction only', () => {
    const appends = appendsOf(ledgerOf(clusterOf(many)).heads(), seen(clusterOf(many, images.new), 0));
    const times = appends.map((append) => append.chain.observedAt);
    expect(times).toEqual([...times.slice(0, -1).map(() => after(-60).toString()), now.toString()]);
  });
});

describe('a crash between two transactions', () => {
  const many = names(70);
  const kinds = (ledger: ReturnType<typeof aLedger>) =>
    Object.entries(Object.groupBy(ledger.entries(), ({ kind, nodePool }) => (nodePool ? kind : `${kind} cluster`)))
      .map(([kind, entries]) => `${entries?.length} ${kind}`)
      .toSorted();

  it.each([
    ['all changed', many, images.new, 'one', ['70 firstSeen', '70 transition']],
    ['many vanished', ['other'], images.old, 'one', ['70 gone', '71 firstSeen']],
    ['the cluster is gone', undefined, '', '', ['1 gone cluster', '1 rolled', '70 firstSeen']],
    ['the cluster is another', many, images.new, 'two', ['1 gone cluster', '1 rolled', '140 firstSeen']],
    [
      'the cluster is another, with other pools',
      names(200).slice(65),
      images.new,
      'two',
      ['1 gone cluster', '1 rolled', '205 firstSeen'],
    ],
  ])('%s: the next read says the rest, once', (_what, pools, image, uid, expected) => {
    for (let transactions = 0; transactions < 9; transactions += 1) {
      const ledger = ledgerOf(clusterOf(many));
      const cluster = pools && clusterOf(pools, image, uid);
      const attempt = uid === 'one' ? undefined : anAttempt({ nodePool: 'pool031', resourceUid: 'one' });
      ledger.take({ ...seen(cluster, 0), attempt }, transactions);
      ledger.take({ ...seen(cluster, 5), attempt });
      ledger.take({ ...seen(cluster, 10), attempt });
      expect(kinds(ledger)).toEqual(expected);
      expect(firstBrokenEntry(ledger.entries(), ledger.heads().chain)).toBeUndefined();
      const images = ledger.heads().pools.map((head) => `${head.nodePool} ${head.nodeImageVersion}`);
      expect(images.toSorted()).toEqual((pools ?? []).map((name) => `${name} ${image}`));
      for (const entry of ledger.entries()) {
        if (entry.kind === 'transition') expect(entry.startedBetween[0]).toBe(after(-60).toString());
      }
    }
  });
});

describe('the chain’s head', () => {
  it('remembers that the cluster is gone until it answers again', () => {
    const ledger = ledgerOf(clusterOf(['a']));
    ledger.take(seen(undefined, 0));
    expect(ledger.heads()).toMatchObject({ chain: { gone: true, resourceUid: 'one', sequence: 2 }, pools: [] });
    ledger.take(seen(undefined, 5));
    expect(ledger.heads()).toMatchObject({ chain: { gone: true, sequence: 2 } });
    ledger.take(seen(clusterOf(['a'], images.old, 'two'), 10));
    expect(ledger.heads().chain).toMatchObject({ resourceUid: 'two', sequence: 3 });
    expect(ledger.heads().chain).not.toHaveProperty('gone');
  });

  it('takes a resourceUID when ARM first gives one, and keeps it when ARM leaves it out', () => {
    const ledger = aLedger();
    for (const [resourceUid, expected] of [
      [undefined, undefined],
      ['one', 'one'],
      [undefined, 'one'],
      ['ONE', 'ONE'],
    ] as const) {
      ledger.take(anObservation({ cluster: aCluster({ resourceUid }) }));
      expect(ledger.heads().chain?.resourceUid).toBe(expected);
    }
    expect(ledger.entries().map(({ kind }) => kind)).toEqual(['firstSeen']);
  });
});
