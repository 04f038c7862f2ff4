import { describe, expect, it } from 'vitest';
import type { PoolHead } from '../../../shared/domain/ledger/heads.ts';
import type { Cause, Direction, RollEntry } from '../../../shared/domain/ledger/ledger.ts';
import { rebuildHeads } from '../../../shared/domain/ledger/rebuildHeads.ts';
import { endOf, entryOfRoll, settledHead } from '../../../shared/domain/observe/endOfRoll.ts';
import { aCluster, after, anAttempt, anObservation, aPool, aPoolHead, aRollEntry, heads } from '../../builders.ts';

const [u22, u24, linux] = ['AKSUbuntu-2204gen2containerd-', 'AKSUbuntu-2404gen2containerd-', 'AKSAzureLinux-V3gen2-'];
const july2 = '202607.02.0';
const july20 = '202607.20.0';

type Ran = {
  readonly version: string | undefined;
  readonly image: string;
  readonly before?: readonly string[];
  /** What the pool's upgrade profile says, of the time before the keeper's. */
  readonly profile?: readonly string[];
};

function rolled(
  { version: kubernetesVersion, image, before = [], profile }: Ran,
  [to, toImage]: readonly [string | undefined, string],
) {
  const runs = [image, ...before].map((nodeImageVersion) => ({ nodeImageVersion, since: after(-60) }));
  const head: PoolHead = { ...aPoolHead({ nodeImageVersion: image }), kubernetesVersion, runs };
  const pool = aPool({ kubernetesVersion: to, nodeImageVersion: toImage });
  const ranBefore = profile && { [pool.name.toLowerCase()]: profile };
  const observation = anObservation({ cluster: aCluster({ nodePools: [pool] }), ranBefore });
  const end = endOf({ heads: heads([head]), head, pool, observation }, undefined);
  return { entry: entryOfRoll(end), next: settledHead(end.head, pool) };
}

describe('where a pool went', () => {
  it.each<[string, Ran, readonly [string | undefined, string], Cause, Direction | undefined]>([
    // Kubernetes and image went back in one family: the issue's own numbers.
    ['a rollback over a minor version', ran('1.34.2', u22 + july20), ['1.33.6', u22 + july2], 'rollback', 'back'],
    ['and over a family', ran('1.34.2', u24 + july20), ['1.33.6', u22 + july2], 'rollback', 'back'],
    ['and over an OS', ran('1.34.2', linux + july20), ['1.33.6', u22 + july2], 'rollback', 'back'],
    ['of a patch version alone', ran('1.34.2', u24 + july20), ['1.34.1', u22 + july2], 'rollback', 'back'],
    ['back to an image with a later date', ran('1.34.2', u24 + july2), ['1.33.6', u22 + july20], 'rollback', 'back'],
    ['back to a later release of its family', ran('1.34.2', u22 + july2), ['1.33.6', u22 + july20], 'rollback', 'back'],
    ['back, from what can’t be read', ran('1.34.2', 'custom'), ['1.33.6', u22 + july2], 'rollback', 'back'],
    ['the image alone', ran('1.34.2', u22 + july20), ['1.34.2', u22 + july2], 'rollback', 'back'],
    ['the image alone, versions not known', ran(undefined, u22 + july20), [undefined, u22 + july2], 'rollback', 'back'],
    ['Kubernetes alone', ran('1.34.2', u22 + july2), ['1.33.6', u22 + july2], 'rollback', undefined],
    [
      'to the OS that it ran before, by Kubernetes versions that stayed',
      ran('1.34.2', linux + july20, [u22 + july2]),
      ['1.34.2', u22 + july2],
      'rollback',
      'back',
    ],
    [
      'to the family that it ran before, by Kubernetes versions that nobody knows',
      ran(undefined, u24 + july20, [u22 + july2]),
      ['1.33.6', u22 + july2],
      'rollback',
      'back',
    ],
    [
      'to the OS that its upgrade profile says it ran, before the keeper saw it',
      { ...ran('1.34.2', linux + july20), profile: [u24 + july2, u22 + july2] },
      ['1.34.2', u22 + july2],
      'rollback',
      'back',
    ],
    [
      'to one that its upgrade profile does not name: ARM forgets',
      { ...ran('1.34.2', linux + july20), profile: [u24 + july2] },
      ['1.34.2', u22 + july2],
      'reconfiguration',
      'unknown',
    ],
    [
      'up to a family that its upgrade profile says it ran',
      { ...ran('1.33.6', u22 + july20), profile: [u24 + july2] },
      ['1.34.2', u24 + july2],
      'kubernetesUpgrade',
      'forward',
    ],
    ['a Kubernetes upgrade', ran('1.33.6', u22 + july2), ['1.34.2', u22 + july20], 'kubernetesUpgrade', 'forward'],
    ['to an older date', ran('1.33.6', u22 + july20), ['1.34.2', u24 + july2], 'kubernetesUpgrade', 'forward'],
    [
      'to a family that it had been rolled back from',
      ran('1.33.6', u22 + july20, [u24 + july2]),
      ['1.34.2', u24 + july2],
      'kubernetesUpgrade',
      'forward',
    ],
    ['another OS: older', ran('1.34.2', u22 + july20), ['1.34.2', linux + july2], 'reconfiguration', 'unknown'],
    ['another OS: newer', ran('1.34.2', u22 + july2), ['1.34.2', linux + july20], 'reconfiguration', 'unknown'],
    ['another OS: the same', ran('1.34.2', u22 + july2), ['1.34.2', linux + july2], 'reconfiguration', 'unknown'],
    ['versions not known', ran(undefined, u24 + july20), ['1.33.6', u22 + july2], 'unknown', 'unknown'],
    ['versions not known any more', ran('1.34.2', u24 + july20), [undefined, u22 + july2], 'unknown', 'unknown'],
    ['versions of no known form', ran('1.34.2', u24 + july20), ['next', u22 + july2], 'unknown', 'unknown'],
    [
      'a Kubernetes upgrade to an older release of its family',
      ran('1.33.6', u22 + july20),
      ['1.34.2', u22 + july2],
      'kubernetesUpgrade',
      'unknown',
    ],
    ['an image of no known form', ran('1.34.2', u22 + july20), ['1.34.2', 'custom'], 'unknown', 'unknown'],
    ['an upgrade', ran('1.34.2', u22 + july2), ['1.34.2', u22 + july20], 'unknown', 'forward'],
    ['an upgrade, versions not known', ran(undefined, u22 + july2), [undefined, u22 + july20], 'unknown', 'forward'],
    ['nowhere', ran('1.34.2', u22 + july2), ['1.34.2', u22 + july2], 'unknown', undefined],
  ])('%s', (_what, before, now, cause, direction) => {
    const { entry } = rolled(before, now);
    expect({ cause: entry.cause, direction: entry.direction }).toEqual({ cause, direction });
  });

  it('forward, where the keeper installed what ARM offered, of whatever family and date', () => {
    const to = linux + july2;
    const attempt = anAttempt({ from: u22 + july20, to });
    const head = aPoolHead({ nodeImageVersion: u22 + july20 });
    const pool = aPool({ nodeImageVersion: to });
    const seen = { heads: heads([head]), head, pool, observation: anObservation() };
    expect(entryOfRoll(endOf(seen, { attempt, outcome: 'succeeded' }))).toMatchObject({ direction: 'forward' });
  });
});

describe('what the head keeps of it', () => {
  it.each<[string, Ran, readonly [string | undefined, string], object]>([
    [
      'a step back to a later date: what it left',
      ran('1.34.2', u24 + july2),
      ['1.33.6', u22 + july20],
      { rolledBackFrom: u24 + july2, isStepBackUnknown: undefined },
    ],
    [
      'to the OS that it ran before',
      ran('1.34.2', linux + july20, [u22 + july2]),
      ['1.34.2', u22 + july2],
      { rolledBackFrom: linux + july20, isStepBackUnknown: undefined },
    ],
    [
      'to the OS that its upgrade profile says it ran',
      { ...ran('1.34.2', linux + july20), profile: [u22 + july2] },
      ['1.34.2', u22 + july2],
      { rolledBackFrom: linux + july20, isStepBackUnknown: undefined },
    ],
    [
      'perhaps a step back',
      ran('1.34.2', u22 + july20),
      ['1.34.2', linux + july2],
      { rolledBackFrom: u22 + july20, isStepBackUnknown: true },
    ],
    [
      'perhaps a step back, with Kubernetes or without',
      ran(undefined, u24 + july2),
      ['1.33.6', u22 + july20],
      { rolledBackFrom: u24 + july2, isStepBackUnknown: true },
    ],
    ['a Kubernetes upgrade', ran('1.33.6', u22 + july20), ['1.34.2', u24 + july2], { rolledBackFrom: undefined }],
  ])('%s', (_what, before, now, expected) => {
    const { rolledBackFrom, isStepBackUnknown } = rolled(before, now).next;
    expect({ rolledBackFrom, isStepBackUnknown }).toEqual(expected);
  });

  it('is over, and no more unknown, when the pool comes to a newer release', () => {
    const { next } = rolled(ran('1.34.2', u22 + july20), ['1.34.2', linux + july2]);
    const head = { ...aPoolHead(), ...next };
    const forward = settledHead(head, aPool({ kubernetesVersion: '1.34.2', nodeImageVersion: `${linux}202607.27.0` }));
    expect(forward).not.toMatchObject({ rolledBackFrom: expect.anything() });
    expect(forward).not.toMatchObject({ isStepBackUnknown: true });
  });
});

describe('heads that are rebuilt from the record', () => {
  const roll = { from: u22 + july20, to: linux + july2, cause: 'reconfiguration' } as const;
  it.each<[string, Partial<RollEntry>, object]>([
    ['unknown', { ...roll, direction: 'unknown' }, { rolledBackFrom: u22 + july20, isStepBackUnknown: true }],
    ['back', { ...roll, direction: 'back' }, { rolledBackFrom: u22 + july20 }],
    ['forward, to an older date', { ...roll, direction: 'forward' }, {}],
    ['back, in a row older than the field', { ...roll, cause: 'rollback' }, { rolledBackFrom: u22 + july20 }],
    ['nobody knows where, in such a row', roll, { rolledBackFrom: u22 + july20, isStepBackUnknown: true }],
  ])('have it as it was told: %s', (_what, row, expected) => {
    const [head] = rebuildHeads([aRollEntry(row)]).pools;
    const { rolledBackFrom, isStepBackUnknown } = head ?? {};
    expect({ rolledBackFrom, isStepBackUnknown }).toEqual({
      rolledBackFrom: undefined,
      isStepBackUnknown: undefined,
      ...expected,
    });
  });
});

function ran(version: string | undefined, image: string, before: readonly string[] = []): Ran {
  return { version, image, before };
}
