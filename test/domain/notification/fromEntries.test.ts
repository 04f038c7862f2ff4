import { describe, expect, it } from 'vitest';
import type { Amendment, Entry, RollEntry } from '../../../shared/domain/ledger/ledger.ts';
import { attemptStarted, attemptStuck } from '../../../shared/domain/notification/fromAttempt.ts';
import { fromEntries } from '../../../shared/domain/notification/fromEntries.ts';
import { notificationSchemas } from '../../../shared/domain/notification/notification.ts';
import { after, anAttempt, anUnansweredAttempt, aRollEntry, clusterId, images, now } from '../../builders.ts';

const attempt = anAttempt().id;
const ours = { attempt, startedAt: after(1).toString(), inWindow: true, cause: 'keeper' } as const;
const told = (entries: readonly Entry[], from = 0) =>
  fromEntries(entries, from).map(({ type, id }) => `${type} ${id.replaceAll(/(.)\1{63}/g, '$1')}`);

/** The third entry, which amends {@link aRollEntry}. */
function anAmendment(overrides: Partial<Amendment & { readonly sequence: number }>): Entry {
  return {
    kind: 'amendment',
    cluster: clusterId,
    nodePool: 'apps',
    amends: 2,
    observedAt: after(60).toString(),
    source: { name: 'nodes', id: '1' },
    sequence: 3,
    recordedAt: after(61).toString(),
    previousHash: 'b'.repeat(64),
    hash: 'c'.repeat(64),
    ...overrides,
  };
}

describe('an entry', () => {
  it.each<[what: string, roll: Partial<RollEntry>, types: readonly string[]]>([
    ['a change by others', {}, ['NodeImageTransition transition|b']],
    [
      'one outside the window',
      { inWindow: false },
      ['NodeImageTransition transition|b', 'ChangeOutsideWindow outside|b'],
    ],
    [
      'a roll outside the window to the same image',
      { kind: 'rolled', inWindow: false },
      ['ChangeOutsideWindow outside|b'],
    ],
    ['a roll by others to the same image', { kind: 'rolled' }, []],
    [
      'our upgrade',
      ours,
      [`AttemptStarted started|${attempt}`, 'NodeImageTransition transition|b', 'AttemptSucceeded ended|b'],
    ],
    [
      'ours that left nodes behind',
      { ...ours, outcome: 'partial' },
      [`AttemptStarted started|${attempt}`, 'NodeImageTransition transition|b', 'AttemptPartial ended|b'],
    ],
    [
      'ours that failed',
      { ...ours, kind: 'rolled', outcome: 'failed' },
      [`AttemptStarted started|${attempt}`, 'AttemptFailed ended|b'],
    ],
    [
      'ours that was canceled',
      { ...ours, kind: 'rolled', outcome: 'canceled' },
      [`AttemptStarted started|${attempt}`, 'AttemptFailed ended|b'],
    ],
    [
      'ours that is not known to have begun',
      { attempt, kind: 'rolled', outcome: 'unknown' },
      ['AttemptFailed ended|b'],
    ],
    ['a request that never reached ARM', { attempt, kind: 'rolled', outcome: 'notStarted', inWindow: false }, []],
  ])('of %s', (_what, roll, types) => {
    expect(told([aRollEntry(roll)])).toEqual(types);
  });

  it('names who did it, where that is learnt before it is told', () => {
    const actor = { kind: 'person', name: 'Ada' } as const;
    const [transition] = fromEntries([anAmendment({ actor, cause: 'manual' }), aRollEntry()], 0);
    expect(transition).toMatchObject({ data: { cause: 'manual', actor: 'Ada', sequence: 2, hash: 'b'.repeat(64) } });
  });

  it.each<[what: string, roll: Partial<RollEntry>, amendment: Partial<Amendment>, types: readonly string[]]>([
    ['that nodes stayed behind', ours, { outcome: 'partial' }, ['AttemptPartial ended|c']],
    ['that they followed', { ...ours, outcome: 'partial' }, { outcome: 'succeeded' }, ['AttemptSucceeded ended|c']],
    ['what was known', ours, { outcome: 'succeeded', proof: 'nodes' }, []],
    ['how a roll of others ended', {}, { outcome: 'partial' }, []],
    ['that the window was closed', {}, { inWindow: false }, ['ChangeOutsideWindow outside|b']],
    ['that again', { inWindow: false }, { inWindow: false }, []],
    ['that it was open', {}, { inWindow: true }, []],
  ])('that brings to light %s', (_what, roll, amendment, types) => {
    // Newest first, as they are read.
    expect(told([anAmendment(amendment), aRollEntry(roll)], 2)).toEqual(types);
  });

  it('tells nothing twice: what was told before stays so', () => {
    expect(told([aRollEntry(ours)], 2)).toEqual([]);
    expect(
      told([anAmendment({ sequence: 4, inWindow: false }), anAmendment({ inWindow: false }), aRollEntry()], 3),
    ).toEqual([]);
  });

  it('of a first sighting or an end tells nothing', () => {
    const { sequence, recordedAt, previousHash, hash, cluster, observedAt } = aRollEntry();
    const common = { sequence, recordedAt, previousHash, hash, cluster, observedAt, nodePool: 'apps' };
    expect(told([{ kind: 'firstSeen', nodeImageVersion: images.old, ...common }])).toEqual([]);
    expect(told([{ kind: 'gone', reason: 'x', ...common }])).toEqual([]);
  });

  it('tells what the schemas say, with the remedy of a failure', () => {
    const error = { code: 'PodDrainFailure', message: 'Eviction of pod shop/checkout-0 failed. '.repeat(100) };
    const all = fromEntries([aRollEntry({ ...ours, inWindow: false, outcome: 'failed', error })], 0);
    for (const { type, data } of all) expect(notificationSchemas[type].safeParse(data).error).toBeUndefined();
    const failed = all.find(({ type }) => type === 'AttemptFailed');
    expect(failed?.data).toMatchObject({ failure: { class: 'podDrain', code: 'PodDrainFailure' } });
    expect(JSON.stringify(failed).length).toBeLessThan(8_000);
  });
});

describe('an attempt in flight', () => {
  it('has started when ARM accepted it, in the words of the ledger', () => {
    const started = attemptStarted(anAttempt());
    expect(notificationSchemas.AttemptStarted.parse(started?.data)).toMatchObject({ attempt, estimateMinutes: 30 });
    const [fromLedger] = fromEntries([aRollEntry(ours)], 0);
    expect([fromLedger?.id, fromLedger?.time, fromLedger?.source]).toEqual([
      started?.id,
      started?.time,
      started?.source,
    ]);
  });

  it.each(['intended', 'unclear'] as const)('is not said to have started while it is %s', (state) => {
    expect(attemptStarted(anUnansweredAttempt({ state }))).toBeUndefined();
  });

  it('that is stuck says since when', () => {
    const stuck = attemptStuck(anAttempt(), now);
    expect(notificationSchemas.AttemptStuck.parse(stuck.data)).toMatchObject({
      stuckAt: now.toString(),
      startedAt: after(1).toString(),
    });
    expect(stuck.id).toBe(`stuck|${attempt}`);
  });
});
