// The functions of the app as the host calls them: the use cases between a message and the messages that follow from it.
// Used by run.ts. What is in functions/ for Azure is here for the simulation.
import type { ReceivedEvent } from '../../../shared/ports/events.ts';
import type { QueueName } from '../../../shared/ports/queues.ts';
import type { Dependencies } from '../../../shared/usecases/dependencies.ts';
import { followUpgrades } from '../../../shared/usecases/follow/followUpgrades.ts';
import { ObserveMessage, ProjectMessage, StartMessage } from '../../../shared/usecases/messages.ts';
import { observeCluster } from '../../../shared/usecases/observe/observeCluster.ts';
import { followLedger } from '../../../shared/usecases/observe/projectCluster.ts';
import { receiveEvent } from '../../../shared/usecases/observe/receiveEvent.ts';
import { planUpgrades } from '../../../shared/usecases/plan/planUpgrades.ts';
import { checkWeekly } from '../../../shared/usecases/report/checkWeekly.ts';
import { startUpgrade } from '../../../shared/usecases/start/startUpgrade.ts';
import type { FunctionName, Invocation } from '../record/record.ts';
import type { Output, Work } from './functionsHost.ts';

type Own = Dependencies & { readonly release: () => void };

export function functionsOf(
  dependenciesOf: (invocation: Invocation) => Own,
  readEvent: (raw: unknown) => Promise<ReceivedEvent>,
) {
  const work =
    (body: (dependencies: Own, invocation: Invocation) => Promise<readonly Output[]>): Work =>
    async (invocation) => {
      const dependencies = dependenciesOf(invocation);
      try {
        return await body(dependencies, invocation);
      } finally {
        // Not reached by an invocation that is lost: its adapter may still wait for an answer.
        dependencies.release();
      }
    };
  const nothing: readonly Output[] = [];
  const toQueue = (queue: QueueName, messages: readonly unknown[]): readonly Output[] =>
    messages.map((message) => ({ queue, message }));

  const handlers: Record<
    QueueName | 'event',
    { readonly name: FunctionName; readonly work: (message: unknown) => Work }
  > = {
    event: {
      name: 'onClusterEvent',
      work: (event) =>
        work(async (own) => {
          const message = await receiveEvent(own, await readEvent(event), event);
          return message ? toQueue('observe-cluster', [message]) : nothing;
        }),
    },
    'observe-cluster': {
      name: 'observeCluster',
      work: (message) =>
        work(async (own) => {
          await observeCluster(own, ObserveMessage.parse(message));
          return nothing;
        }),
    },
    'start-upgrade': {
      name: 'startUpgrade',
      work: (message) =>
        work(async (own) => {
          await startUpgrade(own, StartMessage.parse(message));
          return nothing;
        }),
    },
    'project-cluster': {
      name: 'projectCluster',
      work: (message) =>
        work(async (own) => {
          await followLedger(own, ProjectMessage.parse(message));
          return nothing;
        }),
    },
  };

  return {
    handle: (queue: QueueName | 'event', message: unknown) => ({
      name: handlers[queue].name,
      work: handlers[queue].work(message),
    }),
    plan: work(async (own, invocation) => {
      const { observe, start } = await planUpgrades(own);
      invocation.asked = start.map(({ clusterId }) => clusterId);
      return [...toQueue('observe-cluster', observe), ...toQueue('start-upgrade', start)];
    }),
    follow: work(async (own) => {
      await followUpgrades(own);
      return nothing;
    }),
    weekly: work(async (own) => toQueue('observe-cluster', await checkWeekly(own))),
  };
}
