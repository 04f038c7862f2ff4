// Judges the reason that stands first in the decisions of the end: what does not go away by itself. Called by checker.ts.
import { isManaged } from '../../draw/drawPools.ts';
import { keyOf } from '../../record/keyOf.ts';
import type { RunRecord, Violation } from '../../record/record.ts';
import { verdictOf } from '../own/reasons.ts';

const day = 86_400_000;

/** Nobody knows, or nobody asks the keeper: whatever else is true of the pool. */
const above = ['notSelected', 'readFailed', 'unsupportedPool'];

export function judgeFirstReason(record: RunRecord): readonly Violation[] {
  return record.poolViews.flatMap(({ cluster, nodePool, decision }) => {
    const { reason, verdict, also } = decision;
    const where = `${keyOf(cluster.id).split('|')[2]}/${nodePool.name}`;
    const wrong = (what: string) => [{ check: 'first reason', what: `${where} is ${verdict}/${reason}, ${what}` }];
    if (verdict !== verdictOf(reason)) return wrong(`which is ${verdictOf(reason)}`);
    const hidden = verdict === 'wait' ? also.find((other) => verdictOf(other.reason) !== 'wait') : undefined;
    if (hidden) return wrong(`behind which ${hidden.reason} is hidden`);
    const asked = askedOf(record, keyOf(cluster.id), nodePool.name);
    return asked && !asked.reasons.includes(reason) ? wrong(`though ${asked.why}`) : [];
  });
}

/** What anybody can tell from the world, where it has stood still for a day. */
function askedOf({ truth, endedAt }: RunRecord, key: string, name: string) {
  const pool = truth.pools.find((one) => one.clusterKey === key && one.name === name && one.until === undefined);
  const cluster = truth.clusters.get(key)?.at(-1);
  const last = pool?.moments.at(-1);
  if (!pool || !cluster || !last || Math.max(cluster.at, last.at, pool.from) > endedAt - day) return undefined;
  const mode = pool.state.profile.mode;
  if (isManaged(mode)) return { reasons: above, why: `its mode is ${mode}` };
  const { provisioningState: state } = JSON.parse(cluster.rest || '{}') as { readonly provisioningState?: string };
  if (!/^(failed|canceled)$/i.test(state ?? '')) return undefined;
  return { reasons: [...above, 'poolFailed', 'clusterFailed'], why: `its cluster is left ${state}` };
}
