// The functions of the app as the host calls them: the use cases between a message and the messages that follow from it.
// Used by createWorld.ts. What is in functions/ for Azure is here for the simulation.
import type { QueueName } from '../../../../shared/ports/queues.ts';
import { checkPart } from '../../../../shared/usecases/history/checkInParts.ts';
import { indexHistory } from '../../../../shared/usecases/history/indexHistory.ts';
import { HistoryMessage, RefreshMessage } from '../../../../shared/usecases/messages.ts';
import { queueLater } from '../../../../shared/usecases/plan/queueLater.ts';
import { refreshCluster } from '../../../../shared/usecases/plan/refreshFacts.ts';
import type { FunctionName, Invocation } from '../../record/record.ts';
import type { Own } from './dependencies.ts';

/** What a function returns: the host sends it when the function has ended. */
export type Output = { readonly queue: QueueName; readonly message: unknown };
export type Work = (invocation: Invocation) => Promise<readonly Output[]>;
/** What a function does with a message of a queue, or with an event. */
export type Handle = (
  source: QueueName | 'event',
  message: unknown,
) => { readonly name: FunctionName; readonly work: Work };
export type Functions = {
  readonly handle: Handle;
  readonly plan: Work;
  readonly follow: Work;
  readonly weekly: Work;
};

export function functionsOf(dependenciesOf: (invocation: Invocation) => Own): Functions {
  const work =
    (body: (own: Own, invocation: Invocation) => Promise<readonly Output[]>): Work =>
    async (invocation) => {
      const own = dependenciesOf(invocation);
      try {
        return await own.within(() => body(own, invocation));
      } finally {
        // Not reached by an invocation that is lost: its adapter may still wait for an answer.
        own.release();
      }
    };
  return {
    handle: (source, message) => ({
      name: names[source],
      work: work((own) => handlers[source](own, message)),
    }),
    plan: work(async (own, invocation) => {
      const pass = await own.code.runPass(own);
      invocation.asked = pass.start.map(({ clusterId }) => clusterId);
      await queueLater(own, pass);
      return toQueue('observe-cluster', pass.observe);
    }),
    follow: work(async (own) => {
      try {
        await own.code.followAttempts(own);
      } finally {
        await own.code.confirmEvidence(own);
      }
      return nothing;
    }),
    weekly: work(async (own) => toQueue('observe-cluster', await own.code.checkWeekly(own))),
  };
}

const nothing: readonly Output[] = [];
const toQueue = (queue: QueueName, messages: readonly unknown[]): readonly Output[] =>
  messages.map((message) => ({ queue, message }));

const names: Readonly<Record<QueueName | 'event', FunctionName>> = {
  event: 'onClusterEvent',
  'observe-cluster': 'observeCluster',
  'start-upgrade': 'startUpgrade',
  'refresh-facts': 'readFacts',
  'project-cluster': 'projectCluster',
  'verify-history': 'verifyClusters',
};

const handlers: Readonly<Record<QueueName | 'event', (own: Own, message: unknown) => Promise<readonly Output[]>>> = {
  event: async (own, event) => {
    // Earlier code, which may run beside, gives its message to the host.
    const message: unknown = await own.code.receiveEvent(own, await own.code.readEvent(event), event);
    return message ? toQueue('observe-cluster', [message]) : nothing;
  },
  'observe-cluster': async (own, message) => {
    await own.code.recordObservation(own, own.code.ObserveMessage.parse(message));
    return nothing;
  },
  'start-upgrade': async (own, message) => {
    await own.code.startAttempt(own, own.code.StartMessage.parse(message));
    return nothing;
  },
  'project-cluster': async (own, message) => {
    await own.code.followLedger(own, own.code.ProjectMessage.parse(message));
    return nothing;
  },
  // These two of the code of now alone: older code has no such queue.
  'refresh-facts': async (own, message) => {
    await refreshCluster(own, RefreshMessage.parse(message));
    return nothing;
  },
  'verify-history': async (own, message) => {
    const asked = HistoryMessage.parse(message);
    await (asked.kind === 'check' ? checkPart(own, asked) : indexHistory(own, asked));
    return nothing;
  },
};
