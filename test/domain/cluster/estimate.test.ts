import { describe, expect, it } from 'vitest';
import type { NodePool } from '../../../shared/domain/cluster/cluster.ts';
import {
  estimateMinutes,
  type PastBatches,
  surgeBySize,
  surgeNodes,
  unknownBatch,
  withRoll,
} from '../../../shared/domain/cluster/estimate.ts';
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
    ['no surge, and no maxUnavailable either', 3, '0'],
    ['no surge in percent either', 3, '0%'],
  ])('%s', (_what, count, maxSurge) => {
    const pool = aPool({ count, maxSurge });
    expect(estimateMinutes(pool, { batchMinutes: [3, 4, 5] }, 20)).toBeUndefined();
    expect(surgeNodes(pool)).toBeUndefined();
    expect(unknownBatch(pool)).toBeTypeOf('string');
    // What a roll of so many nodes took tells nothing of a batch.
    expect(withRoll({ batchMinutes: [3, 4] }, pool, 60)).toEqual({ batchMinutes: [3, 4] });
  });
});

describe('surgeNodes', () => {
  it.each([
    ['an integer', 5, '2', 2],
    ['never more than the pool has', 3, '10', 3],
    ['a percentage, rounded up', 3, '33%', 1],
    ['more than all', 3, '200%', 3],
    ['AKS’s default of 10%', 21, undefined, 3],
    ['none beside no nodes', 0, '50%', 0],
    ['not known', 3, 'many', undefined],
    ['nothing that makes sense', 3, '-1', undefined],
  ])('%s', (_what, count, maxSurge, nodes) => {
    expect(surgeNodes(aPool({ count, maxSurge }))).toBe(nodes);
  });
});

describe('the whole of upgradeSettings', () => {
  it.each<[string, Partial<NodePool>, number, number]>([
    [
      'maxSurge 0, maxUnavailable 10 of 40 nodes: 4 batches, not 40',
      { count: 40, maxSurge: '0', maxUnavailable: '10' },
      40,
      0,
    ],
    [
      'the remedy maxSurge 0, maxUnavailable 1: one node at a time',
      { count: 5, maxSurge: '0', maxUnavailable: '1' },
      50,
      0,
    ],
    [
      'a percentage, of which fractions of a node are rounded up',
      { count: 10, maxSurge: '0', maxUnavailable: '25%' },
      40,
      0,
    ],
    ['0% is 0', { count: 4, maxSurge: '0%', maxUnavailable: '2' }, 20, 0],
    ['more than the pool has', { count: 3, maxSurge: '0', maxUnavailable: '10' }, 10, 0],
    ['maxSurge works where it is not 0', { count: 10, maxSurge: '2', maxUnavailable: '5' }, 50, 2],
    [
      'AKS’s default surge works beside maxUnavailable',
      { count: 20, maxSurge: undefined, maxUnavailable: '20' },
      100,
      2,
    ],
    [
      'a node soak of 30 minutes, ten nodes one at a time: 400 minutes',
      { count: 10, maxSurge: '1', nodeSoakMinutes: 30 },
      400,
      1,
    ],
    ['a node soak of 0', { count: 10, maxSurge: '1', nodeSoakMinutes: 0 }, 100, 1],
    ['both', { count: 40, maxSurge: '0', maxUnavailable: '10', nodeSoakMinutes: 5 }, 60, 0],
    ['no nodes', { count: 0, maxSurge: '0', maxUnavailable: '10%' }, 10, 0],
  ])('%s', (_what, fields, minutes, surge) => {
    const pool = aPool(fields);
    expect(unknownBatch(pool)).toBeUndefined();
    expect(estimateMinutes(pool)).toBe(minutes);
    expect(surgeNodes(pool)).toBe(surge);
  });

  it.each([
    ['many', 'The pool\'s maxUnavailable is "many", which the keeper can\'t read'],
    ['-1', 'maxUnavailable is "-1"'],
    ['0', 'maxSurge is 0 and so is its maxUnavailable'],
  ])('maxUnavailable %s beside maxSurge 0 is not known, and never one node', (maxUnavailable, why) => {
    const pool = aPool({ count: 3, maxSurge: '0', maxUnavailable });
    expect(estimateMinutes(pool)).toBeUndefined();
    expect(unknownBatch(pool)).toContain(why);
  });

  it('a soak that is set later is added to what the pool’s batches took without one', () => {
    const pool = aPool({ count: 4, maxSurge: '1' });
    const past = [40, 44, 48].reduce<PastBatches>((known, minutes) => withRoll(known, pool, minutes), {});
    expect(past).toEqual({ batchMinutesWithoutSoak: [10, 11, 12] });
    expect(estimateMinutes(pool, past)).toBe(48);
    const soaking = { ...pool, nodeSoakMinutes: 30 };
    expect(estimateMinutes(soaking, past)).toBe(168);
    // 4 batches of 13 minutes and the soak.
    expect(withRoll(past, soaking, 172)).toEqual({ batchMinutesWithoutSoak: [10, 11, 12, 13] });
  });

  it('samples that took every pool for one that surges count where that was right', () => {
    const past = { batchMinutes: [20, 20, 20] };
    expect(estimateMinutes(aPool({ count: 4, maxSurge: '1' }), past)).toBe(80);
    expect(estimateMinutes(aPool({ count: 4, maxSurge: '0', maxUnavailable: '2' }), past)).toBe(20);
    expect(estimateMinutes(aPool({ count: 4, maxSurge: '1', nodeSoakMinutes: 30 }), past)).toBe(160);
    expect(withRoll(past, aPool({ count: 4, maxSurge: '1' }), 100)).toEqual({
      batchMinutesWithoutSoak: [20, 20, 20, 25],
    });
  });
});

describe('surgeBySize: each size counts with as many nodes as can be of it', () => {
  const bySize = [
    { size: 'Standard_D4s_v5', count: 2 },
    { size: 'Standard_E8s_v5', count: 6 },
    { size: 'Standard_D8s_v5', count: 0 },
  ];
  const aMixedPool = (fields: Partial<NodePool> = {}) =>
    aPool({ type: 'VirtualMachines', count: 8, vmSize: undefined, nodesBySize: bySize, ...fields });
  it.each<[string, NodePool, unknown]>([
    [
      'one size',
      aPool({ count: 4, maxSurge: '2', vmSize: 'Standard_D4s_v5' }),
      [{ size: 'Standard_D4s_v5', nodes: 2 }],
    ],
    [
      'several',
      aMixedPool({ maxSurge: '33%' }),
      [
        { size: 'Standard_D4s_v5', nodes: 2 },
        { size: 'Standard_E8s_v5', nodes: 3 },
      ],
    ],
    ['none surges', aMixedPool({ maxSurge: '0', maxUnavailable: '1' }), []],
    ['a size is not known', aMixedPool({ nodesBySize: [...bySize, { count: 1 }] }), undefined],
    ['the nodes of a size are not known', aMixedPool({ nodesBySize: [...bySize, { size: 'x' }] }), undefined],
    ['ARM names no size', aPool({ vmSize: undefined }), undefined],
  ])('%s', (_what, pool, expected) => {
    expect(surgeBySize(pool)).toEqual(expected);
  });

  it('a roll of several sizes is estimated over all their nodes', () => {
    expect(estimateMinutes(aMixedPool({ maxSurge: '2' }))).toBe(40);
  });
});

describe('estimateMinutes: what a batch takes', () => {
  const pool = aPool({ count: 4, maxSurge: '2' });
  it.each<[string, readonly number[], number | undefined, number]>([
    ['ten minutes where nothing is known', [], undefined, 20],
    ['the policy’s, while fewer than three rolls are known', [3, 3], 25, 50],
    ['the 90th percentile of what the pool showed, whatever the policy says', [3, 4, 5], 25, 10],
  ])('%s', (_what, past, minutesPerBatch, minutes) => {
    expect(estimateMinutes(pool, { batchMinutesWithoutSoak: past }, minutesPerBatch)).toBe(minutes);
  });
});
