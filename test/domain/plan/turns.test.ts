import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../shared/domain/plan/decision.ts';
import { type DuePool, giveTurns, missedMost, startByOf } from '../../../shared/domain/plan/turns.ts';
import { after, aPool, now } from '../../builders.ts';

/** Due, and to begin in so many minutes at the latest. */
function due(cluster: string, startsBy = 240, fields: Partial<DuePool> = {}): DuePool {
  const startBy = after(startsBy).epochMilliseconds;
  const decision = { cluster, nodePool: 'apps', reason: 'start' } as Decision;
  const one = {
    decision,
    pool: aPool({ name: 'apps' }),
    pools: ['apps'],
    requests: 3,
    startBy,
    clusterStartBy: startBy,
  };
  return { ...one, missed: 0, ring: 0, ...fields };
}

/** Two starts now, and one more every four seconds. */
const pace = { ready: 6, perSecond: 0.75, standing: 0 };
const shown = ({ given, late }: ReturnType<typeof giveTurns>) => ({
  given: given.map((turn) => `${turn.due.decision.cluster} ${now.until(turn.at).total('seconds')}`),
  late: late.map((turn) => turn.due.decision.cluster),
});
const order = (pools: readonly DuePool[]) =>
  giveTurns(pools, { ...pace, ready: 0 }, now).given.map((turn) => turn.due.decision.cluster);

describe('turns', () => {
  it('come at once while the bucket can pay, and then as it fills', () => {
    const pools = ['a', 'b', 'c', 'd'].map((name) => due(name));
    expect(shown(giveTurns(pools, pace, now)).given).toEqual(['a 0', 'b 0', 'c 4', 'd 8']);
  });

  it('come after those that are given already', () => {
    expect(shown(giveTurns([due('a')], { ...pace, standing: 9 }, now)).given).toEqual(['a 8']);
  });

  it('take as long as their requests take', () => {
    const pools = [due('a', 100, { requests: 12 }), due('b', 200)];
    expect(shown(giveTurns(pools, pace, now)).given).toEqual(['a 8', 'b 12']);
  });

  it('reach ten minutes ahead: who comes later is given a turn by a later pass', () => {
    const pools = Array.from({ length: 400 }, (_, index) => due(String(index).padStart(3, '0')));
    const { given, late } = giveTurns(pools, pace, now);
    // Two at once, and one each four seconds in 600 s, that at their end left out.
    expect(given).toHaveLength(2 + 149);
    expect(late).toEqual([]);
  });

  it('go first to whoever must begin first', () => {
    expect(order([due('late'), due('soon', 30), due('sooner', 25)])).toEqual(['sooner', 'soon', 'late']);
  });

  it('go first to whoever must begin first for its whole cluster to end in the window, as long as that can be', () => {
    const three = { clusterStartBy: after(40).epochMilliseconds };
    const tooMany = { clusterStartBy: after(-1).epochMilliseconds };
    expect(order([due('one', 60), due('three', 100, three), due('too many', 90, tooMany)])).toEqual([
      'three',
      'one',
      'too many',
    ]);
  });

  it('are yielded by those that could not end in their window any more', () => {
    const pools = [due('a', 1), due('too late', 0, { requests: 30 }), due('b', 20)];
    expect(shown(giveTurns(pools, pace, now))).toEqual({ given: ['a 0', 'b 0'], late: ['too late'] });
  });

  it('go before all others to whoever had none in two occurrences, then by ring, then to who is longest behind', () => {
    const old = aPool({ name: 'apps', nodeImageVersion: 'AKSUbuntu-2204gen2containerd-202501.07.0' });
    const pools = [
      due('second ring', 60, { ring: 1 }),
      due('first ring', 60),
      due('longest behind', 60, { pool: old }),
      due('missed two', 200, { missed: missedMost }),
      due('missed one', 200, { missed: missedMost - 1 }),
    ];
    expect(order(pools)).toEqual(['missed two', 'longest behind', 'first ring', 'second ring', 'missed one']);
  });

  it('come last for clusters whose window nobody knows', () => {
    const unknown = startByOf({ cluster: 'x' } as Decision);
    expect(order([due('y', 0, { startBy: unknown, clusterStartBy: unknown }), due('a', 239)])).toEqual(['a', 'y']);
  });

  it('of 120 % of what a window holds leave nobody out for more than three occurrences running', () => {
    // 900 turns of four seconds in an hour, for 1,080 pools that are all due again for each occurrence.
    const pools = Array.from({ length: 1080 }, (_, index) => ({
      name: String(index),
      missed: 0,
      running: 0,
      worst: 0,
    }));
    for (let week = 0; week < 52; week += 1) {
      const wanted = pools.map(({ name, missed }) => due(name, 60, { missed }));
      const without = new Set(
        giveTurns(wanted, { ...pace, ready: 0 }, now).late.map((turn) => turn.due.decision.cluster),
      );
      for (const pool of pools) {
        const isLate = without.has(pool.name);
        pool.missed = isLate ? pool.missed + 1 : 0;
        pool.worst = Math.max(pool.worst, pool.missed);
      }
    }
    expect(Math.max(...pools.map(({ worst }) => worst))).toBe(2);
  });
});
