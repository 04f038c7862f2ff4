import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../shared/domain/failure/explainRow.ts';
import { imageNote } from '../../../shared/domain/failure/imageNote.ts';
import type { RollEntry } from '../../../shared/domain/ledger/ledger.ts';
import { aRollEntry, images } from '../../builders.ts';

const { older, old, new: newer } = images;
const ours = { attempt: 'a', target: newer } as const;
const stayed = { kind: 'rolled', to: old } as const;

describe('from, to and target of a roll', () => {
  it.each<[string, Partial<RollEntry>, string | undefined]>([
    ['that brought what it was to bring', ours, undefined],
    ['of others that succeeded', {}, undefined],
    [
      'for which ARM installed another image',
      { ...ours, to: older, drifted: true },
      `It was to bring ${newer}; the pool names ${older} instead.`,
    ],
    [
      'that left nodes behind',
      { ...ours, outcome: 'partial' },
      `It was to bring ${newer}; the pool names ${newer}, but not all of its nodes run it.`,
    ],
    [
      'that failed before the pool named it',
      { ...ours, ...stayed, outcome: 'failed' },
      `It was to bring ${newer}; the pool still names ${old}.`,
    ],
    [
      'that failed when the pool named it',
      { ...ours, outcome: 'failed' },
      `It was to bring ${newer}; the pool names ${newer}, which does not show that its nodes run it.`,
    ],
    [
      'that nobody saw end',
      { ...ours, ...stayed, outcome: 'unknown' },
      `It was to bring ${newer}; the pool still names ${old}.`,
    ],
    [
      'of a request that was never sent',
      { ...ours, ...stayed, outcome: 'notStarted' },
      `It was to bring ${newer}, but the request never reached ARM; the pool names ${old}.`,
    ],
    [
      'of a person that failed: no API tells what was asked for',
      { ...stayed, outcome: 'failed' },
      `Nobody knows which image it was to bring; the pool still names ${old}.`,
    ],
  ])('%s', (_what, roll, said) => {
    expect(imageNote(aRollEntry(roll))).toBe(said);
  });
});

describe('nodes that are left are counted against the image that was asked for', () => {
  const nodes = { total: 2, upToDate: 0 };
  const error = { code: 'PodDrainFailure', message: 'x' };
  it.each<[string, Partial<RollEntry>, string]>([
    ['not against the old one, which they do run', { ...ours, ...stayed, outcome: 'failed' }, newer],
    ['also where the pool names it already', { ...ours, outcome: 'failed' }, newer],
    ['also where the pool names a third one', { ...ours, to: older, drifted: true, outcome: 'failed' }, newer],
    ['or what ARM installed instead', { ...ours, to: older, drifted: true, outcome: 'partial' }, older],
    ['of before, where the pool names it', { attempt: 'a', outcome: 'failed' }, newer],
    ['of before, unnamed', { attempt: 'a', ...stayed, outcome: 'failed' }, 'the image that was asked for'],
    [
      'of before, where the pool drifted',
      { attempt: 'a', drifted: true, outcome: 'failed' },
      'the image that was asked for',
    ],
  ])('%s', (_what, roll, image) => {
    expect(failureOf(aRollEntry({ ...roll, error, nodes }))?.nodesLeft).toBe(`2 of 2 nodes do not run ${image}.`);
  });
});
