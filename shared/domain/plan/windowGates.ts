// The gates that look at the maintenance window (DESIGN sections 4 and 5).
import type { Temporal } from 'temporal-polyfill';
import { howToRollFaster, unknownBatch } from '../cluster/estimate.ts';
import { isBefore } from '../text/stored.ts';
import { describeWindow } from '../window/describeWindow.ts';
import { instantAt, textOf } from '../window/instants.ts';
import { nextOpening, windowAt } from '../window/maintenanceWindow.ts';
import * as fit from '../window/windowFit.ts';
import type { Gate, PoolContext } from './gate.ts';

const schedule = 'aksManagedNodeOSUpgradeSchedule';
/** A list longer than this helps nobody at 3 a.m. */
const shownProblems = 3;

export const noWindow: Gate = ({ window }) =>
  window.kind === 'none' ? `The cluster has no ${schedule}. Add one, so that upgrades may start.` : undefined;

export const windowUnreadable: Gate = ({ window }) => {
  if (window.kind !== 'unreadable' || window.problems.every(({ notAnchored }) => notAnchored)) return undefined;
  const shown = window.problems.slice(0, shownProblems).map(({ message }) => message);
  const more = window.problems.length - shown.length;
  return `${schedule} can't be read: ${shown.join(' ')}${more > 0 ? ` And ${more} more.` : ''} Correct it, so that upgrades may start.`;
};

export const windowNotAnchored: Gate = ({ window, policy }) => {
  if (window.kind === 'unreadable' && window.problems.every(({ notAnchored }) => notAnchored)) {
    const problems = window.problems.map(({ message }) => message).join(' ');
    return `${problems} Set an interval of 1 in ${schedule}.`;
  }
  if (window.kind !== 'window' || window.window.reading !== 'inferred' || policy.policy.trustIntervals)
    return undefined;
  return `AKS does not document which days an interval above 1 lands on (${describeWindow(window.window)}). Set an interval of 1 in ${schedule}, or trustIntervals in the policy, which accepts that they are counted from startDate.`;
};

export const notAllowedDate: Gate = (context) => {
  const { window } = context;
  if (window.kind !== 'window' || window.at.state !== 'blocked') return undefined;
  const { occurrence, nextOpening: next } = window.at;
  const sentence = `The occurrence from ${textOf(occurrence.opensAt)} to ${textOf(occurrence.closesAt)} is now in the window's notAllowedDates; ${opensNext(next)}.`;
  return { sentence, nextEligibleAt: nextStart(context) };
};

export const outsideWindow: Gate = (context) => {
  const { window, now } = context;
  if (window.kind !== 'window' || window.at.state === 'blocked') return undefined;
  const { at } = window;
  if (at.state === 'closed') {
    const sentence = `The window (${describeWindow(window.window)}) is closed; ${opensNext(at.nextOpening)}.`;
    return { sentence, nextEligibleAt: nextStart(context) };
  }
  const { openedAt, closesAt } = at;
  if (isBefore(now, firstStart(openedAt))) {
    const sentence = `The window opened at ${textOf(openedAt)}; nothing is started in its first ${fit.edgeSeconds} s.`;
    const next = nextStart(context, openedAt.subtract({ milliseconds: 1 }));
    return { sentence, nextEligibleAt: next?.equals(openedAt) ? firstStart(openedAt) : next };
  }
  if (isBefore(now, lastStart(closesAt))) return undefined;
  const sentence = `The window closes at ${textOf(closesAt)}; nothing is started in its last ${fit.edgeSeconds} s.`;
  return { sentence, nextEligibleAt: nextStart(context) };
};

export const estimateUnknown: Gate = ({ estimateMinutes, pool }) =>
  estimateMinutes === undefined ? `How long the roll takes is not known: ${unknownBatch(pool)}` : undefined;

export const windowTooShort: Gate = (context) => {
  const { window, estimateMinutes, pool } = context;
  if (window.kind !== 'window' || !neverFits(context)) return undefined;
  return `The roll takes about ${estimateMinutes} minutes and fits no occurrence of a window of ${window.window.durationHours} hours; the policy blocks such pools (overrun: block). Lengthen the window, or ${howToRollFaster(pool)}.`;
};

export const windowClosing: Gate = (context) => {
  const { window, now, estimateMinutes } = context;
  if (window.kind !== 'window' || window.at.state !== 'open') return undefined;
  // estimateUnknown and windowTooShort have the say then.
  if (estimateMinutes === undefined || neverFits(context)) return undefined;
  if (fit.fitsWindow(window.at, now, estimateMinutes) !== 'no') return undefined;
  const { occurrence, openedAt, closesAt } = window.at;
  const left = Math.floor(fit.minutesBetween(now, closesAt));
  const cut = fit.endsEarly(window.at) ? ', cut short by its notAllowedDates' : '';
  const room = `The window closes at ${textOf(closesAt)}, in ${left} minutes${cut}; the roll takes about ${estimateMinutes}.`;
  const early = `It fits no occurrence, so it starts only in the first ${fit.overrunMinutes} minutes of one that is not cut short (this one opened at ${textOf(openedAt)}).`;
  const sentence = fit.fitsNoOccurrence(occurrence, estimateMinutes) ? `${room} ${early}` : room;
  return { sentence, nextEligibleAt: nextStart(context) };
};

export const alreadyStartedThisWindow: Gate = (context) => {
  const { window, head } = context;
  const last = head?.lastAttempt;
  if (!last || last.outcome === 'notStarted' || window.kind !== 'window' || window.at.state !== 'open')
    return undefined;
  const { opensAt, closesAt } = window.at.occurrence;
  if (!isBefore(last.opensAt, closesAt) || !isBefore(opensAt, last.closesAt)) return undefined;
  const sentence = `Attempt ${last.id} was made in the occurrence from ${textOf(last.opensAt)} and ended ${last.outcome}; a pool is started once in an occurrence.`;
  return { sentence, nextEligibleAt: nextStart(context) };
};

function neverFits({ policy, estimateMinutes, window }: PoolContext): boolean {
  if (policy.policy.overrun !== 'block' || estimateMinutes === undefined || window.kind !== 'window') return false;
  return fit.fitsNoWindow(window.window, estimateMinutes);
}

function opensNext(opening: Temporal.Instant | undefined): string {
  return opening ? `it next opens at ${textOf(opening)}` : 'it never opens again';
}

function firstStart(openedAt: Temporal.Instant): Temporal.Instant {
  return instantAt(openedAt.epochMilliseconds + fit.edgeSeconds * 1000);
}

function lastStart(closesAt: Temporal.Instant): Temporal.Instant {
  return instantAt(closesAt.epochMilliseconds - fit.edgeSeconds * 1000);
}

/** The next opening after `after` in which the window alone allows a start: some are too short for this roll. */
function nextStart(context: PoolContext, after = context.now): Temporal.Instant | undefined {
  const { estimateMinutes, window } = context;
  if (estimateMinutes === undefined || window.kind !== 'window' || neverFits(context)) return undefined;
  // Ends: only notAllowedDates make an opening too short, and there are finitely many.
  for (let opening = nextOpening(window.window, after); opening; opening = nextOpening(window.window, opening)) {
    const start = firstStart(opening);
    const at = windowAt(window.window, opening);
    if (at.state !== 'open' || !isBefore(start, lastStart(at.closesAt))) continue;
    if (fit.fitsWindow(at, start, estimateMinutes) !== 'no') return opening;
  }
  return undefined;
}
