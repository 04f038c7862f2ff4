// All that is drawn of a run before it begins: a seed in, plain data out. Called by whoever runs seeds; describeOptions.ts
// prints it.
import type { Fleet } from '../../../local/simulator/world/armFleet.ts';
import { type Beside, drawBeside } from './drawBeside.ts';
import { drawEvidence, type EvidenceOptions } from './drawEvidence.ts';
import { drawFaults, drawTopicFaults, type FaultRates } from './drawFaults.ts';
import { drawFleet } from './drawFleet.ts';
import { drawHarm, type HarmOptions } from './drawHarm.ts';
import { drawBase, type PolicyDocument } from './drawPolicy.ts';
import { drawSkews, type Skews } from './drawSkews.ts';
import { createDraw, type Draw } from './seed.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** Times are epoch milliseconds. */
export type RunOptions = {
  readonly seed: number;
  readonly startedAt: number;
  /** Up to here anything can go wrong, and from here on nothing does. The beginning, where a run is clean. */
  readonly quietFrom: number;
  /** When people have left the fleet in order: what is due from here on must be started in time. */
  readonly calmFrom: number;
  readonly endAt: number;
  /** The policy of the beginning and of the quiet time. */
  readonly base: PolicyDocument;
  readonly fleet: Fleet;
  readonly skews: Skews;
  readonly factsMinutes: number;
  /** Ticks are left out for up to 12 hours where nothing can change: those are gaps too, where they count as such. */
  readonly gapMinutes: number;
  readonly faults: FaultRates;
  readonly topic: TopicOptions;
  readonly people: PeopleOptions;
  readonly evidence: EvidenceOptions;
  readonly harm: HarmOptions;
  /** Another checkout whose code does some of the invocations. */
  readonly beside: Beside | undefined;
};

type TopicOptions = {
  /** False: the app has none. */
  readonly exists: boolean;
  readonly faults: FaultRates;
  readonly downFrom: number;
  readonly downTo: number;
};

type PeopleOptions = {
  /** What they do to clusters, and how often they change what the policy says. */
  readonly acts: number;
  readonly changes: number;
  readonly approvals: readonly string[];
  /** The probability that somebody acts in the seconds of a start. */
  readonly disturbance: number;
};

/** @param beside the path of another checkout: it changes nothing else of what is drawn */
export function drawOptions(seed: number, beside?: string): RunOptions {
  const draw = createDraw(seed, 'options');
  const base = drawBase(draw.fork('base'));
  const times = drawTimes(draw.fork('times'), base.rings !== undefined);
  const { startedAt, quietFrom, calmFrom, endAt, roughUntil } = times;
  const isClean = quietFrom === startedAt;
  const fleet = drawFleet(draw.fork('fleet'), {
    start: new Date(startedAt).toISOString().slice(0, 10),
    weeks: Math.ceil((endAt - startedAt) / (7 * day)),
    rings: base.rings && { releasesUntil: roughUntil + day },
  });
  return {
    seed,
    startedAt,
    quietFrom,
    calmFrom,
    endAt,
    base,
    fleet,
    skews: drawSkews(draw.fork('skews'), startedAt, quietFrom),
    factsMinutes: draw.pick([5, 15, 30]),
    gapMinutes: draw.fork('gaps').pick([60, 360, 800, 800]),
    faults: drawFaults(draw.fork('faults'), isClean),
    topic: drawTopic(draw.fork('topic'), startedAt, quietFrom),
    people: drawPeople(draw.fork('people'), base, (quietFrom - startedAt) / day),
    evidence: drawEvidence(draw.fork('evidence'), isClean),
    harm: drawHarm(seed, startedAt, quietFrom, endAt),
    beside: beside === undefined ? undefined : drawBeside(draw.fork('beside'), beside, startedAt, endAt),
  };
}

function drawTimes(draw: Draw, hasRings: boolean) {
  const startDay = Date.parse('2026-10-01T00:00:00Z') + draw.whole(0, 200) * day;
  const startedAt = startDay + draw.whole(0, 24 * 60 - 1) * 60_000;
  const [roughDays, quietDays] = hasRings
    ? [draw.whole(5, 9), draw.whole(8, 14)]
    : [draw.whole(5, 14), draw.whole(10, 24)];
  const roughUntil = startedAt + roughDays * day;
  const isClean = draw.chance(0.12);
  return {
    startedAt,
    roughUntil,
    quietFrom: isClean ? startedAt : roughUntil,
    calmFrom: isClean ? startedAt : roughUntil + 12 * hour,
    endAt: roughUntil + quietDays * day,
  };
}

function drawTopic(draw: Draw, from: number, quietFrom: number): TopicOptions {
  const exists = draw.chance(0.8);
  const downFrom = draw.whole(from, quietFrom);
  const downTo = draw.chance(0.5) ? downFrom : Math.min(downFrom + draw.whole(1, 96) * hour, quietFrom);
  return { exists, downFrom, downTo, faults: drawTopicFaults(draw, quietFrom === from) };
}

/** In a clean run they have no days in which to do anything. */
function drawPeople(draw: Draw, { rings }: PolicyDocument, days: number): PeopleOptions {
  if (days === 0) return { acts: 0, changes: 0, approvals: [], disturbance: 0 };
  return {
    acts: draw.whole(0, Math.round(days) * 4),
    changes: draw.pick(rings ? [0, 0, 4, 8, 16, 24] : [0, 0, 0, 2, 4, 8]),
    approvals: (rings ? ['pat', 'pat', 'ann'] : []).filter(() => draw.chance(0.5)),
    disturbance: draw.pick([0, 0.05, 0.15, 0.4]),
  };
}
