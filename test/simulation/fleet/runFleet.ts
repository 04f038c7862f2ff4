// A fleet whose clusters share one window: what the keeper starts in it, and what that takes. Real use cases and the real ARM
// adapter before the simulated AKS, in virtual time. Called by main.ts and the test.
import { Temporal } from 'temporal-polyfill';
import type { ArmRequest, ArmResponse } from '../../../local/simulator/arm/armAnswer.ts';
import { createSimulator, type Simulator } from '../../../local/simulator/simulator.ts';
import type { Fleet } from '../../../local/simulator/world/armFleet.ts';
import { readEvent } from '../../../shared/adapters/eventGrid/eventGrid.ts';
import { createMemoryTables } from '../../../shared/adapters/storage/memoryTables.ts';
import type { QueueName } from '../../../shared/ports/queues.ts';
import { writePolicy } from '../../../shared/stores/policyStore.ts';
import type { Dependencies } from '../../../shared/usecases/dependencies.ts';
import { followAttempts } from '../../../shared/usecases/follow/followAttempts.ts';
import { ProjectMessage, RefreshMessage, StartMessage } from '../../../shared/usecases/messages.ts';
import { confirmEvidence } from '../../../shared/usecases/observe/confirmEvidence.ts';
import { observeMessage } from '../../../shared/usecases/observe/observeMessage.ts';
import { followLedger } from '../../../shared/usecases/observe/projectLedger.ts';
import { receiveEvent } from '../../../shared/usecases/observe/receiveEvent.ts';
import { queueLater } from '../../../shared/usecases/plan/queueLater.ts';
import { refreshCluster } from '../../../shared/usecases/plan/refreshFacts.ts';
import { runPass } from '../../../shared/usecases/plan/runPass.ts';
import { startAttempt } from '../../../shared/usecases/start/startAttempt.ts';
import { createDraw } from '../draw/seed.ts';
import { createWatch } from '../world/aks/watch.ts';
import { createSchedule, type Schedule } from '../world/schedule.ts';
import { createArmMeter } from './armMeter.ts';
import { createFleetApp } from './fleetApp.ts';
import type { FleetOptions } from './fleetOptions.ts';
import { createInvocations, type Invocations } from './invocations.ts';
import { hours, makeFleet, opening, subscriptionOf } from './makeFleet.ts';
import { createStorageQueue, type StorageQueue } from './storageQueue.ts';
import { warmUp } from './warmUp.ts';

const armMs = 50;
const minute = 60_000;

export type FleetRun = {
  readonly options: FleetOptions;
  /** Epoch milliseconds. */
  readonly startedAt: readonly number[];
  readonly finishedAt: readonly number[];
  readonly begunAt: number;
  readonly closesAt: number;
  readonly meter: ReturnType<typeof createArmMeter>;
  readonly invocations: Invocations;
  readonly poisoned: number;
  /** Messages that were still waiting when the window closed. */
  readonly waiting: number;
  readonly cpuSeconds: number;
};

export async function runFleet(options: FleetOptions): Promise<FleetRun> {
  const fleet = makeFleet(options);
  const subscriptions = Array.from({ length: options.subscriptions }, (_, index) => subscriptionOf(index));
  const begunAt = opening.subtract(hours(options.leadHours)).epochMilliseconds;
  const closesAt = opening.add(hours(options.hours)).epochMilliseconds;
  const memory = createMemoryTables();
  await writePolicy(memory, { mode: 'enforce' });
  if (options.factsHours > 0) await warmUp(memory, fleet, { subscriptions, end: begunAt, hours: options.factsHours });

  const spent = process.cpuUsage();
  const schedule = createSchedule(begunAt, createDraw(options.seed, 'order'));
  const aks = createAks(schedule, fleet, options);
  const queues = new Map<QueueName, StorageQueue>();
  const send = (queue: QueueName, message: unknown, delay = 0) => queues.get(queue)?.send(message, delay);
  const app = createFleetApp({ now: schedule.now, handle: aks.handle, send, subscriptions });
  const invocations = createInvocations(schedule, memory, app);
  for (const [queue, work] of Object.entries(handlers) as [QueueName, Handler][]) {
    const handle = (message: unknown) => invocations.run(queue, (parts) => work(parts, message));
    queues.set(queue, createStorageQueue(schedule, options.instances, handle));
  }
  aks.deliverTo((event) =>
    invocations.run('event', async (parts) => receiveEvent(parts, await readEvent(event), event)),
  );
  everyMinutes(schedule, 5, 0, () =>
    invocations.run('pass', async (parts) => {
      const pass = await runPass(parts);
      for (const message of pass.observe) send('observe-cluster', message);
      await queueLater(parts, pass);
    }),
  );
  everyMinutes(schedule, 1, 30_000, () =>
    invocations.run('follow', async (parts) => {
      await followAttempts(parts);
      await confirmEvidence(parts);
    }),
  );
  // What was started last has its time to end and to be recorded.
  await schedule.runUntil(closesAt + 60 * minute);
  const { user, system } = process.cpuUsage(spent);
  return {
    options,
    ...aks.seen,
    begunAt,
    closesAt,
    meter: aks.meter,
    invocations,
    poisoned: [...queues.values()].reduce((sum, queue) => sum + queue.poisoned(), 0),
    waiting: [...queues.values()].reduce((sum, queue) => sum + queue.waiting(), 0),
    cpuSeconds: (user + system) / 1e6,
  };
}

type Handler = (parts: Dependencies, message: unknown) => Promise<unknown>;

const handlers: Readonly<Partial<Record<QueueName, Handler>>> = {
  'observe-cluster': observeMessage,
  'start-upgrade': (parts, message) => startAttempt(parts, StartMessage.parse(message)),
  'refresh-facts': (parts, message) => refreshCluster(parts, RefreshMessage.parse(message)),
  'project-cluster': (parts, message) => followLedger(parts, ProjectMessage.parse(message)),
};

/** One at a time, as the host sees to it: a tick that finds the last one running is left out. */
function everyMinutes(schedule: Schedule, minutes: number, offset: number, work: () => Promise<unknown>): void {
  let isRunning = false;
  const period = minutes * minute;
  const tick = async (): Promise<void> => {
    if (isRunning) return;
    isRunning = true;
    await work().catch(() => undefined);
    isRunning = false;
  };
  const next = () => {
    const at = Math.floor((schedule.now() - offset) / period + 1) * period + offset;
    schedule.at(at, () => {
      void tick();
      next();
    });
  };
  next();
}

/** The simulated AKS: it moves by itself, tells of it by events, and notes what was begun and what ended. */
function createAks(schedule: Schedule, fleet: Fleet, options: FleetOptions) {
  const simulator = createSimulator({ fleet, now: () => Temporal.Instant.fromEpochMilliseconds(schedule.now()) });
  const regions = new Map(fleet.clusters.map(({ id, location }) => [id.toLowerCase(), location]));
  const meter = createArmMeter((id) => regions.get(id) ?? '');
  const seen = { startedAt: [] as number[], finishedAt: [] as number[] };
  let deliver: (event: unknown) => Promise<unknown> = async () => undefined;
  const move = createMotion(schedule, simulator, (event) => {
    if (event.eventType.endsWith('NodePoolRollingSucceeded')) seen.finishedAt.push(schedule.now());
    void deliver(event).catch(() => undefined);
  });
  const handle = async (request: ArmRequest): Promise<ArmResponse> => {
    await schedule.wait(armMs);
    const response = move(() => simulator.handle(request));
    meter.note(request.method, request.url, response.status);
    if (request.method === 'POST' && /upgradeNodeImageVersion/i.test(request.url) && response.status === 202) {
      seen.startedAt.push(schedule.now());
    }
    return response;
  };
  if (options.others > 0) comeBetween(schedule, fleet, options, simulator);
  const deliverTo = (to: typeof deliver): void => {
    deliver = to;
  };
  return { handle, meter, seen, deliverTo };
}

function createMotion(
  schedule: Schedule,
  simulator: Simulator,
  deliver: (event: ReturnType<Simulator['advance']>[number]) => void,
): <T>(act: () => T) => T {
  const advance = (): void => {
    for (const event of simulator.advance()) deliver(event);
  };
  const watch = createWatch(simulator, schedule, advance);
  watch();
  return (act) => {
    const result = act();
    advance();
    watch();
    return result;
  };
}

/** Somebody else's requests, in the bucket that starts need, of each subscription and region. */
function comeBetween(schedule: Schedule, fleet: Fleet, { others }: FleetOptions, simulator: Simulator): void {
  const one = new Map(fleet.clusters.map((cluster) => [`${cluster.id.split('/')[2]} ${cluster.location}`, cluster.id]));
  const ask = (): void => {
    for (const id of one.values()) {
      const url = `https://management.azure.com${id}/maintenanceConfigurations?api-version=2025-10-01`;
      simulator.handle({ method: 'GET', url, headers: { authorization: 'Bearer e30.e30.' } });
    }
    schedule.at(schedule.now() + 1000 / others, ask);
  };
  schedule.at(schedule.now(), ask);
}
