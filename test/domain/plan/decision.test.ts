import { describe, expect, it } from 'vitest';
import {
  type Decision,
  gateOrder,
  identityOf,
  type RefusalReason,
  verdicts,
} from '../../../shared/domain/plan/decision.ts';
import { clusterId, images } from '../../builders.ts';

function aDecision(overrides: Partial<Decision> = {}): Decision {
  return {
    cluster: clusterId,
    nodePool: 'apps',
    verdict: 'wait',
    reason: 'outsideWindow',
    sentence: 'The window is closed.',
    also: [{ reason: 'observeOnly', sentence: 'Observed only.' }],
    current: images.old,
    latest: images.new,
    nextEligibleAt: '2026-01-14T01:01:00Z',
    decidedAt: '2026-01-14T00:30:00Z',
    ...overrides,
  };
}

const window = { opensAt: '2026-01-14T01:00:00Z', closesAt: '2026-01-14T05:00:00Z' };

describe('identityOf', () => {
  it.each<[string, Partial<Decision>]>([
    ['the sentence', { sentence: 'The window is shut.' }],
    ['the time', { decidedAt: '2026-01-14T00:35:00Z' }],
    ['the next eligible time', { nextEligibleAt: '2026-01-15T01:01:00Z' }],
    ['the sentence of another refusal', { also: [{ reason: 'observeOnly', sentence: 'No policy.' }] }],
    ['the estimate', { estimateMinutes: 30 }],
  ])('is the same when only %s differs', (_what, overrides) => {
    expect(identityOf(aDecision(overrides))).toBe(identityOf(aDecision()));
  });

  it.each<[string, Partial<Decision>]>([
    ['the reason', { reason: 'windowClosing' }],
    ['the current image', { current: images.older }],
    ['the latest image', { latest: images.old }],
    ['the occurrence', { window }],
    ['what else refuses', { also: [] }],
    ['the reason of another refusal', { also: [{ reason: 'clockSkew', sentence: 'Observed only.' }] }],
  ])('differs when %s differs', (_what, overrides) => {
    expect(identityOf(aDecision(overrides))).not.toBe(identityOf(aDecision()));
  });

  it('differs for the same start in the next occurrence', () => {
    const next = { opensAt: '2026-01-15T01:00:00Z', closesAt: '2026-01-15T05:00:00Z' };
    expect(identityOf(aDecision({ window: next }))).not.toBe(identityOf(aDecision({ window })));
  });
});

// DESIGN section 4, reason by reason, with the verdict's first letter.
const design =
  'notSelected s readFailed b unsupportedPool s poolFailed b clusterFailed b imageUnknown b nodesBehind b imageRetired b upToDate s autoUpgradeChannelActive s noWindow b windowUnreadable b windowNotAnchored b estimateUnknown b windowTooShort b unsoakedFamily b preflightFailed b clockSkew b clusterStopped w poolStopped w held w imageBlocked w rolledBack w approvalNeeded w retryLater w ringWaiting w attemptInFlight w clusterBusy w poolBusy w imageTooYoung w notAllowedDate w outsideWindow w windowClosing w alreadyStartedThisWindow w poolOrder w concurrencyLimit w budget w observeOnly w'.split(
    ' ',
  );

it('has its reasons in the order of DESIGN section 4, with their verdicts', () => {
  const reasons = design.filter((word) => gateOrder.includes(word as RefusalReason));
  expect(gateOrder).toEqual(reasons);
  for (const reason of gateOrder) expect(verdicts[reason][0], reason).toBe(design[design.indexOf(reason) + 1]);
});
