import type { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { type EndOfRoll, entryOfRoll, settledHead } from '../../../shared/domain/observe/endOfRoll.ts';
import {
  after,
  anAttempt,
  anUnansweredAttempt,
  aPool,
  aPoolHead,
  aWindowReading,
  clusterId,
  images,
  now,
} from '../../builders.ts';

/** The pool of `aPoolHead`, seen on the new image now, and on the old one ten minutes before. */
function aRoll(overrides: Partial<EndOfRoll> = {}): EndOfRoll {
  return {
    cluster: clusterId,
    shown: undefined,
    head: aPoolHead(),
    pool: aPool({ nodeImageVersion: images.new }),
    observedAt: now,
    answeredAt: overrides.observedAt ?? now,
    seenAt: after(-10),
    startedAt: undefined,
    endedAt: undefined,
    settled: undefined,
    window: aWindowReading(),
    ...overrides,
  };
}

const between = (from: number, to: number) => [after(from), after(to)] as const;
const upgrading = { isUpgrade: true, startedBetween: between(-9, -7) };

describe('what was asked for', () => {
  const judged = { ring: 'prod', policyVersion: 7, approval: { id: 'p', approvedBy: 'grace' } };
  it('is in the entry of a failed attempt, with what its start was judged on, though the pool names the old image', () => {
    const settled = { attempt: anAttempt(judged), outcome: 'failed' } as const;
    const entry = entryOfRoll(aRoll({ pool: aPool({ provisioningState: 'Failed' }), settled }));
    expect(entry).toMatchObject({ kind: 'rolled', from: images.old, to: images.old, target: images.new, ...judged });
  });

  it('is not known of what others did, and nothing is made up of an attempt of before', () => {
    const names = (entry: object) => Object.keys(JSON.parse(JSON.stringify(entry)) as object);
    const unknown = ['target', 'ring', 'policyVersion', 'approval'];
    expect(names(entryOfRoll(aRoll()))).not.toEqual(expect.arrayContaining(unknown.slice(0, 1)));
    const ofBefore = names(entryOfRoll(aRoll({ settled: { attempt: anAttempt(), outcome: 'succeeded' } })));
    expect(ofBefore.filter((name) => unknown.includes(name))).toEqual(['target']);
  });
});

describe('the cause is what the evidence shows', () => {
  const ubuntu = 'AKSUbuntu-2204gen2containerd-';
  it.each([
    ['a newer release: anybody can have done it', `${ubuntu}202512.18.0`, `${ubuntu}202601.07.0`, {}, 'unknown'],
    ['an older release', `${ubuntu}202601.07.0`, `${ubuntu}202512.18.0`, {}, 'rollback'],
    ['an older release by number, newer by text', `${ubuntu}202512.18.10`, `${ubuntu}202512.18.9`, {}, 'rollback'],
    [
      'a later patch of the same release',
      `${ubuntu}202512.18.0`,
      `${ubuntu}202512.18.0-2026.01.02`,
      {},
      'securityPatch',
    ],
    ['FIPS', `${ubuntu}202512.18.0`, 'AKSUbuntu-2204gen2fipscontainerd-202512.18.0', {}, 'reconfiguration'],
    ['another OS SKU', `${ubuntu}202512.18.0`, 'AKSAzureLinux-V3gen2-202512.18.0', {}, 'reconfiguration'],
    [
      'another Kubernetes',
      `${ubuntu}202512.18.0`,
      `${ubuntu}202601.07.0`,
      { kubernetesVersion: '1.35.0' },
      'kubernetesUpgrade',
    ],
    [
      'another Kubernetes, whose images are of another family',
      `${ubuntu}202512.18.0`,
      'AKSUbuntu-2404gen2containerd-202601.07.0',
      { kubernetesVersion: '1.35.0' },
      'kubernetesUpgrade',
    ],
    [
      'another Kubernetes on the same image',
      `${ubuntu}202512.18.0`,
      `${ubuntu}202512.18.0`,
      { kubernetesVersion: '1.35.0' },
      'kubernetesUpgrade',
    ],
    [
      'an older Kubernetes, whose images are of another family',
      'AKSUbuntu-2404gen2containerd-202601.07.0',
      `${ubuntu}202512.18.0`,
      { kubernetesVersion: '1.33.6' },
      'rollback',
    ],
    [
      'an older Kubernetes on the same image',
      `${ubuntu}202512.18.0`,
      `${ubuntu}202512.18.0`,
      { kubernetesVersion: '1.34.1' },
      'rollback',
    ],
    [
      'a Kubernetes that can’t be compared',
      `${ubuntu}202512.18.0`,
      `${ubuntu}202601.07.0`,
      { kubernetesVersion: 'next' },
      'unknown',
    ],
    [
      'ARM gives no Kubernetes version',
      `${ubuntu}202512.18.0`,
      `${ubuntu}202601.07.0`,
      { kubernetesVersion: undefined },
      'unknown',
    ],
    ['the same image', `${ubuntu}202512.18.0`, `${ubuntu}202512.18.0`, {}, 'unknown'],
    // Two names that can't be read are no evidence of two families.
    ['to an unreadable version', `${ubuntu}202512.18.0`, 'preview-build', {}, 'unknown'],
    ['from an unreadable version', 'preview-build', `${ubuntu}202512.18.0`, {}, 'unknown'],
  ])('%s', (_what, from, to, pool, cause) => {
    const head = aPoolHead({ nodeImageVersion: from });
    const entry = entryOfRoll(aRoll({ head, pool: aPool({ nodeImageVersion: to, ...pool }) }));
    expect(entry).toMatchObject({ kind: from === to ? 'rolled' : 'transition', from, to, cause });
  });

  it.each([
    ['ARM accepted', anAttempt(), 'keeper'],
    ['was not answered', anUnansweredAttempt({ state: 'unclear' }), 'unknown'],
    ['may not have been sent', anUnansweredAttempt(), 'unknown'],
  ])('an attempt that %s', (_what, attempt, cause) => {
    expect(entryOfRoll(aRoll({ settled: { attempt, outcome: 'succeeded' } }))).toMatchObject({
      cause,
      attempt: attempt.id,
    });
  });
});

describe('when a roll began', () => {
  it.each<[string, Partial<EndOfRoll>, readonly [Temporal.Instant, Temporal.Instant], Temporal.Instant?]>([
    ['not seen rolling: since the last look', {}, between(-10, 0)],
    ['and it ended at a known time', { endedAt: after(-2) }, between(-10, -2)],
    ['its start was announced', { startedAt: after(-8) }, between(-10, 0), after(-8)],
    ['seen upgrading', { head: aPoolHead({ rolling: upgrading }) }, upgrading.startedBetween],
    [
      'seen scaling: it may have upgraded later',
      { head: aPoolHead({ rolling: { ...upgrading, isUpgrade: false } }) },
      between(-9, 0),
    ],
    [
      'seen upgrading twice: another may have followed the first',
      { head: aPoolHead({ rolling: { ...upgrading, mayBeAnother: true } }) },
      between(-9, 0),
    ],
    [
      'the keeper’s',
      { settled: { attempt: anAttempt(), outcome: 'succeeded' }, observedAt: after(30) },
      between(0, 1),
      after(1),
    ],
    [
      'an unanswered attempt: since the intent',
      {
        settled: { attempt: anUnansweredAttempt(), outcome: 'succeeded' },
        observedAt: after(30),
        seenAt: after(29),
      },
      between(0, 30),
    ],
    [
      'an unanswered attempt, seen rolling',
      {
        settled: { attempt: anUnansweredAttempt(), outcome: 'succeeded' },
        observedAt: after(30),
        head: aPoolHead({ rolling: { isUpgrade: true, startedBetween: between(-5, 2) } }),
      },
      between(0, 2),
    ],
    [
      'an unanswered attempt, seen rolling twice',
      {
        settled: { attempt: anUnansweredAttempt(), outcome: 'succeeded' },
        observedAt: after(30),
        head: aPoolHead({ rolling: { isUpgrade: true, startedBetween: between(-5, 2), mayBeAnother: true } }),
      },
      between(0, 30),
    ],
    [
      'an unanswered attempt, after an earlier roll',
      {
        settled: { attempt: anUnansweredAttempt(), outcome: 'succeeded' },
        observedAt: after(30),
        head: aPoolHead({ rolling: upgrading }),
      },
      between(0, 30),
    ],
  ])('%s', (_what, overrides, startedBetween, startedAt) => {
    const entry = entryOfRoll(aRoll(overrides));
    expect(entry.startedBetween).toEqual(startedBetween.map(String));
    expect(entry.startedAt).toBe(startedAt?.toString());
  });
});

describe('how a roll ended', () => {
  const error = { code: 'PodDrainFailure', message: 'PDB shop/cart' };
  it.each([
    ['Succeeded', 'succeeded', 'pool', undefined],
    ['FAILED', 'failed', 'pool', error],
    ['Canceled', 'canceled', 'pool', error],
  ])('%s', (provisioningState, outcome, proof, shown) => {
    const entry = entryOfRoll(aRoll({ pool: aPool({ nodeImageVersion: images.new, provisioningState, error }) }));
    expect(entry).toMatchObject({ outcome, proof });
    expect('error' in entry ? entry.error : undefined).toEqual(shown);
  });

  // ARM keeps the error of the last operation, which was not this one.
  it.each(['notStarted', 'unknown'] as const)('%s: nothing is proven, and an old error is not its own', (outcome) => {
    const pool = aPool({ error });
    const entry = entryOfRoll(aRoll({ pool, settled: { attempt: anUnansweredAttempt(), outcome } }));
    expect(entry).toMatchObject({ kind: 'rolled', outcome, proof: 'none' });
    expect(entry.error).toBeUndefined();
  });

  it('a message that ARM cut inside a character does not stop the ledger', () => {
    const cut = { code: 'X', message: 'nodes 🙂'.slice(0, -1) };
    const pool = aPool({ provisioningState: 'Failed', error: cut });
    expect(entryOfRoll(aRoll({ pool }))).toMatchObject({ error: { code: 'X', message: 'nodes \ufffd' } });
  });

  it('a pool that is gone: the image it had', () => {
    expect(entryOfRoll(aRoll({ pool: undefined }))).toMatchObject({
      kind: 'rolled',
      to: images.old,
      outcome: 'unknown',
    });
  });
});

describe('what the head remembers of a rollback', () => {
  const azureLinux = 'AKSAzureLinux-V3gen2-202601.07.0';
  const between = 'AKSUbuntu-2204gen2containerd-202512.30.0';
  it.each([
    ['a rollback: what it left', images.new, undefined, images.old, images.new],
    ['a second rollback: the newest it left', images.old, images.new, images.older, images.new],
    ['an upgrade to something still older', images.older, images.new, between, images.new],
    ['an upgrade to the very image it left: somebody wants it', images.old, images.new, images.new, undefined],
    ['an upgrade beyond', images.old, between, images.new, undefined],
    ['no change', images.old, images.new, images.old, images.new],
    ['another family has no such image', images.old, images.new, azureLinux, undefined],
    ['an upgrade is no rollback', images.old, undefined, images.new, undefined],
    ['nor is another family', images.new, undefined, azureLinux, undefined],
    ['nor what can’t be read', images.new, undefined, 'preview-build', undefined],
  ])('%s', (_what, from, left, to, expected) => {
    const head = aPoolHead({ nodeImageVersion: from, ...(left ? { rolledBackFrom: left } : {}) });
    expect(settledHead(head, aPool({ nodeImageVersion: to })).rolledBackFrom).toBe(expected);
  });

  const [u24, u22, custom] = ['AKSUbuntu-2404gen2containerd-', 'AKSUbuntu-2204gen2containerd-', 'custom-image'];
  const [w22, w25] = ['AKSWindows-2022-containerd-gen2-20348.', 'AKSWindows-2025-gen2-26100.'];
  it.each<[string, [string, string], string | undefined, [string, string], string | undefined]>([
    [
      'version and family at once',
      ['1.35.0', `${u24}202607.20.0`],
      undefined,
      ['1.34.2', `${u22}202607.02.0`],
      `${u24}202607.20.0`,
    ],
    [
      'the version, to the same release of another family',
      ['1.35.0', `${u24}202607.20.0`],
      undefined,
      ['1.34.2', `${u22}202607.20.0`],
      `${u24}202607.20.0`,
    ],
    [
      'the patch of the version',
      ['1.34.3', `${u24}202607.20.0`],
      undefined,
      ['1.34.2', `${u22}202607.20.0`],
      `${u24}202607.20.0`,
    ],
    [
      '1.9 is older than 1.34',
      ['1.34', `${u24}202607.20.0`],
      undefined,
      ['1.9', `${u22}202607.20.0`],
      `${u24}202607.20.0`,
    ],
    [
      'a version of long-term support',
      ['1.31.100-akslts', `${u24}202607.20.0`],
      undefined,
      ['1.30.104-akslts', `${u22}202607.20.0`],
      `${u24}202607.20.0`,
    ],
    [
      'nor is an upgrade to long-term support',
      ['1.30.14', `${u22}202607.20.0`],
      undefined,
      ['1.31.100-akslts', `${u24}202607.13.0`],
      undefined,
    ],
    [
      'a version that can’t be compared',
      ['1.34.2', `${u24}202607.20.0`],
      undefined,
      ['next', `${u22}202607.20.0`],
      `${u24}202607.20.0`,
    ],
    [
      'the date alone',
      ['1.34.2', `${u24}202607.20.0`],
      undefined,
      ['1.34.2', `${u22}202607.02.0`],
      `${u24}202607.20.0`,
    ],
    [
      'the number of the day alone',
      ['1.34.2', `${u24}202607.20.1`],
      undefined,
      ['1.34.2', `${u22}202607.20.0`],
      `${u24}202607.20.1`,
    ],
    [
      'the date of Windows, whose builds grow',
      ['1.34.2', `${w22}4000.260714`],
      undefined,
      ['1.34.2', `${w25}9000.260609`],
      `${w22}4000.260714`,
    ],
    ['from what can’t be read', ['1.34.2', custom], undefined, ['1.34.2', `${u22}202607.20.0`], custom],
    [
      'the version, to what can’t be read',
      ['1.35.0', `${u24}202607.20.0`],
      undefined,
      ['1.34.2', custom],
      `${u24}202607.20.0`,
    ],
    [
      'twice: the newest it left',
      ['1.34.2', `${u22}202607.13.0`],
      `${u24}202607.20.0`,
      ['1.33.6', `AKSUbuntu-2004gen2containerd-202606.01.0`],
      `${u24}202607.20.0`,
    ],
    [
      'twice, the second from a newer release',
      ['1.35.0', `${u24}202607.27.0`],
      `${u24}202607.20.0`,
      ['1.34.2', `${u22}202607.02.0`],
      `${u24}202607.27.0`,
    ],
    [
      'then a step forward to something still older',
      ['1.34.2', `${u22}202607.02.0`],
      `${u24}202607.20.0`,
      ['1.34.2', `${u22}202607.13.0`],
      `${u24}202607.20.0`,
    ],
    [
      'then to what can’t be read',
      ['1.34.2', `${u22}202607.02.0`],
      `${u24}202607.20.0`,
      ['1.34.2', custom],
      `${u24}202607.20.0`,
    ],
    [
      'then Kubernetes again, to an older release still',
      ['1.34.2', `${u22}202607.02.0`],
      `${u24}202607.20.0`,
      ['1.35.0', `${u24}202607.13.0`],
      `${u24}202607.20.0`,
    ],
    [
      'a newer release of the other family ends it',
      ['1.34.2', `${u22}202607.02.0`],
      `${u24}202607.20.0`,
      ['1.34.2', `${u22}202607.27.0`],
      undefined,
    ],
    [
      'Kubernetes again, to the very image it left: somebody wants it',
      ['1.34.2', `${u22}202607.02.0`],
      `${u24}202607.20.0`,
      ['1.35.0', `${u24}202607.20.0`],
      undefined,
    ],
    [
      'what was left can’t be read: an upgrade by hand ends it',
      ['1.34.2', `${u22}202607.02.0`],
      custom,
      ['1.34.2', `${u22}202607.20.0`],
      undefined,
    ],
    [
      'a Kubernetes upgrade to a family whose newest is older is none',
      ['1.34.2', `${u22}202607.20.0`],
      undefined,
      ['1.35.0', `${u24}202607.13.0`],
      undefined,
    ],
    [
      'nor is another family of the same release',
      ['1.34.2', `${u24}202607.20.0`],
      undefined,
      ['1.34.2', `${u22}202607.20.0`],
      undefined,
    ],
    [
      'nor an older Kubernetes on the same image',
      ['1.34.2', `${u22}202607.20.0`],
      undefined,
      ['1.33.6', `${u22}202607.20.0`],
      undefined,
    ],
  ])('over families and Kubernetes versions: %s', (_what, [before, from], left, [after, to], expected) => {
    const head = aPoolHead({
      nodeImageVersion: from,
      kubernetesVersion: before,
      ...(left ? { rolledBackFrom: left } : {}),
    });
    const pool = aPool({ nodeImageVersion: to, kubernetesVersion: after });
    expect(settledHead(head, pool).rolledBackFrom).toBe(expected);
  });

  it('a rollback whose Kubernetes version went back first, as it failed: its image is still to follow', () => {
    const from = { nodeImageVersion: `${u24}202607.20.0`, kubernetesVersion: '1.35.0' };
    const failed = aPool({ ...from, kubernetesVersion: '1.34.2', provisioningState: 'Failed' });
    const half = { ...aPoolHead(), ...settledHead(aPoolHead(from), failed) };
    const back = aPool({ nodeImageVersion: `${u22}202607.20.0`, kubernetesVersion: '1.34.2' });
    expect(settledHead(half, back).rolledBackFrom).toBe(from.nodeImageVersion);
  });

  it('an upgrade of the keeper that somebody took back before anybody looked', () => {
    const attempt = anAttempt({ from: images.old, to: images.new });
    const head = aPoolHead({ nodeImageVersion: images.old });
    expect(settledHead(head, aPool(), { attempt, outcome: 'succeeded' }).rolledBackFrom).toBe(images.new);
    expect(settledHead(head, aPool(), { attempt, outcome: 'failed' }).rolledBackFrom).toBeUndefined();
  });

  it('an upgrade of the keeper to a family whose newest release is older is none', () => {
    const to = 'AKSAzureLinux-V3gen2-202512.11.0';
    const attempt = anAttempt({ from: images.old, to });
    const pool = aPool({ nodeImageVersion: to });
    for (const outcome of ['succeeded', 'failed', 'unknown'] as const) {
      expect(settledHead(aPoolHead(), pool, { attempt, outcome }).rolledBackFrom).toBeUndefined();
    }
  });
});

describe('the head of a pool that stands still', () => {
  const lastAttempt = {
    id: 'a-1',
    opensAt: after(1),
    closesAt: after(2),
    outcome: 'failed' as const,
    to: images.new,
    failures: 1,
  };

  it('forgets the roll and keeps the last attempt: it still counts for its occurrence', () => {
    const head = aPoolHead({ rolling: upgrading, lastAttempt });
    expect(settledHead(head, aPool({ nodeImageVersion: images.new }))).toEqual({
      nodePool: 'apps',
      nodeImageVersion: images.new,
      kubernetesVersion: '1.34.2',
      // Somebody else has upgraded the pool since: the failure is no longer the attempt's.
      lastAttempt: { ...lastAttempt, failures: 0 },
    });
  });

  it('takes the attempt that ended, with its occurrence', () => {
    const attempt = anAttempt();
    const { opensAt, closesAt } = attempt.window;
    const head = settledHead(aPoolHead({ lastAttempt }), aPool(), { attempt, outcome: 'succeeded' });
    expect(head.lastAttempt).toEqual({
      id: attempt.id,
      opensAt,
      closesAt,
      outcome: 'succeeded',
      to: attempt.to,
      failures: 0,
    });
  });

  it('keeps what ARM left out', () => {
    const head = settledHead(aPoolHead(), aPool({ nodeImageVersion: undefined, kubernetesVersion: undefined }));
    expect(head).toMatchObject({ nodeImageVersion: images.old, kubernetesVersion: '1.34.2' });
  });
});
