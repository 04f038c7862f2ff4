import { describe, expect, it } from 'vitest';
import { estimateMinutes, surgeNodes, unknownSize, withRoll } from '../../../shared/domain/cluster/estimate.ts';
import { aPool } from '../../builders.ts';

describe('estimateMinutes: batches of surge nodes, ten minutes each', () => {
  it.each([
    ['one node', 1, '1', 10],
    ['one at a time', 5, '1', 50],
    ['a surge that divides the pool', 6, '2', 30],
    ['a rest that needs a batch of its own', 7, '2', 40],
    ['a surge larger than the pool', 3, '10', 10],
    ['a percentage', 10, '50%', 20],
    ['a percentage, rounded up to whole nodes', 3, '33%', 30],
    ['a percentage of less than a node', 4, '1%', 40],
    ['all at once', 50, '100%', 10],
    ['AKS’s default of 10%', 20, undefined, 100],
    ['a surge of 0, where maxUnavailable works instead', 3, '0', 30],
    ['a surge of 0%', 3, '0%', 30],
    ['no nodes: the model is rolled all the same', 0, '1', 10],
    ['a thousand nodes', 1000, '10%', 100],
  ])('%s', (_what, count, maxSurge, minutes) => {
    expect(estimateMinutes(aPool({ count, maxSurge }))).toBe(minutes);
  });
});

describe('estimateMinutes: unknown where the nodes that roll are not known', () => {
  it.each<[string, number | undefined, string | undefined]>([
    ['no count', undefined, '1'],
    ['no count, and AKS’s default surge', undefined, undefined],
    ['a surge that is no number', 3, 'many'],
    ['a surge that only begins with a number', 3, '2 nodes'],
    ['a percentage that only begins with a number', 3, '33%%'],
    ['a surge below zero', 3, '-1'],
    ['no surge, though ARM names one', 3, '%'],
  ])('%s', (_what, count, maxSurge) => {
    const pool = aPool({ count, maxSurge });
    expect(estimateMinutes(pool, [3, 4, 5], 20)).toBeUndefined();
    expect(surgeNodes(pool)).toBeUndefined();
    expect(unknownSize(pool)).toBeTypeOf('string');
    // What a roll of so many nodes took tells nothing of a batch.
    expect(withRoll([3, 4], pool, 60)).toEqual([3, 4]);
  });
});

describe('surgeNodes', () => {
  it.each([
    ['an integer', 5, '2', 2],
    ['never more than the pool has', 3, '10', 3],
    ['a percentage, rounded up', 3, '33%', 1],
    ['more than all', 3, '200%', 3],
    ['AKS’s default of 10%', 21, undefined, 3],
    ['none where maxUnavailable works instead', 3, '0', 0],
    ['none beside no nodes', 0, '50%', 0],
    ['not known', 3, 'many', undefined],
    ['nothing that makes sense', 3, '-1', undefined],
  ])('%s', (_what, count, maxSurge, nodes) => {
    expect(surgeNodes(aPool({ count, maxSurge }))).toBe(nodes);
  });
});

describe('estimateMinutes: what a batch takes', () => {
  const pool = aPool({ count: 4, maxSurge: '2' });
  it.each<[string, readonly number[], number | undefined, number]>([
    ['ten minutes where nothing is known', [], undefined, 20],
    ['the policy’s, while fewer than three rolls are known', [3, 3], 25, 50],
    ['the 90th percentile of what the pool showed, whatever the policy says', [3, 4, 5], 25, 10],
  ])('%s', (_what, past, minutesPerBatch, minutes) => {
    expect(estimateMinutes(pool, past, minutesPerBatch)).toBe(minutes);
  });
});
