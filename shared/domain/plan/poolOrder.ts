// Which pool of a cluster goes first. Called by plan with the pools that are ready to start.
import type { NodePool } from '../cluster/cluster.ts';
import { parseNodeImageVersion } from '../image/nodeImageVersion.ts';
import { parseDay } from '../window/calendarDay.ts';

/** So much longer behind, a system pool goes first: user pools that fall due every week would keep it waiting for ever. */
const systemPoolDays = 30;

/** Sorts the pool first that is longest behind, so that none starves, and user pools before system pools. */
export function byPoolOrder(a: NodePool, b: NodePool): number {
  return turnOf(a) - turnOf(b) || Number(isSystem(a)) - Number(isSystem(b)) || byName(a.name, b.name);
}

export function byName(a: string, b: string): number {
  return Number(a > b) - Number(a < b);
}

function turnOf(pool: NodePool): number {
  const releasedOn = parseNodeImageVersion(pool.nodeImageVersion ?? '')?.releaseDate ?? '';
  return (parseDay(releasedOn) ?? 0) + (isSystem(pool) ? systemPoolDays : 0);
}

function isSystem(pool: NodePool): boolean {
  return pool.mode.toLowerCase() === 'system';
}
