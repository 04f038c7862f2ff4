// The world of a run: the keeper's functions on a host that can die, over ports that can fail, before the simulated AKS. Real
// use cases, the real ARM adapter, tables and queues in memory, and no real time. Called by run.ts.
import type { Bug } from '../bugs/bug.ts';
import { createDraw } from '../draw/seed.ts';
import { isAnythingDue } from '../judge/own/due.ts';
import { noteEnd, openClaims } from '../record/notes.ts';
import type { Claim, Invocation } from '../record/record.ts';
import { createMotion } from './aks/motion.ts';
import { createFaults } from './faults.ts';
import { askHealth } from './host/askHealth.ts';
import type { Code } from './host/code.ts';
import { createDependencies, type Surroundings } from './host/dependencies.ts';
import { type Functions, functionsOf } from './host/functions.ts';
import { createFunctionsHost, type FunctionsHost } from './host/functionsHost.ts';
import { createTimers, type Timers } from './host/timers.ts';
import { createStage, type Stage } from './stage.ts';
import { createSimulatedTopic } from './topic.ts';

export type World = Surroundings & {
  readonly host: FunctionsHost;
  readonly timers: Timers;
  /** What GET /api/health/details names as unreadable. */
  readonly askHealth: () => Promise<readonly string[]>;
};
type Options = Stage['options'];

/**
 * @param onInvocation called as each begins: something may happen in its very seconds
 * @param other the code of another checkout, where one runs beside
 */
export function createWorld(
  options: Options,
  bug: Bug,
  onInvocation: (invocation: Invocation) => void,
  other?: Code,
): World {
  const stage = createStage(options);
  const { schedule, notes, isQuiet } = stage;
  const { faults, topicFaults } = createFaultsOf(stage, () => host);
  const { downFrom, downTo } = options.topic;
  const topic = createSimulatedTopic({ faults: topicFaults, now: schedule.now, downFrom, downTo });
  const motion = createMotion(
    stage,
    (event) => host.deliver(event),
    (from, to) => timers.wake(from, to),
  );
  const around: Surroundings = { ...stage, faults, topicFaults, topic, motion };
  const functions = functionsOf(
    createDependencies(around, bug, {
      queues: (by) => host.queues(by),
      onClaim: (claim) => noteClaim(stage, timers, claim),
      onInvocation,
      other,
    }),
  );
  const host: FunctionsHost = createFunctionsHost({
    schedule,
    draw: createDraw(options.seed, 'host'),
    faults,
    isQuiet,
    handle: functions.handle,
    onEnd: (invocation) => noteEnd(notes, invocation),
  });
  const timers: Timers = createTimersOf(around, host, functions);
  return { ...around, host, timers, askHealth: () => askHealth(stage, bug, host.queues('healthDetails')) };
}

function createFaultsOf({ options, schedule, simulator, notes, isQuiet }: Stage, host: () => FunctionsHost) {
  const chance = {
    schedule,
    isQuiet,
    isCrowded: () => host().underWay() > 1,
    die: (invocation: Invocation) => host().die(invocation),
    nextChangeAt: () => simulator.nextChangeAt()?.epochMilliseconds,
    onStrike: (kind: string, invocation: Invocation | undefined) => {
      const where = invocation && ` in ${invocation.name} ${invocation.id} on instance ${invocation.instance}`;
      notes.say(`  fault ${kind}${where ?? ''}`);
    },
  };
  const draw = createDraw(options.seed, 'faults');
  return {
    faults: createFaults({ ...chance, draw, rates: options.faults }),
    // From a source of their own, so that they change nothing else of a seed.
    topicFaults: createFaults({ ...chance, draw: draw.fork('topic'), rates: options.topic.faults }),
  };
}

function noteClaim({ schedule, notes }: Stage, timers: Timers, claim: Claim): void {
  const now = schedule.now();
  // It is asked for an hour and a quarter, and is no claim on anything.
  if (claim.kind === 'unconfirmed') timers.follow(now + 80 * 60_000);
  else notes.claims.push(claim);
  if (claim.kind === 'inserted') timers.follow();
  if (claim.kind === 'verdict') timers.wake(now + 4 * 60_000, now + 60 * 60_000);
}

function createTimersOf(around: Surroundings, host: FunctionsHost, functions: Functions): Timers {
  const { options, schedule, faults, truth, fleet, notes } = around;
  return createTimers({
    schedule,
    draw: createDraw(options.seed, 'timers'),
    faults,
    plan: () => host.invoke('planUpgrades', undefined, functions.plan),
    followUpgrades: () => host.invoke('followUpgrades', undefined, functions.follow),
    checkWeekly: () => host.invoke('weeklyCheck', undefined, functions.weekly),
    isBusy: () => isAnythingDue(truth, fleet, schedule.now()),
    hasAttempts: () => openClaims(notes) > 0,
    // Pools of later rings are due for days.
    busy: options.base.rings ? [3, 6, 12, 24] : [1, 3, 6, 12],
  });
}
