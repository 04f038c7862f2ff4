import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amendmentOf, type News } from '../../../shared/domain/ledger/amendment.ts';
import { chainEntries } from '../../../shared/domain/ledger/chain.ts';
import type { Actor } from '../../../shared/domain/ledger/entryParts.ts';
import { fold, historyRows, newestIn } from '../../../shared/domain/ledger/historyRow.ts';
import type { Amendment, Cause, Entry, Outcome, Proof, RollEntry } from '../../../shared/domain/ledger/ledger.ts';
import { after, aRollEntry, aTransition, clusterId, images, now } from '../../builders.ts';

const source = { name: 'test', id: '1' };
const ada: Actor = { kind: 'person', name: 'ada@example.com', correlationId: 'c' };
const aks: Actor = { kind: 'aks', name: 'AKS' };

/** Amendments of an entry, numbered after it. */
function amendments(entry: RollEntry, news: readonly Partial<News>[]) {
  return news.map((one, index): Amendment & { sequence: number } => ({
    ...amendmentOf(entry, { source, ...one }, after(5).toString()),
    sequence: entry.sequence + 1 + index,
  }));
}

describe('fold', () => {
  it('leaves an entry alone that nothing amends', () => {
    const entry = aRollEntry();
    expect(fold(entry, [])).toBe(entry);
    const others = amendments(aRollEntry({ sequence: 3 }), [{ outcome: 'failed' }]);
    expect(fold(entry, others)).toBe(entry);
  });

  it('takes every field that is given, keeps the others, and says by what', () => {
    const entry = aRollEntry();
    const nodes = { total: 3, upToDate: 2, ready: 3 };
    const row = fold(
      entry,
      amendments(entry, [
        { outcome: 'partial', proof: 'nodes', nodes },
        { inWindow: true, actor: ada, reason: 'CVE-2026-1', raw: { what: 'ever' } },
      ]),
    );
    expect(row).toEqual({
      ...entry,
      outcome: 'partial',
      proof: 'nodes',
      nodes,
      inWindow: true,
      actor: ada,
      reason: 'CVE-2026-1',
      amendedBy: [3, 4],
    });
  });

  it('keeps what was asked for and what the start was judged on, whatever is learnt or taken back', () => {
    const approval = { id: 'p', approvedBy: 'grace' };
    const judged = { target: images.new, ring: 'prod', policyVersion: 7, approval };
    const entry = aRollEntry({ ...judged, attempt: 'a' });
    const news = [{ cause: 'manual', actor: ada }, { evidence: 'notInActivityLog' }, { outcome: 'failed' }] as const;
    expect(fold(entry, amendments(entry, news))).toMatchObject({ ...judged, outcome: 'failed' });
    const [row] = historyRows([entry, ...chainEntries(entry, amendments(entry, news), now)]);
    expect(row).toMatchObject(judged);
  });

  it('lets the later one win, field by field', () => {
    const entry = aRollEntry();
    const row = fold(entry, amendments(entry, [{ outcome: 'failed', proof: 'nodes' }, { outcome: 'partial' }]));
    expect(row).toMatchObject({ outcome: 'partial', proof: 'nodes' });
  });

  it.each<[string, Cause, readonly Partial<News>[], Cause]>([
    ['a cause where there was none', 'unknown', [{ cause: 'manual' }], 'manual'],
    ['the later of two', 'unknown', [{ cause: 'manual' }, { cause: 'aksAutoUpgrade' }], 'aksAutoUpgrade'],
    ['no cause over one that was recorded', 'keeper', [{ cause: 'manual' }], 'keeper'],
    ['an actor’s over one that was recorded', 'keeper', [{ cause: 'manual', actor: ada }], 'manual'],
    ['no cause over an actor’s', 'unknown', [{ cause: 'manual', actor: ada }, { cause: 'unknown' }], 'manual'],
    [
      'the later actor’s',
      'unknown',
      [
        { cause: 'manual', actor: ada },
        { cause: 'aksAutoUpgrade', actor: aks },
      ],
      'aksAutoUpgrade',
    ],
  ])('takes %s', (_what, cause, news, expected) => {
    const entry = aRollEntry({ cause });
    expect(fold(entry, amendments(entry, news)).cause).toBe(expected);
  });

  it('never changes what is hashed or where a row stands', () => {
    const news = fc.record(
      {
        cause: fc.constantFrom<Cause>('keeper', 'manual', 'unknown'),
        outcome: fc.constantFrom<Outcome>('succeeded', 'failed'),
        inWindow: fc.constantFrom<boolean | 'unknown'>(true, false, 'unknown'),
        proof: fc.constantFrom<Proof>('nodes', 'none'),
        actor: fc.constantFrom(ada, aks),
        reason: fc.string(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(news, { minLength: 1, maxLength: 5 }), (all) => {
        const entry = aRollEntry();
        const row = fold(entry, amendments(entry, all));
        const { sequence, hash, previousHash, completedAt, from, to, kind } = entry;
        expect(row).toMatchObject({ sequence, hash, previousHash, completedAt, from, to, kind });
        expect(newestIn({ id: '', ...row })).toBe(entry.sequence + all.length);
        expect(entry).toEqual(aRollEntry());
      }),
    );
  });
});

describe('the rows of a cluster', () => {
  const seen = { kind: 'firstSeen', cluster: clusterId, nodePool: 'apps', nodeImageVersion: images.old } as const;
  const place = (sequence: number) => ({ sequence, recordedAt: '', previousHash: '', hash: `${sequence}` });
  const entries: readonly Entry[] = [
    { ...seen, observedAt: now.toString(), ...place(1) },
    aRollEntry({ ...place(2) }),
    aRollEntry({ ...place(3), kind: 'rolled', to: images.old }),
    { ...amendmentOf(aRollEntry(), { source, outcome: 'partial' }, now.toString()), ...place(4) },
    { kind: 'gone', cluster: clusterId, observedAt: now.toString(), reason: '404', ...place(5) },
  ];

  it('are all but the amendments, which are folded in', () => {
    expect(historyRows(entries).map((row) => [row.id.split('|').at(-1), row.kind, newestIn(row)])).toEqual([
      ['1', 'firstSeen', 1],
      ['2', 'transition', 4],
      ['3', 'rolled', 3],
      ['5', 'gone', 5],
    ]);
  });

  it('do not depend on the order of the entries', () => {
    expect(historyRows(entries.toReversed())).toEqual(historyRows(entries));
  });
});

describe('an amendment', () => {
  const entry = aRollEntry();

  it('names what it amends, and where it comes from', () => {
    expect(amendmentOf(entry, { source, proof: 'nodes' }, after(9).toString())).toEqual({
      kind: 'amendment',
      cluster: clusterId,
      nodePool: 'apps',
      amends: 2,
      observedAt: after(9).toString(),
      source,
      proof: 'nodes',
    });
  });

  it.each<[string, Partial<News>]>([
    [
      'half a surrogate pair',
      { reason: '\ud800', actor: { kind: 'person', name: 'a\udfff', correlationId: '\ud800' } },
    ],
    ['in what is not understood', { raw: { text: '\ud800', list: [null, '\udfff'] } }],
    ['a raw text', { raw: '\ud800' }],
    [
      'what is very long',
      { raw: 'é'.repeat(100_000), reason: '😀'.repeat(50_000), source: { name: 'n'.repeat(9_000), id: '\ud800' } },
    ],
  ])('can be hashed and stored with %s', (_what, news) => {
    const [chained] = chainEntries(undefined, [amendmentOf(entry, { source, ...news }, now.toString())], now);
    expect(chained?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(chained).length).toBeLessThan(32 * 1024);
  });

  it('says that it was cut', () => {
    const { reason } = amendmentOf(aTransitionEntry(), { source, reason: 'x'.repeat(3_000) }, now.toString());
    expect(reason).toMatch(/^x{2000}… \(3000 characters\)$/);
  });
});

function aTransitionEntry(): RollEntry {
  return aRollEntry(aTransition());
}
