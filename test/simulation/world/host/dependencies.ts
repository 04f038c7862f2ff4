// What an invocation works with: its own instance's clock, and ports that can fail it; a planted bug stands between them and
// the keeper. Used by createWorld.ts.
import { Temporal } from 'temporal-polyfill';
import { type ArmClock, createArmClock } from '../../../../shared/adapters/arm/armClock.ts';
import type { Queues } from '../../../../shared/ports/queues.ts';
import type { Dependencies } from '../../../../shared/usecases/dependencies.ts';
import type { Bug } from '../../bugs/bug.ts';
import { isByOther } from '../../draw/drawBeside.ts';
import { subscription } from '../../draw/drawFleet.ts';
import { skewOf } from '../../draw/drawSkews.ts';
import { createDraw } from '../../draw/seed.ts';
import type { Claim, Invocation } from '../../record/record.ts';
import type { Motion } from '../aks/motion.ts';
import { createOddAnswers } from '../aks/oddAnswers.ts';
import { createTransport, type Transport } from '../aks/transport.ts';
import type { Faults } from '../faults.ts';
import type { Stage } from '../stage.ts';
import type { SimulatedTopic } from '../topic.ts';
import { createAdapters } from './adapters.ts';
import { type Code, codeOfNow } from './code.ts';
import { faultyDigests, faultyQueues, faultyTables } from './ports.ts';
import { createProcesses } from './processes.ts';

/** `code`: what does the invocation. `release`: to be called when it has ended. */
export type Own = Dependencies & {
  readonly code: Code;
  readonly release: () => void;
  readonly within: <T>(work: () => Promise<T>) => Promise<T>;
};

export type Surroundings = Stage & {
  readonly faults: Faults;
  /** Of what is kept for the topic alone. */
  readonly topicFaults: Faults;
  readonly topic: SimulatedTopic;
  readonly motion: Motion;
};

type Hooks = {
  readonly queues: (by: string) => Queues;
  readonly onClaim: (claim: Claim) => void;
  readonly onInvocation: (invocation: Invocation) => void;
  /** The code of another checkout, where one runs beside. */
  readonly other: Code | undefined;
};

export function createDependencies(around: Surroundings, bug: Bug, hooks: Hooks): (invocation: Invocation) => Own {
  const { options, schedule, faults, topicFaults, notes } = around;
  const clocks = new Map<Invocation['instance'], ArmClock>();
  const clockOf = ({ instance }: Invocation) => {
    const own = () => schedule.now() + skewOf(options.skews, instance, schedule.now());
    const clock = clocks.get(instance) ?? createArmClock({ now: () => Temporal.Instant.fromEpochMilliseconds(own()) });
    clocks.set(instance, clock);
    return clock;
  };
  const transport = bug.transport(createTransportOf(around));
  const doers = createDoers(around, hooks.other, (code) => createAdapters(code, transport, clockOf));
  const onClaim = (claim: Omit<Claim, 'at'>) => hooks.onClaim({ at: schedule.now(), ...claim });
  // The same array for all of a run: a bug in armBugs.ts tells runs apart by it.
  const subscriptions = [subscription];
  const processes = createProcesses();
  const log = (line: string) => notes.say(`    ${line}`);
  return (invocation) => {
    const { code, adapters } = doers(invocation);
    const { arm, capacity, kubernetes, release } = adapters.take(invocation);
    hooks.onInvocation(invocation);
    const own = faultyTables({ tables: around.tables, faults, topicFaults, invocation, onClaim });
    const honest: Dependencies = {
      clock: clockOf(invocation),
      arm,
      capacity,
      kubernetes,
      tables: options.harm.floods.length > 0 ? processes.tablesOf(invocation) : own,
      digests: faultyDigests(around.digests, faults, invocation),
      topic: options.topic.exists ? around.topic.for(invocation) : undefined,
      queues: faultyQueues(hooks.queues(invocation.name), faults, invocation),
      log: { info: log, warn: log },
      subscriptions,
      shareForOthers: 10,
      factsMinutes: options.factsMinutes,
      gapMinutes: options.gapMinutes,
    };
    const within = <T>(work: () => Promise<T>) => processes.within(own, work);
    return { ...bug.dependencies(honest, invocation), code, release, within };
  };
}

type Doer = { readonly code: Code; readonly adapters: ReturnType<typeof createAdapters> };

/** Who does an invocation: each code works over adapters of its own, as it knows their errors by their classes. */
function createDoers(
  { options: { seed, beside }, schedule, notes }: Surroundings,
  other: Code | undefined,
  adaptersOf: (code: Code) => Doer['adapters'],
): (invocation: Invocation) => Doer {
  const now = { code: codeOfNow, adapters: adaptersOf(codeOfNow) };
  if (!beside || !other) return () => now;
  const old = { code: other, adapters: adaptersOf(other) };
  const draw = createDraw(seed, 'beside');
  return ({ name, id, instance }) => {
    if (!isByOther(beside, draw, instance, schedule.now())) return now;
    notes.say(`  ${name} ${id} is done by the code beside`);
    return old;
  };
}

function createTransportOf({
  options,
  schedule,
  simulator,
  tables,
  faults,
  motion,
  notes,
  fleet,
}: Surroundings): Transport {
  return createTransport({
    faults,
    now: schedule.now,
    oddly: createOddAnswers(options.harm.oddnesses, fleet, schedule.now),
    skewOf: ({ instance }) => skewOf(options.skews, instance, schedule.now()),
    attemptOf: async (key) => {
      const row = await tables.get('Starts', 'starts', `cluster|${key}`);
      const harm = notes.harms.find((one) => one.kind === 'starts' && one.clusterKey === key && one.to === undefined);
      return harm ? harm.attempt : (row?.value as { id?: string } | undefined)?.id;
    },
    handle: (request, post) =>
      post === undefined ? simulator.handle(request) : motion.move('keeper', () => simulator.handle(request), post),
    onPost: (post) => {
      notes.posts.push(post);
      notes.say(`  POST ${post.clusterKey.split('|')[2]}/${post.nodePool}: ${post.status}`);
    },
  });
}
