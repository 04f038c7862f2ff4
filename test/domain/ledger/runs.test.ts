import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Run } from '../../../shared/domain/ledger/heads.ts';
import { runsAfter, runsDiffer, runsWell } from '../../../shared/domain/ledger/runs.ts';
import { isBefore } from '../../../shared/domain/text/stored.ts';
import { aCluster, after, aPool, images, now } from '../../builders.ts';

const since = after(-60);
const open: Run = { nodeImageVersion: images.old, since };

describe('what a pool ran', () => {
  it.each<[string, readonly Run[], string, boolean, readonly Run[]]>([
    ['begins when it is seen well', [], images.old, true, [{ nodeImageVersion: images.old, since: now }]],
    ['begins not while it is not', [], images.old, false, []],
    ['goes on', [open], images.old, true, [open]],
    ['ends when the pool fails or stops', [open], images.old, false, [{ ...open, until: now }]],
    [
      'ends with another image',
      [open],
      images.new,
      true,
      [
        { nodeImageVersion: images.new, since: now },
        { ...open, until: now },
      ],
    ],
    [
      'begins afresh after a failure, on the same image too',
      [{ ...open, until: after(-30) }],
      images.old,
      true,
      [
        { nodeImageVersion: images.old, since: now },
        { ...open, until: after(-30) },
      ],
    ],
  ])('%s', (_, runs, image, isWell, expected) => {
    expect(runsAfter(runs, image, isWell, now)).toEqual(expected);
  });

  it('is in order, at most one goes on, and an observation that says nothing new changes nothing', () => {
    const seen = fc.record({
      image: fc.constantFrom(images.older, images.old, images.new),
      isWell: fc.boolean(),
      minutes: fc.nat(600),
    });
    fc.assert(
      fc.property(fc.array(seen, { maxLength: 30 }), (looks) => {
        let at = now;
        let runs: readonly Run[] = [];
        for (const { image, isWell, minutes } of looks) {
          at = at.add({ minutes });
          const before = runs;
          runs = runsAfter(before, image, isWell, at) ?? [];
          if (!runsDiffer(before, image, isWell, at)) expect(runs).toEqual(before);
          expect(runsDiffer(runs, image, isWell, at)).toBe(false);
          expect(runs[0]?.until === undefined && runs.length > 0).toBe(isWell);
        }
        expect(runs.slice(1).every((run) => run.until !== undefined && !isBefore(run.until, run.since))).toBe(true);
        expect(runs.length).toBeLessThanOrEqual(8);
      }),
    );
  });

  it('begins anew where a clock that ran ahead dated its begin, so that nobody waits for that date', () => {
    const ahead = { nodeImageVersion: images.new, since: after(40 * 1440) };
    expect(runsDiffer([ahead, open], images.new, true, now)).toBe(true);
    const runs = runsAfter([ahead, open], images.new, true, now);
    expect(runs).toEqual([{ ...ahead, since: now }, open]);
    expect(runsDiffer(runs, images.new, true, now)).toBe(false);
  });

  it('says nothing while ARM does not show the image', () => {
    expect(runsDiffer([open], undefined, true, now)).toBe(false);
  });

  it.each([
    ['the cluster is stopped', aCluster({ powerState: 'Stopped' }), aPool(), false],
    ['the pool is stopped', aCluster(), aPool({ powerState: 'Stopped' }), false],
    ['the pool failed', aCluster(), aPool({ provisioningState: 'Failed' }), false],
    ['all is well', aCluster(), aPool(), true],
  ])('%s', (_, cluster, pool, expected) => {
    expect(runsWell(cluster, pool)).toBe(expected);
  });
});
