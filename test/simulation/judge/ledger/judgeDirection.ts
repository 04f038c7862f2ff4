// Judges where a recorded roll is said to have gone: never forward or back where it went the other way. Called by judgeLedger.ts.
import type { RunRecord, Wrong } from '../../record/record.ts';
import type { Rolled } from '../../record/stored.ts';
import { isNewer, isSameFamily } from '../own/images.ts';
import { kubernetesOrder } from '../own/stepsBack.ts';
import { poolsNear } from './poolsNear.ts';

export function judgeDirection(record: RunRecord, clusterKey: string, entry: Rolled, wrong: Wrong): void {
  const { direction, from, to } = entry;
  if ((direction === undefined) !== (from === to)) wrong('direction', `${direction} from ${from} to ${to}`);
  const isForward = direction === 'forward';
  if (isForward && isNewer(from, to)) wrong('direction', `forward from ${from} to ${to}`);
  if (direction === 'unknown' && isSameFamily(from, to) && isNewer(to, from))
    wrong('direction', 'a newer release is forward');
  const slack = record.largestSkew + 1000;
  const [seen, until] = [Date.parse(entry.observedAt) - slack, Date.parse(entry.recordedAt) + slack];
  const pools = poolsNear(record, clusterKey, entry.nodePool, seen, until);
  const rolls = record.truth.rolls.filter((roll) => pools.includes(roll.pool) && roll.from === from && roll.to === to);
  // Several that are alike may be meant, and a pool that was made anew rolled nowhere.
  const [roll] = rolls;
  if (rolls.length !== 1 || !roll || pools.length !== 1) return;
  const at = (time: number) => roll.pool.moments.findLast((moment) => moment.at <= time)?.kubernetes ?? '';
  const move = kubernetesOrder(at(roll.startedAt - 1), at(roll.endedAt ?? until));
  if (move < 0 && isForward) wrong('direction', 'forward, but Kubernetes went back');
  if (move > 0 && direction === 'back' && !isNewer(from, to)) wrong('direction', 'back, but Kubernetes was upgraded');
}
