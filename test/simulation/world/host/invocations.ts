// Invocations of functions on the host's instances: each is under way until it is done, fails, or dies with its worker or its
// instance. Used by functionsHost.ts.
import { instances } from '../../draw/drawSkews.ts';
import type { Draw } from '../../draw/seed.ts';
import type { FunctionName, Invocation } from '../../record/record.ts';
import type { Faults } from '../faults.ts';
import type { Schedule } from '../schedule.ts';
import type { Handle, Output, Work } from './functions.ts';

/** host.json. */
const functionTimeout = 5 * 60_000;

export type HostOptions = {
  readonly schedule: Schedule;
  readonly draw: Draw;
  readonly faults: Faults;
  readonly handle: Handle;
  readonly onEnd: (invocation: Invocation) => void;
  readonly isQuiet: () => boolean;
};

type Outcome = 'done' | 'failed' | 'lost';
/** Runs a function on an instance, sends what it returns, and says how it ended. */
export type Invoke = (name: FunctionName, message: unknown, work: Work) => Promise<Outcome>;
export type Invocations = {
  readonly all: readonly Invocation[];
  readonly invoke: Invoke;
  readonly die: (invocation: Invocation) => void;
  readonly underWay: () => number;
};
/** What waits for the end of each invocation that is under way. */
type Ends = Map<Invocation, () => void>;

export function createInvocations(
  options: HostOptions,
  send: (invocation: Invocation, output: Output) => Promise<void>,
): Invocations {
  const all: Invocation[] = [];
  const ends: Ends = new Map();
  const end = (invocation: Invocation, outcome: Outcome, error?: unknown) =>
    endOne(options, ends, invocation, outcome, error);
  const die = (invocation: Invocation) => dieWith(options, ends, invocation);
  const run = async (invocation: Invocation, work: Work): Promise<void> => {
    try {
      for (const output of await work(invocation)) await send(invocation, output);
      end(invocation, 'done');
    } catch (error) {
      if (invocation.alive) end(invocation, 'failed', error);
    }
  };
  return {
    all,
    die,
    underWay: () => ends.size,
    invoke: async (name, message, work) => {
      const invocation = toInvocation(options, all.length + 1, name, message);
      all.push(invocation);
      const ended = new Promise<void>((resolve) => ends.set(invocation, resolve));
      options.schedule.at(options.schedule.now() + functionTimeout, () => {
        if (ends.has(invocation)) die(invocation);
      });
      void run(invocation, work);
      await ended;
      return invocation.outcome ?? 'lost';
    },
  };
}

function toInvocation(options: HostOptions, id: number, name: FunctionName, message: unknown): Invocation {
  return {
    id,
    name,
    instance: options.draw.whole(0, instances - 1),
    startedAt: options.schedule.now(),
    message,
    pace: paceOf(options, name),
    alive: true,
    faults: [],
    reads: [],
  };
}

/** A starter takes its time, so that the world can move while it decides; and some of all are slow from end to end. */
function paceOf({ draw, isQuiet }: HostOptions, name: FunctionName): number {
  if (name === 'startUpgrade') return 300;
  return !isQuiet() && draw.chance(0.08) ? draw.pick([500, 5_000, 20_000]) : 0;
}

function endOne(
  { schedule, onEnd }: HostOptions,
  ends: Ends,
  invocation: Invocation,
  outcome: Outcome,
  error: unknown,
): void {
  const resolve = ends.get(invocation);
  if (!resolve) return;
  ends.delete(invocation);
  invocation.outcome = outcome;
  invocation.endedAt = schedule.now();
  if (error !== undefined) invocation.error = error instanceof Error ? error.message : 'it threw something strange';
  onEnd(invocation);
  resolve();
}

/** The instance dies, and with it all that it does, or only the worker of this invocation. */
function dieWith(options: HostOptions, ends: Ends, invocation: Invocation): void {
  const all = options.draw.chance(0.3);
  for (const other of ends.keys()) {
    if (other !== invocation && !(all && other.instance === invocation.instance)) continue;
    other.alive = false;
    endOne(options, ends, other, 'lost', undefined);
  }
}
