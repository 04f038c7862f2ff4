// The check `idle`, for whoever asks before a start: the planner's gates refuse a busy cluster anyway.
import { isTerminal, type NodePool, samePool } from '../cluster/cluster.ts';
import { type Check, failed, passed } from './finding.ts';

export const idle: Check = ({ cluster, pool }) => {
  const found = [
    ...oddities('the cluster', cluster, true),
    ...cluster.nodePools.flatMap((one) => oddities(`pool ${one.name}`, one, samePool(one.name, pool.name))),
  ];
  if (found.length === 0) return passed('The cluster and its pools are idle and healthy.');
  return failed(`Not idle and healthy: ${found.join(', ')}. Wait for what is busy, and repair what failed.`, { found });
};

type State = Pick<NodePool, 'provisioningState' | 'powerState'>;

function oddities(what: string, { provisioningState, powerState }: State, mustRun: boolean): readonly string[] {
  if (!isTerminal(provisioningState)) return [`${what} is busy (${provisioningState})`];
  if (provisioningState.toLowerCase() !== 'succeeded') return [`${what}'s last operation ended ${provisioningState}`];
  return mustRun && powerState.toLowerCase() !== 'running' ? [`${what} is ${powerState}`] : [];
}
