// The whole app on a hand-driven clock: real use cases, the real ARM adapter over the simulator, in-memory tables and
// queues. What is delivered, lost or failed is up to the test.
import { Temporal } from 'temporal-polyfill';
import type { ArmRequest, ArmResponse } from '../local/simulator/arm/armAnswer.ts';
import type { SimulatorEvent } from '../local/simulator/events/simulatorEvent.ts';
import { createHttpClient } from '../local/simulator/httpClient.ts';
import { createKubernetesSender } from '../local/simulator/kubernetes/sendKubernetes.ts';
import { createSimulator } from '../local/simulator/simulator.ts';
import type { Fleet } from '../local/simulator/world/armFleet.ts';
import { createArm } from '../shared/adapters/arm/arm.ts';
import { createArmClock } from '../shared/adapters/arm/armClock.ts';
import { createCapacity } from '../shared/adapters/arm/capacity.ts';
import { readEvent } from '../shared/adapters/eventGrid/eventGrid.ts';
import { createKubernetes } from '../shared/adapters/kubernetes/kubernetes.ts';
import { createMemoryDocuments } from '../shared/adapters/storage/memoryDocuments.ts';
import { createMemoryTables } from '../shared/adapters/storage/memoryTables.ts';
import { clusterKey } from '../shared/domain/cluster/clusterId.ts';
import { isRoll } from '../shared/domain/ledger/historyRow.ts';
import type { Entry } from '../shared/domain/ledger/ledger.ts';
import type { Notification } from '../shared/domain/notification/notification.ts';
import { isBefore } from '../shared/domain/text/stored.ts';
import type { Documents } from '../shared/ports/documents.ts';
import type { QueueName } from '../shared/ports/queues.ts';
import type { Tables } from '../shared/ports/tables.ts';
import type { Topic } from '../shared/ports/topic.ts';
import { readEntries } from '../shared/stores/ledgerStore.ts';
import { writePolicy } from '../shared/stores/policyStore.ts';
import { listAttempts } from '../shared/stores/starts/startsStore.ts';
import { listNodePools } from '../shared/usecases/ask/listNodePools.ts';
import type { Dependencies } from '../shared/usecases/dependencies.ts';
import { followAttempts } from '../shared/usecases/follow/followAttempts.ts';
import { checkPart } from '../shared/usecases/history/checkInParts.ts';
import { indexHistory } from '../shared/usecases/history/indexHistory.ts';
import { queryHistory } from '../shared/usecases/history/queryHistory.ts';
import {
  HistoryMessage,
  ObserveMessage,
  ProjectMessage,
  RefreshMessage,
  StartMessage,
} from '../shared/usecases/messages.ts';
import { confirmEvidence } from '../shared/usecases/observe/confirmEvidence.ts';
import { followLedger } from '../shared/usecases/observe/projectLedger.ts';
import { receiveEvent } from '../shared/usecases/observe/receiveEvent.ts';
import { recordObservation } from '../shared/usecases/observe/recordObservation.ts';
import { queueLater } from '../shared/usecases/plan/queueLater.ts';
import { refreshCluster } from '../shared/usecases/plan/refreshFacts.ts';
import { runPass } from '../shared/usecases/plan/runPass.ts';
import { startAttempt } from '../shared/usecases/start/startAttempt.ts';
import { credential } from './credential.ts';

type Message = { readonly queue: QueueName; readonly message: unknown; readonly visibleAt: Temporal.Instant };

type WorldOptions = {
  readonly fleet: Fleet;
  readonly start: string;
  readonly policy?: unknown;
  readonly subscriptions: readonly string[];
  readonly tables?: Tables;
  readonly digests?: Documents;
  /** `taking`: one that takes everything; see `told`. Absent: the app has none. */
  readonly topic?: Topic | 'taking' | undefined;
  /** False: nothing is asked for over HTTP. Then no function is imported, so that a host can still load them. */
  readonly isAsked?: false;
  /** Stands between the adapter and the simulator. */
  readonly intercept?: (request: ArmRequest, answer: () => ArmResponse) => ArmResponse;
};

/** Of decisions that only time, a person or an event changes. */
const quietReasons: ReadonlySet<string> = new Set([
  'upToDate',
  'outsideWindow',
  'alreadyStartedThisWindow',
  'held',
  'poolFailed',
  'ringWaiting',
  'approvalNeeded',
  'rolledBack',
  'imageBlocked',
  'noWindow',
  'notSelected',
]);

const unasked = { askAll: async () => {}, askDecided: async () => {} };

export async function createTestWorld(options: WorldOptions) {
  const { askAll, askDecided } = options.isAsked === false ? unasked : await import('./http/askWorld.ts');
  let now = Temporal.Instant.from(options.start);
  let ahead = 0;
  const clock = createArmClock({ now: () => now.add({ seconds: ahead }) });
  const simulator = createSimulator({ fleet: options.fleet, now: () => now });
  const requests: ArmRequest[] = [];
  const lines: string[] = [];
  const told: Notification[] = [];
  const taking: Topic = { publish: async (some) => void told.push(...some) };
  let messages: Message[] = [];
  const handle = (request: ArmRequest) => {
    requests.push(request);
    const answer = () => simulator.handle(request);
    return options.intercept ? options.intercept(request, answer) : answer();
  };
  const httpClient = createHttpClient(handle);
  const azure = { credential, endpoint: 'https://management.azure.com', httpClient, armClock: clock };
  const send = (queue: QueueName, message: unknown, delaySeconds = 0) => {
    // As a queue keeps it: text.
    const stored: unknown = JSON.parse(JSON.stringify(message));
    messages.push({ queue, message: stored, visibleAt: now.add({ seconds: delaySeconds }) });
  };
  const dependencies: Dependencies = {
    clock,
    arm: createArm(azure),
    capacity: createCapacity({ ...azure, clock }),
    kubernetes: createKubernetes({ ...azure, clock, send: createKubernetesSender(handle) }),
    tables: options.tables ?? createMemoryTables(),
    digests: options.digests ?? createMemoryDocuments(),
    queues: {
      countPoisoned: async () => 0,
      send: async (queue, message, delaySeconds) => send(queue, message, delaySeconds),
    },
    topic: options.topic === 'taking' ? taking : options.topic,
    log: { info: (line) => lines.push(line), warn: (line) => lines.push(line) },
    subscriptions: options.subscriptions,
    shareForOthers: 10,
    factsMinutes: 5,
    gapMinutes: 60,
  };
  await writePolicy(dependencies.tables, options.policy ?? { mode: 'enforce' });

  async function handleMessage({ queue, message }: Message): Promise<void> {
    switch (queue) {
      case 'observe-cluster':
        await recordObservation(dependencies, ObserveMessage.parse(message));
        break;
      case 'start-upgrade':
        await startAttempt(dependencies, StartMessage.parse(message));
        break;
      case 'refresh-facts':
        await refreshCluster(dependencies, RefreshMessage.parse(message));
        break;
      case 'project-cluster':
        await followLedger(dependencies, ProjectMessage.parse(message));
        break;
      case 'verify-history': {
        const asked = HistoryMessage.parse(message);
        await (asked.kind === 'check' ? checkPart(dependencies, asked) : indexHistory(dependencies, asked));
        break;
      }
    }
  }

  /** Handles every message that is visible, and those that they lead to. */
  async function drain(): Promise<void> {
    for (;;) {
      const next = messages.find(({ visibleAt }) => Temporal.Instant.compare(visibleAt, now) <= 0);
      if (!next) return;
      messages = messages.filter((message) => message !== next);
      await handleMessage(next);
    }
  }

  /** What onClusterEvent does with an event. */
  async function deliver(event: unknown): Promise<void> {
    await receiveEvent(dependencies, await readEvent(event), event);
  }

  async function plan(): Promise<void> {
    const pass = await runPass(dependencies);
    for (const message of pass.observe) send('observe-cluster', message);
    await queueLater(dependencies, pass);
    await drain();
  }

  async function pass(): Promise<void> {
    await plan();
    await askDecided(dependencies);
  }

  async function follow(): Promise<void> {
    await followAttempts(dependencies);
    await confirmEvidence(dependencies);
    await drain();
  }

  const advance = (duration: Temporal.DurationLike) => {
    now = now.add(duration);
    return simulator.advance();
  };

  /** Nothing is under way, and no decision can change, for half an hour. */
  async function isQuiet(): Promise<boolean> {
    if (messages.length > 0 || (await listAttempts(dependencies.tables)).length > 0) return false;
    const views = await listNodePools(dependencies, {});
    return (
      views.length > 0 &&
      views.every(({ decision: { reason, nextEligibleAt } }) => {
        const isLater =
          nextEligibleAt !== undefined && !isBefore(Temporal.Instant.from(nextEligibleAt), now.add({ minutes: 30 }));
        return quietReasons.has(reason) && (isLater || nextEligibleAt === undefined);
      })
    );
  }

  /** Lets time go by as in Azure: events at once, attempts followed every minute, a pass every five. Quiet hours are hurried. */
  async function run(minutes: number, filter: (event: SimulatorEvent) => boolean = () => true): Promise<void> {
    let stride = 1;
    for (let minute = 1; minute <= minutes; minute += stride) {
      const isHurried = minute % 30 === 1 && minutes - minute >= 29 && (await isQuiet());
      stride = isHurried ? 30 : 1;
      for (const event of advance({ minutes: stride }).filter(filter)) await deliver(event);
      await drain();
      await follow();
      if (isHurried || minute % 5 === 0) await plan();
    }
    await askAll(dependencies);
  }

  return {
    dependencies,
    simulator,
    lines,
    requests,
    /** What the topic that takes everything took, doubles included. */
    told,
    clock,
    /** The keeper's clock is so many seconds ahead of Azure's from now on. */
    setAhead: (seconds: number) => {
      ahead = seconds;
    },
    advance,
    deliver,
    drain,
    pass,
    follow,
    run,
    messages: () => messages,
    /** The requests that change something: a kubeconfig is asked for by POST too. */
    posts: () => requests.filter(({ method, url }) => method === 'POST' && !/\/listClusterUserCredential/i.test(url)),
    history: async () => (await queryHistory(dependencies, { limit: 1000 })).rows.filter(isRoll),
    /** A cluster's ledger, oldest first. */
    ledger: async (clusterId: string): Promise<readonly Entry[]> => {
      const entries: Entry[] = [];
      for await (const entry of readEntries(dependencies.tables, clusterKey(clusterId))) entries.unshift(entry);
      return entries;
    },
  };
}

export type TestWorld = Awaited<ReturnType<typeof createTestWorld>>;
