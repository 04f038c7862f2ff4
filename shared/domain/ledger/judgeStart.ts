// Was a roll started inside the cluster's maintenance window? Called when a transition is recorded.
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { Instant, type Stored } from '../text/stored.ts';
import { knownWindow } from '../window/knownWindow.ts';
import { type MaintenanceWindow, type Occurrence, windowAt } from '../window/maintenanceWindow.ts';
import { type JudgedWindow, windowNames } from './entryParts.ts';
import type { StartInterval } from './heads.ts';

/** One read of a cluster's maintenance configurations; undefined: it has none of that name. */
export const WindowReading = z.looseObject({
  readAt: Instant,
  /** Of aksManagedNodeOSUpgradeSchedule, in ARM's JSON. */
  maintenanceWindow: z.unknown().optional(),
  /** Of aksManagedAutoUpgradeSchedule, in which AKS upgrades Kubernetes. Rows of earlier versions have none. */
  kubernetesWindow: z.unknown().optional(),
});
export type WindowReading = Stored<typeof WindowReading>;

export type Judgement = { readonly inWindow: boolean | 'unknown'; readonly window?: JudgedWindow | undefined };

export type Start = { readonly startedAt?: Temporal.Instant | undefined; readonly startedBetween: StartInterval };

/** True or false only when the answer is the same for every instant in which the roll can have started. */
export function judgeStart(
  start: Start,
  reading: WindowReading | undefined,
  name: NonNullable<JudgedWindow['name']> = windowNames.nodeOs,
): Judgement {
  if (!reading) return { inWindow: 'unknown' };
  const maintenanceWindow = name === windowNames.nodeOs ? reading.maintenanceWindow : reading.kubernetesWindow;
  const known = knownWindow({ value: { maintenanceWindow } });
  if (known.kind === 'none') return { inWindow: false };
  const judged = { name, maintenanceWindow, readAt: reading.readAt.toString() };
  if (known.kind !== 'window') return { inWindow: 'unknown', window: judged };
  const { window } = known;
  if (window.reading === 'inferred') {
    // AKS documents for no interval above 1 from which day it counts. Outside is what is outside of every possible
    // occurrence; the rest nobody knows.
    const { inWindow } = judgeInterval(start, { ...window, schedule: { ...window.schedule, interval: 1 } });
    return { inWindow: inWindow === false ? false : 'unknown', window: judged };
  }
  const { inWindow, occurrence } = judgeInterval(start, window);
  const { opensAt, closesAt } = occurrence ?? {};
  return { inWindow, window: { ...judged, opensAt: opensAt?.toString(), closesAt: closesAt?.toString() } };
}

function judgeInterval(
  start: Start,
  window: MaintenanceWindow,
): { readonly inWindow: boolean | 'unknown'; readonly occurrence?: Occurrence } {
  const [after, end] = start.startedAt ? [start.startedAt, start.startedAt] : start.startedBetween;
  if (after === null) return { inWindow: 'unknown' };
  let at = after;
  const first = windowAt(window, at);
  if (first.state !== 'open') {
    const opensLater = first.nextOpening && Temporal.Instant.compare(first.nextOpening, end) <= 0;
    return { inWindow: opensLater ? 'unknown' : false };
  }
  const { occurrence } = first;
  // Occurrences of 24 hours follow each other without a gap.
  for (let state = windowAt(window, at); state.state === 'open'; state = windowAt(window, at)) {
    if (Temporal.Instant.compare(end, state.closesAt) < 0) return { inWindow: true, occurrence };
    at = state.closesAt;
  }
  return { inWindow: 'unknown', occurrence };
}
