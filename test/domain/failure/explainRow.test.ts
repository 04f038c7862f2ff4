import { describe, expect, it } from 'vitest';
import { failureOf, toAnsweredRow } from '../../../shared/domain/failure/explainRow.ts';
import { describeEntry } from '../../../shared/usecases/observe/describeEntry.ts';
import { aRollEntry, clusterId, images, now } from '../../builders.ts';

const error = { code: 'PodDrainFailure', message: 'shop/cart-0 blocked by pdb cart with 0 unready pods.' };
const failed = aRollEntry({ kind: 'rolled', to: images.old, outcome: 'failed', error });

describe('the failure of a history row', () => {
  it('has class, remedy, next step and what ARM said, beside the row as it was', () => {
    const row = { id: 'x', ...failed };
    expect(toAnsweredRow(row)).toEqual({
      ...row,
      subscription: '3b7a1c9e-5f2d-4a68-9c04-e1d2f3a4b5c6',
      resourceGroup: 'rg-shop',
      clusterName: 'aks-shop-we',
      imageNote: `Nobody knows which image it was to bring; the pool still names ${images.old}.`,
      failure: {
        class: 'podDrain',
        remedy: expect.stringContaining('shop/cart'),
        next: expect.stringContaining('Repair the pool'),
        ...error,
      },
    });
  });

  it.each([
    ['of the keeper', { attempt: 'a' }, 'up to 3 attempts'],
    [
      'of the keeper, with the image moved',
      { attempt: 'a', kind: 'transition' as const, to: images.new },
      'already names',
    ],
    ['of others', {}, 'Repair the pool'],
  ])('%s', (_whose, roll, next) => {
    expect(failureOf({ ...failed, ...roll })?.next).toContain(next);
  });

  it('is none where nothing failed', () => {
    const row = { id: 'x', ...aRollEntry() };
    expect(toAnsweredRow(row)).toMatchObject({ ...row, failure: undefined, imageNote: undefined });
    const gone = { kind: 'gone', cluster: clusterId, observedAt: now.toString(), reason: 'r' } as const;
    const place = { sequence: 1, recordedAt: now.toString(), previousHash: '', hash: '', id: 'x' };
    expect(toAnsweredRow({ ...gone, ...place })).not.toHaveProperty('failure');
  });

  it.each([
    [{ total: 3, upToDate: 2, cordoned: 1 }, `1 of 3 nodes do not run ${images.new}, and 1 is cordoned.`],
    [{ cordoned: 2 }, '2 are cordoned.'],
    [{ total: 3, upToDate: 3, cordoned: 0 }, undefined],
    [{ total: 3 }, undefined],
  ])('of nodes %j says what is left', (nodes, nodesLeft) => {
    const left = failureOf({ ...failed, target: images.new, nodes })?.nodesLeft;
    expect(left).toBe(nodesLeft);
  });

  it('of a roll that is partial is that its nodes are behind', () => {
    const roll = { ...aRollEntry({ outcome: 'partial' }), nodes: { total: 3, upToDate: 1 } };
    expect(failureOf(roll)).toMatchObject({
      class: 'nodesBehind',
      code: 'NodesBehind',
      remedy: expect.stringContaining(`2 of 3 nodes do not run ${images.new}:`),
    });
    expect(failureOf({ ...roll, nodes: {} })?.remedy).toContain('Nodes run another image');
  });
});

it('stands in the line of the log', () => {
  const line = describeEntry(failed);
  expect(line).toContain(`aks-shop-we/apps on ${images.old}, failed. podDrain (PodDrainFailure): `);
  expect(line).toContain('shop/cart');
  expect(describeEntry(aRollEntry())).toMatch(/in window: unknown\.$/);
});
