// The checks that look at the pool alone: its scale set's limit, autoscaler, spot, a single system node. Listed in checks.ts.
import type { NodePool } from '../cluster/cluster.ts';
import { surgeNodes } from '../cluster/estimate.ts';
import { type Check, counted, failed, notRun, passed, unknownSurge } from './finding.ts';

const maxNodes = 1000;

export const scaleSetLimit: Check = ({ pool }) => {
  const { count } = pool;
  const surge = surgeNodes(pool);
  const facts = { nodes: count, surgeNodes: surge, limit: maxNodes };
  if (pool.type?.toLowerCase() === 'virtualmachines') return passed('The pool is not one scale set.', facts);
  if (count === undefined || surge === undefined) return unknownSurge(pool);
  const nodes = `${counted(count, 'node')} and ${counted(surge, 'surge node')}`;
  if (count + surge <= maxNodes) return passed(`${nodes} fit a scale set of at most ${maxNodes}.`, facts);
  const sentence = `${nodes} are more than the ${maxNodes} that a scale set holds. Lower the pool's maxSurge, or let maxUnavailable work instead.`;
  return failed(sentence, facts);
};

export const autoscalerAtMax: Check = ({ pool: { autoscaler, count } }) => {
  if (!autoscaler) return passed('The autoscaler is off.');
  if (count === undefined || autoscaler.max === undefined) {
    return notRun('ARM does not show how many nodes the pool has, or how many its autoscaler may give it.');
  }
  const facts = { nodes: count, maxCount: autoscaler.max };
  if (count < autoscaler.max)
    return passed(`The autoscaler may add ${counted(autoscaler.max - count, 'node')}.`, facts);
  const sentence = `The autoscaler is on and the pool has ${count} of at most ${autoscaler.max} nodes: evicted pods find room on the surge nodes alone. Raise maxCount if pods stay pending.`;
  return failed(sentence, facts);
};

export const spot: Check = ({ pool }) =>
  isSpot(pool)
    ? failed('The pool is a spot pool: its surge nodes may not come, and its nodes may be taken away meanwhile.')
    : passed('The pool is not a spot pool.');

export function isSpot({ scaleSetPriority }: NodePool): boolean {
  return scaleSetPriority?.toLowerCase() === 'spot';
}

export const singleSystemNode: Check = ({ pool }) => {
  if (pool.mode.toLowerCase() !== 'system') return passed('The pool is not a system pool.');
  if (pool.count === undefined) return notRun('ARM does not show how many nodes this system pool has.');
  if (pool.count !== 1) return passed(`The system pool has ${pool.count} nodes.`, { nodes: pool.count });
  const sentence =
    'The system pool has a single node: CoreDNS and the like are down for moments while it drains. Give the pool two nodes or more.';
  return failed(sentence, { nodes: 1 });
};
