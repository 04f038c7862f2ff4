import { describe, expect, it } from 'vitest';
import type { Cluster, NodePool } from '../../../shared/domain/cluster/cluster.ts';
import { idle } from '../../../shared/domain/preflight/checkIdle.ts';
import { autoscalerAtMax, scaleSetLimit, singleSystemNode, spot } from '../../../shared/domain/preflight/checkPool.ts';
import { aPool } from '../../builders.ts';
import { somePreflightFacts } from './somePreflightFacts.ts';

type Pool = Partial<NodePool>;
type Result = 'passed' | 'failed' | 'notRun';

it.each<[string, Pool, Result, string]>([
  ['room', { count: 900, maxSurge: '10%' }, 'passed', '900 nodes and 90 surge nodes fit a scale set of at most 1000.'],
  ['just room', { count: 999, maxSurge: '1' }, 'passed', '999 nodes and 1 surge node'],
  [
    'one too many',
    { count: 1000, maxSurge: '1' },
    'failed',
    '1000 nodes and 1 surge node are more than the 1000 that a scale set holds. Lower',
  ],
  ['full, without surge', { count: 1000, maxSurge: '0', maxUnavailable: '1' }, 'passed', 'fit a scale set'],
  ['one node', { count: 1, maxSurge: '1' }, 'passed', '1 node and 1 surge node'],
  ['no scale set', { count: 1000, maxSurge: '1', type: 'VirtualMachines' }, 'passed', 'not one scale set'],
  ['a type that ARM leaves out is a scale set', { count: 1000, type: undefined }, 'failed', 'more than the 1000'],
  ['a surge that can’t be read', { maxSurge: 'many' }, 'notRun', 'maxSurge is "many"'],
  ['a count that is not known', { count: undefined }, 'notRun', 'does not show how many nodes'],
])('scaleSetLimit: %s', (_what, pool, result, sentence) => {
  const finding = scaleSetLimit(somePreflightFacts({ pool }));
  expect([finding.result, finding.sentence]).toEqual([result, expect.stringContaining(sentence)]);
});

it.each<[string, Pool, Result, string]>([
  ['off', { autoscaler: undefined }, 'passed', 'off'],
  ['room to grow', { autoscaler: { min: 1, max: 5 }, count: 4 }, 'passed', 'may add 1 node.'],
  ['at its maximum', { autoscaler: { min: 1, max: 4 }, count: 4 }, 'failed', 'has 4 of at most 4 nodes'],
  ['above it', { autoscaler: { min: 1, max: 3 }, count: 4 }, 'failed', 'has 4 of at most 3 nodes'],
  ['a maximum that is not known', { autoscaler: { min: 1 }, count: 4 }, 'notRun', 'does not show'],
  ['a count that is not known', { autoscaler: { min: 1, max: 3 }, count: undefined }, 'notRun', 'does not show'],
])('autoscalerAtMax: %s', (_what, pool, result, sentence) => {
  const finding = autoscalerAtMax(somePreflightFacts({ pool }));
  expect([finding.result, finding.sentence]).toEqual([result, expect.stringContaining(sentence)]);
});

it.each<[string, Pool, Result]>([
  ['Spot', { scaleSetPriority: 'Spot' }, 'failed'],
  ['Regular', { scaleSetPriority: 'Regular' }, 'passed'],
  ['none named', {}, 'passed'],
])('spot: %s', (_what, pool, result) => {
  expect(spot(somePreflightFacts({ pool })).result).toBe(result);
});

it.each<[string, Pool, Result]>([
  ['a system pool of one node', { mode: 'System', count: 1 }, 'failed'],
  ['in any case', { mode: 'system', count: 1 }, 'failed'],
  ['of two', { mode: 'System', count: 2 }, 'passed'],
  ['a user pool of one', { mode: 'User', count: 1 }, 'passed'],
])('singleSystemNode: %s', (_what, pool, result) => {
  expect(singleSystemNode(somePreflightFacts({ pool })).result).toBe(result);
});

describe('idle', () => {
  const other = (fields: Pool) => aPool({ name: 'jobs', ...fields });
  it.each<[string, Pool, readonly NodePool[], Partial<Cluster>, string | undefined]>([
    ['idle and healthy', {}, [other({})], {}, undefined],
    ['another pool is stopped', {}, [other({ powerState: 'Stopped' })], {}, undefined],
    ['the pool is stopped', { powerState: 'Stopped' }, [], {}, 'pool apps is Stopped'],
    ['the pool is busy', { provisioningState: 'Scaling' }, [], {}, 'pool apps is busy (Scaling)'],
    ['the pool failed', { provisioningState: 'Failed' }, [], {}, "pool apps's last operation ended Failed"],
    ['another is busy', {}, [other({ provisioningState: 'Upgrading' })], {}, 'pool jobs is busy (Upgrading)'],
    ['the cluster is busy', {}, [], { provisioningState: 'Updating' }, 'the cluster is busy (Updating)'],
    ['the cluster is stopped', {}, [], { powerState: 'Stopped' }, 'the cluster is Stopped'],
  ])('%s', (_what, pool, others, cluster, found) => {
    const { pool: whole } = somePreflightFacts({ pool });
    const finding = idle(somePreflightFacts({ pool, cluster: { nodePools: [whole, ...others], ...cluster } }));
    expect(finding.result).toBe(found === undefined ? 'passed' : 'failed');
    expect(finding.facts).toEqual(found === undefined ? {} : { found: [found] });
  });
});
