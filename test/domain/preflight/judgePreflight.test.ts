import { describe, expect, it } from 'vitest';
import type { PreflightPolicy } from '../../../shared/domain/policy/preflightPolicy.ts';
import { judgePreflight, refusalOf } from '../../../shared/domain/preflight/judgePreflight.ts';
import { quotasOf, somePreflightFacts } from './somePreflightFacts.ts';

const fine = somePreflightFacts();
const noQuota = somePreflightFacts({ reads: { quotas: { value: quotasOf([100, 100]) } } });
const unreadQuota = somePreflightFacts({ reads: { quotas: { problem: '403' } } });
const isSpot = somePreflightFacts({
  pool: { scaleSetPriority: 'Spot' },
  reads: { quotas: { value: [{ name: 'lowPriorityCores', used: 0, limit: 100 }] } },
});

describe('what the checks do is up to the policy', () => {
  it.each<[string, typeof fine, PreflightPolicy | undefined, boolean]>([
    ['nothing wrong', fine, undefined, true],
    ['no quota blocks', noQuota, undefined, false],
    ['or warns', noQuota, { quota: 'warn' }, true],
    ['or is not looked at', noQuota, { quota: 'off' }, true],
    ['what could not be read blocks', unreadQuota, undefined, false],
    ['or warns', unreadQuota, { notRun: 'warn' }, true],
    ['where it only warns anyway, it does not block', unreadQuota, { quota: 'warn', notRun: 'block' }, true],
    ['what failed still blocks', noQuota, { notRun: 'warn' }, false],
    ['spot warns', isSpot, undefined, true],
    ['or blocks', isSpot, { spot: 'block' }, false],
  ])('%s', (_what, facts, policy, wouldStart) => {
    const report = judgePreflight(facts, policy);
    expect(report.wouldStart).toBe(wouldStart);
    expect(refusalOf(report) === undefined).toBe(wouldStart);
    expect(report.checks.some(({ blocks }) => blocks)).toBe(!wouldStart);
  });

  it('makes every check in its order, with the defaults of the policy', () => {
    expect(judgePreflight(fine, undefined).checks.map(({ check, effect }) => [check, effect])).toEqual([
      ['idle', 'warn'],
      ['quota', 'block'],
      ['subnet', 'block'],
      ['scaleSetLimit', 'block'],
      ['autoscalerAtMax', 'warn'],
      ['spot', 'warn'],
      ['singleSystemNode', 'warn'],
    ]);
  });

  it('names the checks that are off', () => {
    const report = judgePreflight(noQuota, { quota: 'off', idle: 'off' });
    expect(report.off).toEqual(['idle', 'quota']);
    expect(report.checks.map(({ check }) => check)).not.toContain('quota');
  });

  it('of a cluster that could not be read makes none, and blocks', () => {
    const report = judgePreflight({ unread: 'The cluster could not be read: 503.' }, undefined);
    expect(report.wouldStart).toBe(false);
    expect(new Set(report.checks.map(({ result, sentence }) => `${result} ${sentence}`))).toEqual(
      new Set(['notRun The cluster could not be read: 503.']),
    );
  });
});

it('refuses in words, each check that blocks and no other', () => {
  const facts = somePreflightFacts({
    pool: { count: 1000, scaleSetPriority: 'Regular' },
    reads: { quotas: { value: quotasOf([100, 100]) }, nodeSubnet: { problem: '503' } },
  });
  expect(refusalOf(judgePreflight(facts, { scaleSetLimit: 'warn' }))).toBe(
    "Preflight, check quota: 1 surge node of Standard_D4s_v5 needs 4 vCPUs, but westeurope has only 0 of 100 left of standardDSv5Family and 0 of 100 left of cores. Raise the quota, free vCPUs, or lower the pool's maxSurge. Preflight, check subnet could not be made: The addresses of its subnet could not be read (503). If it stays so, give the keeper's role that read, or let the policy's preflight.subnet be \"warn\".",
  );
});
