// One run: a seed in, what happened out. Real use cases, the real ARM adapter over the simulated ARM, tables and queues in
// memory, and no real time. Called by main.ts, bugsMain.ts and the tests.
import { Temporal } from 'temporal-polyfill';
import type { Fleet } from '../../local/simulator/armFleet.ts';
import { createHttpClient } from '../../local/simulator/httpClient.ts';
import { createSimulator } from '../../local/simulator/simulator.ts';
import { createArm } from '../../shared/adapters/arm.ts';
import { createCapacity } from '../../shared/adapters/capacity.ts';
import { readEvent } from '../../shared/adapters/eventGrid.ts';
import { createKubernetes } from '../../shared/adapters/kubernetes.ts';
import { createMemoryTables } from '../../shared/adapters/memoryTables.ts';
import type { Arm, Capacity, Kubernetes } from '../../shared/ports.ts';
import { writePolicy } from '../../shared/stores/policyStore.ts';
import type { Dependencies } from '../../shared/usecases/dependencies.ts';
import { type Bug, noBug } from './bug.ts';
import { collect } from './collect.ts';
import { drawFleet, subscription } from './drawFleet.ts';
import { drawPolicy, openPolicy } from './drawPolicy.ts';
import { isAnythingDue } from './due.ts';
import { createFaults } from './faults.ts';
import { functionsOf } from './functions.ts';
import { createFunctionsHost, instances } from './functionsHost.ts';
import { drawAct, repair } from './people.ts';
import { faultyQueues, faultyTables } from './ports.ts';
import type { Claim, Invocation, Post, RunRecord, Shown } from './record.ts';
import { createSchedule } from './schedule.ts';
import { createDraw, type Draw } from './seed.ts';
import { shownBy } from './shown.ts';
import { drawSkews } from './skew.ts';
import { createTimers } from './timers.ts';
import { createTransport } from './transport.ts';
import { createTruth, keyOf, type TrueCause } from './truth.ts';
import { wakeForWindows } from './wakeForWindows.ts';

const hour = 3_600_000;
const day = 24 * hour;
const credential = { getToken: async () => ({ token: 'simulated', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) };

// The adapter gives up after 30 s of the real clock, which stands still here; transport.ts counts them on the virtual one.
AbortSignal.timeout = () => new AbortController().signal;

/** Runs the whole life of a fleet: weeks in which anything can go wrong, then weeks in which nothing does. */
export async function run(seed: number, bug: Bug = noBug): Promise<RunRecord> {
  const draw = createDraw(seed);
  const startDay = new Date(Date.parse('2026-10-01T00:00:00Z') + draw.whole(0, 200) * day).toISOString().slice(0, 10);
  const startedAt = Date.parse(`${startDay}T00:00:00Z`) + draw.whole(0, 24 * 60) * 60_000;
  const [roughDays, quietDays] = [draw.whole(5, 14), draw.whole(10, 32)];
  const quietFrom = startedAt + roughDays * day;
  const endAt = quietFrom + quietDays * day;
  // A few runs are clean from the start.
  const isClean = draw.chance(0.12);
  const schedule = createSchedule(startedAt, draw.fork('order'));
  const fleet = drawFleet(draw.fork('fleet'), startDay, Math.ceil((roughDays + quietDays) / 7));
  const simulator = createSimulator({ fleet, now: () => Temporal.Instant.fromEpochMilliseconds(schedule.now()) });
  const truth = createTruth(simulator, schedule.now);
  const skews = drawSkews(draw.fork('skews'), instances, startedAt, quietFrom, isClean);
  const subscriptions = [subscription];
  const claims: Claim[] = [];
  const posts: Post[] = [];
  const trace: string[] = [];
  const shown: Shown[] = [];
  const attempts = new Map<string, number>();
  const say = (line: string) => {
    // The ids of attempts are random for real, and nothing but them is.
    const numbered = line.replaceAll(/(ttempt )([0-9a-f]{8}-[0-9a-f-]{27})/g, (_, word: string, id: string) => {
      attempts.set(id, attempts.get(id) ?? attempts.size + 1);
      return `${word}${attempts.get(id)}`;
    });
    trace.push(`${new Date(schedule.now()).toISOString().slice(0, 19)}Z ${numbered}`);
  };
  const tables = createMemoryTables();
  const factsMinutes = draw.pick([5, 15, 30]);
  const people = draw.fork('people');
  const disturbance = isClean ? 0 : people.pick([0, 0, 0.05, 0.3]);
  const isQuiet = () => schedule.now() >= quietFrom;

  const faults = createFaults({
    draw: draw.fork('faults'),
    schedule,
    intensity: isClean ? 0 : draw.pick([0, 0.3, 1, 1, 2]),
    isQuiet,
    isCrowded: () => host.underWay() > 1,
    die: (invocation) => host.die(invocation),
    nextChangeAt: () => simulator.nextChangeAt()?.epochMilliseconds,
    onStrike: (kind, invocation) =>
      say(
        `  fault ${kind}${invocation ? ` in ${invocation.name} ${invocation.id} on instance ${invocation.instance}` : ''}`,
      ),
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

  // A client is dear to make, so an adapter serves one invocation after the other; one that was lost keeps its own.
  type Adapter = {
    readonly arm: Arm;
    readonly capacity: Capacity;
    readonly kubernetes: Kubernetes;
    invocation: Invocation | undefined;
  };
  const idle: Adapter[] = [];
  function adapterFor(invocation: Invocation): Adapter {
    const adapter = idle.pop() ?? createAdapter();
    adapter.invocation = invocation;
    return adapter;
  }
  function createAdapter(): Adapter {
    const azure = {
      credential,
      endpoint: 'https://management.azure.com',
      httpClient: createHttpClient((request) => bug.transport(transport)(adapter.invocation as Invocation, request)),
    };
    const clock = { now: () => Temporal.Instant.fromEpochMilliseconds(clockOf(adapter.invocation as Invocation)) };
    const capacity = createCapacity({ ...azure, clock });
    const kubernetes = createKubernetes({ ...azure, clock });
    const adapter: Adapter = { invocation: undefined, arm: createArm(azure), capacity, kubernetes };
    return adapter;
  }

  const clockOf = ({ instance }: Invocation) => schedule.now() + skews.of(instance, schedule.now());

  /** What an invocation works with: its own instance's clock, and ports that can fail it. */
  function dependenciesOf(invocation: Invocation): Dependencies & { readonly release: () => void } {
    const adapter = adapterFor(invocation);
    disturb(invocation);
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
      tables: faultyTables({ tables, faults, invocation, onClaim }),
      queues: faultyQueues(host.queues(invocation.name), faults, invocation),
      log: { info: log, warn: log },
      subscriptions,
      requestsPerPass: 45,
      factsMinutes,
    };
    return { ...bug.dependencies(honest, invocation), release: () => idle.push(adapter) };
  }

  /** Now and then somebody acts on a cluster in the very seconds in which it is observed, or a start on it decided. */
  function disturb({ name, message }: Invocation): void {
    const isOften = name === 'startUpgrade';
    if (!isOften && name !== 'observeCluster') return;
    if (isQuiet() || !people.chance(isOften ? disturbance : disturbance / 10)) return;
    const { clusterId } = message as { readonly clusterId: string };
    const cluster = fleet.clusters.filter(({ id }) => keyOf(id) === keyOf(clusterId));
    actAt(schedule.now() + people.whole(0, 3000), people.fork(`act ${schedule.now()}`), cluster);
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
  });

  function actAt(at: number, own: Draw, clusters: Fleet['clusters']): void {
    schedule.at(at, () => {
      const act = drawAct(own, clusters, new Date(at).toISOString().slice(0, 10));
      move(act.cause, () => say(`people: ${act.what}: ${act.happen(simulator)}`));
      wakeWindows.again(schedule.now(), endAt);
      timers.wake(schedule.now(), schedule.now() + 12 * 60_000);
    });
  }

  // --- The life of the fleet ---------------------------------------------------------------------------------------
  const policies: RunRecord['policies'][number][] = [];
  const setPolicy = async (policy: unknown) => {
    policies.push({ at: schedule.now(), policy });
    say(`policy ${JSON.stringify(policy)}`);
    await tables.write('Policy', 'policy', [{ kind: 'upsert', rowKey: 'current', value: policy }]);
  };
  await writePolicy(tables, openPolicy);
  policies.push({ at: startedAt, policy: openPolicy });
  truth.look('aksAutoUpgrade');
  const wakeWindows = wakeForWindows(truth, fleet, schedule, draw.fork('openings'), timers.wake, skews.largest);
  if (!isClean) {
    const acts = people.whole(0, roughDays * 4);
    for (let index = 0; index < acts; index += 1) {
      const own = people.fork(`act ${index}`);
      actAt(drawMoment(own, startedAt, quietFrom, wakeWindows.openings(startedAt, quietFrom)), own, fleet.clusters);
    }
    const changes = people.pick([0, 0, 0, 1, 2, 4]);
    for (let index = 0; index < changes; index += 1) {
      const own = people.fork(`policy ${index}`);
      schedule.at(own.whole(startedAt, quietFrom), () => {
        void setPolicy(drawPolicy(own));
        timers.wake(schedule.now(), schedule.now() + 12 * 60_000);
      });
    }
    for (const after of [0, 2 * hour, 12 * hour]) {
      schedule.at(quietFrom + after, () => {
        if (after === 0) void setPolicy(openPolicy);
        say('people: everything is repaired, and nothing goes wrong from here on');
        move('manual', () => repair(simulator, fleet.clusters));
        wakeWindows.again(schedule.now(), endAt);
      });
    }
  }
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
    policies,
    sent: host.sent,
    poisoned: host.poisoned,
    waiting: host.waiting(),
    fleet,
    ...(await collect(tables, [...truth.clusters.keys()])),
    faults: faults.counts,
    trace,
  };
}

/** Half of what people do falls near the opening of a window, where the keeper is at work too. */
function drawMoment(draw: Draw, from: number, to: number, openings: readonly number[]): number {
  const opening = openings.length > 0 && draw.chance(0.5) ? draw.pick(openings) : undefined;
  return opening === undefined
    ? draw.whole(from, to)
    : Math.min(to - 1, opening + draw.whole(-10 * 60_000, 90 * 60_000));
}

function openClaims(claims: readonly Claim[]): number {
  let open = 0;
  for (const { kind } of claims) open += kind === 'inserted' ? 1 : kind === 'removed' ? -1 : 0;
  return open;
}
