// The gates that look at the maintenance window (DESIGN sections 4 and 5). Listed in gates.ts.
import { Temporal } from 'temporal-polyfill';
import { unknownSize } from '../cluster/estimate.ts';
import { isBefore } from '../text/stored.ts';
import { describeWindow } from '../window/describeWindow.ts';
import { type MaintenanceWindow, nextOpening, windowAt } from '../window/maintenanceWindow.ts';
import {
  edgeSeconds,
  endsEarly,
  fitsNoOccurrence,
  fitsNoWindow,
  fitsWindow,
  minutesBetween,
  overrunMinutes,
} from '../window/windowFit.ts';
import type { Gate, PoolContext } from './gate.ts';

const schedule = 'aksManagedNodeOSUpgradeSchedule';
/** A list longer than this helps nobody at 3 a.m. */
const shownProblems = 3;

export const noWindow: Gate = ({ window }) =>
  window.kind === 'none'
    ? { sentence: `The cluster has no ${schedule}. Add one, so that upgrades may start.` }
    : undefined;

export const windowUnreadable: Gate = ({ window }) => {
  if (window.kind !== 'unreadable' || window.problems.every(({ notAnchored }) => notAnchored)) return undefined;
  const shown = window.problems.slice(0, shownProblems).map(({ message }) => message);
  const more = window.problems.length - shown.length;
  return {
    sentence: `${schedule} can't be read: ${shown.join(' ')}${more > 0 ? ` And ${more} more.` : ''} Correct it, so that upgrades may start.`,
  };
};

export const windowNotAnchored: Gate = ({ window, policy }) => {
  if (window.kind === 'unreadable' && window.problems.every(({ notAnchored }) => notAnchored)) {
    const problems = window.problems.map(({ message }) => message).join(' ');
    return { sentence: `${problems} Set an interval of 1 in ${schedule}.` };
  }
  return window.kind === 'window' && window.window.reading === 'inferred' && policy.policy.trustIntervals !== true
    ? {
        sentence: `AKS does not document which days an interval above 1 lands on (${describeWindow(window.window)}). Set an interval of 1 in ${schedule}, or trustIntervals in the policy, which accepts that they are counted from startDate.`,
      }
    : undefined;
};

export const notAllowedDate: Gate = (context) => {
  const { window, now } = context;
  if (window.kind !== 'window' || window.at.state !== 'blocked') return undefined;
  const { occurrence, nextOpening: next } = window.at;
  return {
    sentence: `The occurrence from ${occurrence.opensAt.toString()} to ${occurrence.closesAt.toString()} is now in the window's notAllowedDates; ${opensNext(next)}.`,
    nextEligibleAt: nextStart(context, window.window, now),
  };
};

export const outsideWindow: Gate = (context) => {
  const { window, now } = context;
  if (window.kind !== 'window' || window.at.state === 'blocked') return undefined;
  const { at } = window;
  if (at.state === 'closed') {
    return {
      sentence: `The window (${describeWindow(window.window)}) is closed; ${opensNext(at.nextOpening)}.`,
      nextEligibleAt: nextStart(context, window.window, now),
    };
  }
  const earliest = at.openedAt.add({ seconds: edgeSeconds });
  if (Temporal.Instant.compare(now, earliest) < 0) {
    return {
      sentence: `The window opened at ${at.openedAt.toString()}; nothing is started in its first ${edgeSeconds} s.`,
      nextEligibleAt: nextStart(context, window.window, at.openedAt.subtract({ milliseconds: 1 })),
    };
  }
  return Temporal.Instant.compare(now, at.closesAt.subtract({ seconds: edgeSeconds })) < 0
    ? undefined
    : {
        sentence: `The window closes at ${at.closesAt.toString()}; nothing is started in its last ${edgeSeconds} s.`,
        nextEligibleAt: nextStart(context, window.window, now),
      };
};

export const windowClosing: Gate = (context) => {
  const { window, now, estimateMinutes, pool } = context;
  if (estimateMinutes === undefined) {
    return { sentence: `How long the roll takes is not known: ${unknownSize(pool)}`, verdict: 'blocked' };
  }
  if (window.kind !== 'window') return undefined;
  if (neverFits(context, window.window)) {
    return {
      sentence: `The roll takes about ${estimateMinutes} minutes and fits no occurrence of a window of ${window.window.durationHours} hours; the policy blocks such pools (overrun: block). Lengthen the window, or raise maxSurge.`,
      verdict: 'blocked',
    };
  }
  if (window.at.state !== 'open') return undefined;
  if (fitsWindow(window.at, now, estimateMinutes) !== 'no') return undefined;
  const { occurrence, openedAt, closesAt } = window.at;
  const left = Math.floor(minutesBetween(now, closesAt));
  const cut = endsEarly(window.at) ? ', cut short by its notAllowedDates' : '';
  const room = `The window closes at ${closesAt.toString()}, in ${left} minutes${cut}; the roll takes about ${estimateMinutes}.`;
  const early = `It fits no occurrence, so it starts only in the first ${overrunMinutes} minutes of one that is not cut short (this one opened at ${openedAt.toString()}).`;
  return {
    sentence: fitsNoOccurrence(occurrence, estimateMinutes) ? `${room} ${early}` : room,
    nextEligibleAt: nextStart(context, window.window, now),
  };
};

export const alreadyStartedThisWindow: Gate = (context) => {
  const { window, head, now } = context;
  const last = head?.lastAttempt;
  if (!last || last.outcome === 'notStarted' || window.kind !== 'window' || window.at.state !== 'open')
    return undefined;
  const { opensAt, closesAt } = window.at.occurrence;
  const overlaps = isBefore(last.opensAt, closesAt) && isBefore(opensAt, last.closesAt);
  return overlaps
    ? {
        sentence: `Attempt ${last.id} was made in the occurrence from ${last.opensAt.toString()} and ended ${last.outcome}; a pool is started once in an occurrence.`,
        nextEligibleAt: nextStart(context, window.window, now),
      }
    : undefined;
};

/** True when the roll fits no occurrence and the policy won't have it overrun one. */
function neverFits({ policy, estimateMinutes }: PoolContext, window: MaintenanceWindow): boolean {
  return policy.policy.overrun === 'block' && estimateMinutes !== undefined && fitsNoWindow(window, estimateMinutes);
}

function opensNext(opening: Temporal.Instant | undefined): string {
  return opening ? `it next opens at ${opening.toString()}` : 'it never opens again';
}

/** The first start in what opens after `after` that the window alone allows: some openings are too short for this roll. */
function nextStart(
  context: PoolContext,
  window: MaintenanceWindow,
  after: Temporal.Instant,
): Temporal.Instant | undefined {
  const { estimateMinutes } = context;
  if (estimateMinutes === undefined || neverFits(context, window)) return undefined;
  // Ends: only notAllowedDates make an opening too short, and there are finitely many.
  for (let opening = nextOpening(window, after); opening; opening = nextOpening(window, opening)) {
    const start = opening.add({ seconds: edgeSeconds });
    const at = windowAt(window, opening);
    if (at.state !== 'open' || Temporal.Instant.compare(start, at.closesAt.subtract({ seconds: edgeSeconds })) >= 0)
      continue;
    if (fitsWindow(at, start, estimateMinutes) !== 'no') return start;
  }
  return undefined;
}
