// One run: a seed in, what happened out. Real use cases, the real ARM adapter over the simulated ARM, tables and queues in
// memory, and no real time. Called by main.ts, bugsMain.ts and the tests.
import { Temporal } from 'temporal-polyfill';
import { createSimulator } from '../../local/simulator/simulator.ts';
import type { Fleet } from '../../local/simulator/world/armFleet.ts';
import { readEvent } from '../../shared/adapters/eventGrid/eventGrid.ts';
import { createMemoryDigests } from '../../shared/adapters/storage/memoryDigests.ts';
import { createMemoryTables } from '../../shared/adapters/storage/memoryTables.ts';
import type { Dependencies } from '../../shared/usecases/dependencies.ts';
import { type Bug, noBug } from './bugs/bug.ts';
import { drawFleet, subscription } from './draw/drawFleet.ts';
import { drawBase } from './draw/drawPolicy.ts';
import { watchPolicy } from './judge/own/policyRows.ts';
import { isAnythingDue } from './life/due.ts';
import { createLife } from './life/life.ts';
import { repair } from './life/people.ts';
import { createSteering } from './life/steering.ts';
import { wakeForWindows } from './life/wakeForWindows.ts';
import { collect } from './record/collect.ts';
import type { Claim, Invocation, Listed, Post, RunRecord, Shown } from './record/record.ts';
import { listedBy, shownBy } from './record/shown.ts';
import { createAdapters } from './world/adapters.ts';
import { createFaults, type FaultKind, topicKinds } from './world/faults.ts';
import { functionsOf } from './world/functions.ts';
import { createFunctionsHost, instances } from './world/functionsHost.ts';
import { faultyDigests, faultyQueues, faultyTables } from './world/ports.ts';
import { createSchedule } from './world/schedule.ts';
import { createDraw } from './world/seed.ts';
import { drawSkews } from './world/skew.ts';
import { createTimers } from './world/timers.ts';
import { createSimulatedTopic } from './world/topic.ts';
import { createTransport } from './world/transport.ts';
import { createTruth, type TrueCause } from './world/truth.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** Runs the whole life of a fleet: weeks in which anything can go wrong, then weeks in which nothing does. */
export async function run(seed: number, bug: Bug = noBug): Promise<RunRecord> {
  const draw = createDraw(seed);
  const startDay = new Date(Date.parse('2026-10-01T00:00:00Z') + draw.whole(0, 200) * day).toISOString().slice(0, 10);
  const startedAt = Date.parse(`${startDay}T00:00:00Z`) + draw.whole(0, 24 * 60) * 60_000;
  const base = drawBase(draw.fork('base'));
  const [roughDays, quietDays] = base.rings
    ? [draw.whole(5, 9), draw.whole(8, 14)]
    : [draw.whole(5, 14), draw.whole(10, 24)];
  const quietFrom = startedAt + roughDays * day;
  const endAt = quietFrom + quietDays * day;
  // A few runs are clean from the start.
  const isClean = draw.chance(0.12);
  const schedule = createSchedule(startedAt, draw.fork('order'));
  const drawn = drawFleet(draw.fork('fleet'), {
    start: startDay,
    weeks: Math.ceil((roughDays + quietDays) / 7),
    rings: base.rings && { releasesUntil: quietFrom + day },
  });
  const releases = [...drawn.releases];
  const fleet: Fleet = { ...drawn, releases };
  const simulator = createSimulator({ fleet, now: () => Temporal.Instant.fromEpochMilliseconds(schedule.now()) });
  const truth = createTruth(simulator, schedule.now);
  const skews = drawSkews(draw.fork('skews'), instances, startedAt, quietFrom, isClean);
  const subscriptions = [subscription];
  const claims: Claim[] = [];
  const posts: Post[] = [];
  const trace: string[] = [];
  const shown: Shown[] = [];
  const listed: Listed[] = [];
  const attempts = new Map<string, number>();
  const say = (line: string) => {
    // The ids of attempts are random for real, and nothing but them is.
    const numbered = line.replaceAll(
      /(ttempt |failures-)([0-9a-f]{8}-[0-9a-f-]{27})/g,
      (_, word: string, id: string) => {
        attempts.set(id, attempts.get(id) ?? attempts.size + 1);
        return `${word}${attempts.get(id)}`;
      },
    );
    trace.push(`${new Date(schedule.now()).toISOString().slice(0, 19)}Z ${numbered}`);
  };
  const { tables, rows: policyRows } = watchPolicy(createMemoryTables(), schedule.now);
  const digests = createMemoryDigests();
  const steering = createSteering({ tables, now: schedule.now, base, fleet });
  const factsMinutes = draw.pick([5, 15, 30]);
  // Ticks are left out for up to 12 hours where nothing can change: those are gaps too, where they count as such.
  const gapMinutes = draw.fork('gaps').pick([60, 360, 800, 800]);
  const people = draw.fork('people');
  const isQuiet = () => schedule.now() >= quietFrom;

  const chance = {
    schedule,
    isQuiet,
    isCrowded: () => host.underWay() > 1,
    die: (invocation: Invocation) => host.die(invocation),
    nextChangeAt: () => simulator.nextChangeAt()?.epochMilliseconds,
    onStrike: (kind: FaultKind, invocation: Invocation | undefined) =>
      say(
        `  fault ${kind}${invocation ? ` in ${invocation.name} ${invocation.id} on instance ${invocation.instance}` : ''}`,
      ),
  };
  const faults = createFaults({
    ...chance,
    draw: draw.fork('faults'),
    intensity: isClean ? 0 : draw.pick([0, 0.3, 1, 1, 2]),
  });
  const topicDraw = draw.fork('topic');
  const hasTopic = topicDraw.chance(0.8);
  const topicFaults = createFaults({
    ...chance,
    draw: topicDraw.fork('faults'),
    more: topicKinds,
    intensity: isClean ? 0 : topicDraw.pick([0, 0.3, 1, 1, 2]),
  });
  const topic = createSimulatedTopic({
    faults: topicFaults,
    draw: topicDraw,
    now: schedule.now,
    from: startedAt,
    quietFrom,
    isClean,
  });

  /** Lets the world come up to now; what it sends goes out. */
  function advance(): void {
    for (const event of simulator.advance()) host.deliver(event);
    truth.look('aksAutoUpgrade');
  }

  function move<T>(cause: TrueCause, happen: () => T, post?: number): T {
    advance();
    const result = happen();
    truth.look(cause, post);
    // What AKS does by itself at this very moment.
    advance();
    watchWorld();
    return result;
  }

  let watched = Number.POSITIVE_INFINITY;
  /** Sees to it that the world is looked at when it next changes by itself. */
  function watchWorld(): void {
    const next = simulator.nextChangeAt()?.epochMilliseconds;
    if (next === undefined || next >= watched) return;
    watched = next;
    schedule.at(next, () => {
      watched = Number.POSITIVE_INFINITY;
      const before = truth.changes();
      advance();
      if (truth.changes() !== before) timers.wake(schedule.now(), schedule.now() + 5 * 60_000);
      watchWorld();
    });
  }

  const transport = createTransport({
    faults,
    now: schedule.now,
    skewOf: ({ instance }) => skews.of(instance, schedule.now()),
    attemptOf: async (key) => {
      const row = await tables.get('Starts', 'starts', `cluster|${key}`);
      return (row?.value as { id?: string } | undefined)?.id;
    },
    handle: (request, post) => {
      if (post === undefined) return simulator.handle(request);
      return move('keeper', () => simulator.handle(request), post);
    },
    onPost: (post) => {
      posts.push(post);
      say(`  POST ${post.clusterKey.split('|')[2]}/${post.nodePool}: ${post.status}`);
    },
  });

  const clockOf = ({ instance }: Invocation) => schedule.now() + skews.of(instance, schedule.now());
  const adapters = createAdapters((...request) => bug.transport(transport)(...request), clockOf);

  /** What an invocation works with: its own instance's clock, and ports that can fail it. */
  function dependenciesOf(invocation: Invocation): Dependencies & { readonly release: () => void } {
    const adapter = adapters.take(invocation);
    life.disturb(invocation);
    const onClaim = (claim: Omit<Claim, 'at'>) => {
      claims.push({ at: schedule.now(), ...claim });
      if (claim.kind === 'inserted') timers.follow();
      if (claim.kind === 'verdict') timers.wake(schedule.now() + 4 * 60_000, schedule.now() + 60 * 60_000);
    };
    const log = (line: string) => say(`    ${line}`);
    const honest: Dependencies = {
      clock: { now: () => Temporal.Instant.fromEpochMilliseconds(clockOf(invocation)) },
      arm: adapter.arm,
      capacity: adapter.capacity,
      kubernetes: adapter.kubernetes,
      tables: faultyTables({ tables, faults, topicFaults, invocation, onClaim }),
      digests: faultyDigests(digests, faults, invocation),
      topic: hasTopic ? topic.for(invocation) : undefined,
      queues: faultyQueues(host.queues(invocation.name), faults, invocation),
      log: { info: log, warn: log },
      subscriptions,
      requestsPerPass: 45,
      factsMinutes,
      gapMinutes,
    };
    return { ...bug.dependencies(honest, invocation), release: () => adapters.giveBack(adapter) };
  }

  const functions = functionsOf(dependenciesOf, readEvent);
  const host = createFunctionsHost({
    schedule,
    draw: draw.fork('host'),
    faults: () => faults,
    isQuiet: () => isClean || isQuiet(),
    handle: functions.handle,
    onEnd: (invocation) => {
      const { name, id, outcome, error } = invocation;
      if (outcome !== 'done') say(`  ${name} ${id} ${outcome}${error ? `: ${error}` : ''}`);
      listed.push(...listedBy(invocation));
      shown.push(...shownBy(invocation, claims));
    },
  });

  const timers = createTimers({
    schedule,
    draw: draw.fork('timers'),
    faults,
    plan: () => host.invoke('planUpgrades', undefined, functions.plan),
    followUpgrades: () => host.invoke('followUpgrades', undefined, functions.follow),
    checkWeekly: () => host.invoke('weeklyCheck', undefined, functions.weekly),
    isBusy: () => isAnythingDue(truth, fleet, schedule.now()),
    hasAttempts: () => openClaims(claims) > 0,
    // Pools of later rings are due for days.
    busy: base.rings ? [3, 6, 12, 24] : [1, 3, 6, 12],
  });

  const life = createLife({
    schedule,
    people,
    fleet,
    releases,
    simulator,
    truth,
    steering,
    base,
    timers: () => timers,
    windows: () => wakeWindows,
    move,
    say,
    from: startedAt,
    quietFrom,
    endAt,
    disturbance: isClean ? 0 : people.pick([0, 0.05, 0.15, 0.4]),
  });

  // --- The life of the fleet ---------------------------------------------------------------------------------------
  say(`people: ${await steering.setPolicy(base)}`);
  if (isClean && base.rings) {
    for (let at = startedAt; at < endAt; at += day) schedule.at(at, () => void steering.approveAll('ann'));
  }
  truth.look('aksAutoUpgrade');
  const wakeWindows = wakeForWindows(truth, fleet, schedule, draw.fork('openings'), timers.wake, skews.largest);
  // Not even budgets that were drawn too tight.
  if (isClean) move('manual', () => repair(simulator, fleet.clusters));
  else life.begin();
  wakeWindows.again(startedAt, endAt);
  watchWorld();
  timers.begin();
  schedule.at(startedAt, () => void host.invoke('planUpgrades', undefined, functions.plan));
  await schedule.runUntil(endAt);
  advance();
  return {
    seed,
    startedAt,
    quietFrom: isClean ? startedAt : quietFrom + 12 * hour,
    endedAt: endAt,
    largestSkew: skews.largest,
    truth,
    invocations: host.invocations,
    posts,
    claims,
    shown,
    listed,
    gapMinutes,
    policyRows,
    base,
    sent: host.sent,
    poisoned: host.poisoned,
    waiting: host.waiting(),
    fleet,
    digests: await Promise.all((await digests.list()).map(async (name) => (await digests.read(name)) ?? '')),
    ...(await collect(tables, [...truth.clusters.keys()])),
    hasTopic,
    taken: topic.taken,
    faults: new Map([
      ...faults.counts,
      ...[...topicFaults.counts].map(([kind, times]) => [kind, times + (faults.counts.get(kind) ?? 0)] as const),
    ]),
    trace,
  };
}

function openClaims(claims: readonly Claim[]): number {
  let open = 0;
  for (const { kind } of claims) open += kind === 'inserted' ? 1 : kind === 'removed' ? -1 : 0;
  return open;
}
