// What goes wrong in a run, and how often: each run draws its own mix, so that some suffer one thing often and others many
// things rarely. Used by drawOptions.ts; world/faults.ts lets them strike.
import type { Draw } from './seed.ts';

const usualKinds = [
  'crashBefore',
  'crashAfter',
  'slow',
  'frozen',
  'frozenStarter',
  'frozenOverChange',
  'crashAtRequest',
  'tableError',
  'tableLostAnswer',
  'tableConflict',
  'tableConflictOnOwnWrite',
  'queueError',
  'queueLostAnswer',
  'armServerError',
  'armServerErrorAfter',
  'armReset',
  'armResetAfter',
  'armTimeOut',
  'armTimeOutAfter',
  'armThrottled',
  'armBusy',
  'armPrecondition',
  'armStaleList',
  'armShortList',
  'armUnreadableLatest',
  'eventLost',
  'eventDoubled',
  'eventLate',
  'messageLost',
  'messageDoubled',
  'messageLate',
  'messageKept',
  'tickSkipped',
  'tickLate',
] as const;
const topicKinds = ['topicError', 'topicLostAnswer', 'topicPart'] as const;

export type FaultKind = (typeof usualKinds)[number] | (typeof topicKinds)[number];
/** The probability of each kind at each of its chances. */
export type FaultRates = ReadonlyMap<FaultKind, number>;

/** @param isClean nothing goes wrong */
export function drawFaults(draw: Draw, isClean: boolean): FaultRates {
  return drawRates(draw, usualKinds, isClean);
}

/** Those of the topic, and of what is stored for it alone. */
export function drawTopicFaults(draw: Draw, isClean: boolean): FaultRates {
  return drawRates(draw, [...usualKinds, ...topicKinds], isClean);
}

function drawRates(draw: Draw, kinds: readonly FaultKind[], isClean: boolean): FaultRates {
  const intensity = isClean ? 0 : draw.pick([0, 0.3, 1, 1, 2]);
  return new Map(kinds.map((kind) => [kind, drawRate(draw) * intensity * (frequency[kind] ?? 1)]));
}

function drawRate(draw: Draw): number {
  const kind = draw.next();
  if (kind < 0.35) return 0;
  if (kind < 0.85) return 0.001 + 0.008 * draw.next();
  return 0.01 + 0.06 * draw.next();
}

/** Kinds that have fewer chances to strike than a call has, or that would drown all else. */
const frequency: Partial<Record<FaultKind, number>> = {
  crashBefore: 0.3,
  crashAfter: 0.3,
  frozen: 0.2,
  frozenStarter: 4,
  frozenOverChange: 30,
  crashAtRequest: 10,
  armServerErrorAfter: 10,
  armResetAfter: 10,
  armTimeOutAfter: 10,
  armBusy: 10,
  armPrecondition: 5,
  armStaleList: 4,
  armShortList: 2,
  armUnreadableLatest: 0.5,
  tableConflictOnOwnWrite: 2,
  eventLost: 10,
  eventDoubled: 10,
  eventLate: 10,
  messageDoubled: 5,
  messageLate: 5,
  messageKept: 2,
  tickSkipped: 5,
  tickLate: 5,
  topicError: 5,
  topicLostAnswer: 5,
  topicPart: 5,
};
