import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterKey } from '../../../shared/domain/cluster/clusterId.ts';
import {
  chainEntries,
  firstBreak,
  firstBrokenEntry,
  genesisHash,
  hashEntry,
} from '../../../shared/domain/ledger/chain.ts';
import type { ChainHead } from '../../../shared/domain/ledger/heads.ts';
import type { Entry, EntryBody } from '../../../shared/domain/ledger/ledger.ts';
import { at, clusterId, images, now } from '../../builders.ts';

function firstSeen(nodePool: string): EntryBody {
  return { kind: 'firstSeen', cluster: clusterId, nodePool, nodeImageVersion: images.old, observedAt: now.toString() };
}

const names = ['a', 'b', 'c', 'd', 'e'];
const recordedAt = at('2026-01-14T01:30:02Z');
const chain = chainEntries(undefined, names.map(firstSeen), recordedAt);
const last = chain.at(-1) as Entry;
const first = chain[0] as Entry;
const head: ChainHead = { cluster: clusterId, sequence: 5, hash: last.hash, observedAt: recordedAt };
const foreign = chainEntries(
  undefined,
  names.map((name) => ({ ...firstSeen(name), cluster: `${clusterId}2` })),
  recordedAt,
);

describe('hashEntry: SHA-256 over RFC 8785 canonical JSON', () => {
  // Put together by hand from the RFC, hashed with sha256sum. It holds what canonical JSON must settle: members in the
  // order of their UTF-16 code units at every level ("Z" before "d", "ü" after "r"), whatever order they were given in;
  // no white space; text as it is, but `"` and line ends escaped; numbers as ECMAScript prints them (4.0 is 4, 1e21 is
  // 1e+21, 0.000001 is not 1e-6); null and true; members that are undefined left out, as storage leaves them out.
  const text =
    '{"cluster":"/subscriptions/s","kind":"gone","observedAt":"2026-01-14T01:30:00Z","previousHash":"00","reason":' +
    '{"Zone":1e+21,"durationHours":4,"note":"d’été \\"x\\"\\n","ratio":0.000001,"ünzip":[null,true,{"a":1,"b":2}]},' +
    '"recordedAt":"2026-01-14T01:30:02Z","sequence":1}';
  const sha256sum = 'aaa72d8519b207dffbc891805f9574aa667b2180463a00f936968c85489a758e';
  const entry = {
    sequence: 1,
    recordedAt,
    previousHash: '00',
    nodePool: undefined,
    reason: {
      ünzip: [null, true, { b: 2, a: 1 }],
      ratio: 1e-6,
      note: 'd’été "x"\n',
      durationHours: 4.0,
      Zone: 1e21,
    },
    observedAt: '2026-01-14T01:30:00Z',
    kind: 'gone',
    cluster: '/subscriptions/s',
  } as unknown as Entry;

  it('is what another implementation computes from the same entry', () => {
    expect(createHash('sha256').update(text).digest('hex')).toBe(sha256sum);
    expect(hashEntry(entry)).toBe(sha256sum);
  });

  it('is the same for what storage gives back, in whatever order', () => {
    const { hash, ...unhashed } = JSON.parse(JSON.stringify(last)) as Entry;
    const reordered = Object.fromEntries(Object.entries(unhashed).toReversed()) as Omit<Entry, 'hash'>;
    expect(hashEntry(reordered)).toBe(hash);
  });
});

describe('chainEntries', () => {
  it('numbers from 1 and links each entry to the one before, the first to the genesis hash', () => {
    expect(chain.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
    expect(chain.map(({ previousHash }) => previousHash)).toEqual([genesisHash, ...chain.slice(0, -1).map(hashOf)]);
    expect(chain.every((entry) => entry.recordedAt === recordedAt.toString())).toBe(true);
  });

  it('goes on from a head as if there had been no break', () => {
    const parts = [chainEntries(undefined, names.slice(0, 2).map(firstSeen), recordedAt)];
    parts.push(chainEntries(parts[0]?.at(-1), names.slice(2).map(firstSeen), recordedAt));
    expect(parts.flat()).toEqual(chain);
  });

  it('adds nothing for nothing', () => {
    expect(chainEntries(last, [], recordedAt)).toEqual([]);
  });
});

describe('firstBrokenEntry', () => {
  const tampered = (index: number, change: object) =>
    chain.map((entry, at) => (at === index ? { ...entry, ...change } : entry));
  const rehashed = (index: number, change: object) => {
    const { hash: _hash, ...entry } = { ...(chain[index] as Entry), ...change } as Entry;
    return tampered(index, { ...change, hash: hashEntry(entry) });
  };

  it.each<[string, readonly Entry[]]>([
    ['a whole chain', chain],
    ['an empty one', []],
    ['its beginning', chain.slice(0, 3)],
  ])('finds nothing in %s', (_what, entries) => {
    expect(firstBrokenEntry(entries)).toBeUndefined();
  });

  it.each<[string, number, readonly Entry[]]>([
    ['an edited image', 2, tampered(1, { nodeImageVersion: images.new })],
    ['an edited time', 5, tampered(4, { observedAt: '2026-01-14T01:30:00.001Z' })],
    ['an added field', 3, tampered(2, { note: 'x' })],
    ['an edited hash', 3, tampered(2, { hash: genesisHash })],
    ['an edit hashed anew, by the entry after it', 3, rehashed(1, { nodeImageVersion: images.new })],
    ['a removed first entry', 1, chain.slice(1)],
    ['a removed entry', 3, chain.filter((_, index) => index !== 2)],
    ['two entries that changed places', 2, [first, chain[2], chain[1], ...chain.slice(3)] as Entry[]],
    [
      'a chain that is linked but does not begin with 1',
      1,
      chainEntries({ sequence: 1, hash: genesisHash }, [firstSeen('a')], recordedAt),
    ],
    ['an entry twice', 3, [...chain.slice(0, 2), chain[1], ...chain.slice(2)] as Entry[]],
    [
      'an entry put in between and linked, by the one after it',
      4,
      [...chain.slice(0, 2), ...inserted(), ...chain.slice(2)],
    ],
    ['the newest first', 1, chain.toReversed()],
    ['another cluster’s first entry', 2, [...chainEntries(undefined, [firstSeen('z')], recordedAt), ...chain.slice(1)]],
  ])('finds %s: entry %i', (_what, sequence, entries) => {
    expect(firstBrokenEntry(entries)?.sequence).toBe(sequence);
  });

  it.each<[string, readonly Entry[], number | undefined]>([
    ['whole', chain, undefined],
    ['without its newest entry', chain.slice(0, -1), 5],
    ['without any', [], 1],
    ['with its newest entry rewritten', rehashed(4, { nodePool: 'x' }), 5],
    ['with an entry that the head does not know', [...chain, ...chainEntries(last, [firstSeen('z')], recordedAt)], 6],
  ])('finds by the head what a chain alone can’t show: %s', (_what, entries, sequence) => {
    expect(firstBrokenEntry(entries, last)?.sequence).toBe(sequence);
  });

  it.each<[string, readonly (Entry | null)[], ChainHead | undefined, number | undefined, RegExp]>([
    ['a whole ledger', chain, head, undefined, /./],
    ['an empty one', [], undefined, undefined, /./],
    ['no head', chain, undefined, 5, /head is missing/],
    ['another cluster’s head', chain, { ...head, cluster: `${clusterId}2` }, 5, /head is another cluster's/],
    ['a head of no cluster', chain, { ...head, cluster: 'x' }, 5, /head is another cluster's/],
    [
      'another cluster’s chain',
      foreign,
      { ...head, ...foreign.at(-1), observedAt: recordedAt },
      1,
      /of another cluster/,
    ],
    ['an entry of no cluster', rehashed(1, { cluster: undefined }), head, 2, /of another cluster/],
    ['an entry that is nothing', [...chain.slice(0, 2), null, ...chain.slice(3)], head, 3, /is missing/],
    [
      'a break before what is another cluster’s',
      [...tampered(0, { x: 1 }).slice(0, 4), ...foreign.slice(4)],
      head,
      1,
      /hash/,
    ],
  ])('finds in all that a cluster’s ledger holds: %s', (_what, entries, chainHead, sequence, problem) => {
    const broken = firstBreak(clusterKey(clusterId), entries, chainHead);
    expect(broken?.sequence).toBe(sequence);
    if (sequence !== undefined) expect(broken?.problem).toMatch(problem);
  });

  it('finds every single edit, removal, insertion and exchange', () => {
    const at = fc.nat({ max: chain.length - 1 });
    const edit = at.map((index) => tampered(index, { nodePool: 'forged' }));
    const removal = fc.nat({ max: chain.length - 2 }).map((index) => chain.filter((_, other) => other !== index));
    const insertion = fc.tuple(at, at).map(([index, which]) => chain.toSpliced(index, 0, chain[which] as Entry));
    const exchange = fc
      .tuple(at, at)
      .filter(([a, b]) => a !== b)
      .map(([a, b]) => chain.with(a, chain[b] as Entry).with(b, chain[a] as Entry));
    fc.assert(
      fc.property(fc.oneof(edit, removal, insertion, exchange), (entries) => {
        expect(firstBrokenEntry(entries)).toBeDefined();
      }),
    );
  });
});

function hashOf({ hash }: Entry): string {
  return hash;
}

/** An entry that links to the second and claims to be the third. */
function inserted(): readonly Entry[] {
  return chainEntries(chain[1], [firstSeen('forged')], recordedAt);
}
