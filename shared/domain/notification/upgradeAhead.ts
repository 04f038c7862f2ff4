// The notice before an upgrade: the next occurrence in which a due pool would be started. Called by the use case collectAhead.
import { Temporal } from 'temporal-polyfill';
import { poolKey } from '../cluster/clusterId.ts';
import type { Decision } from '../plan/decision.ts';
import type { PreflightReport } from '../preflight/judgePreflight.ts';
import { decisionsLink } from './links.ts';
import { aboutPool, type Notification, type NotificationData, shortened } from './notification.ts';

/** A start that lies ahead, if nothing changes until then. */
export type Ahead = NonNullable<ReturnType<typeof startAhead>>;

const maxHours = 7 * 24;
const nearHours = 24;
/** Openings, each of which starts nothing in its first minute, and ends of soaks and holds between now and a start. */
const maxSteps = 16;

/** True where the decision's reason lifts by itself within seven days. */
export function mayLieAhead({ reason, nextEligibleAt }: Decision, now: Temporal.Instant): boolean {
  return reason !== 'start' && nextEligibleAt !== undefined && hoursTo(nextEligibleAt, now) <= maxHours;
}

/** @param decide what would be decided on the pool at a later moment, were it alone in its cluster */
export function startAhead(
  decision: Decision,
  decide: (at: Temporal.Instant) => Decision | undefined,
  now: Temporal.Instant,
) {
  let last: Decision | undefined = decision;
  for (let step = 0; step < maxSteps && last && mayLieAhead(last, now); step += 1) {
    const at: Temporal.Instant = Temporal.Instant.from(last.nextEligibleAt ?? now.toString());
    if (step > 0 && Temporal.Instant.compare(at, Temporal.Instant.from(last.decidedAt)) <= 0) return undefined;
    last = decide(at);
    const { current, latest, window } = last ?? {};
    if (last?.reason !== 'start' || !window || current === undefined || latest === undefined) continue;
    const hours = hoursTo(window.opensAt, now);
    // An occurrence that is open is no longer ahead.
    if (hours <= 0 || hours > maxHours) return undefined;
    const lead: NotificationData<'UpgradeAhead'>['lead'] = hours <= nearHours ? '24 hours' : '7 days';
    const id = `ahead|${poolKey(last.cluster, last.nodePool)}|${latest}|${window.opensAt}|${lead}`;
    const opens = Temporal.Instant.from(window.opensAt);
    // When the notice of 24 hours is due, or the occurrence opens.
    const holdsUntil = lead === '7 days' ? opens.subtract({ hours: nearHours }) : opens;
    return { id, decision: { ...last, current, latest }, window, lead, holdsUntil };
  }
  return undefined;
}

export function upgradeAhead(
  ahead: Ahead,
  { wouldStart, checks }: PreflightReport,
  now: Temporal.Instant,
): Notification<'UpgradeAhead'> {
  const { id, decision, window, lead } = ahead;
  const { current: from, latest: to, estimateMinutes, willOverrun } = decision;
  const findings = checks.flatMap(({ check, result, blocks, sentence }) =>
    result === 'passed' ? [] : [{ check, result, blocks, sentence: shortened(sentence) }],
  );
  const data = { lead, from, to, window, estimateMinutes, willOverrun, preflight: { wouldStart, findings } };
  const about = aboutPool(decision, decisionsLink, data);
  return { type: 'UpgradeAhead', id, time: now.toString(), ...about };
}

function hoursTo(at: string, now: Temporal.Instant): number {
  return now.until(Temporal.Instant.from(at)).total('hours');
}
