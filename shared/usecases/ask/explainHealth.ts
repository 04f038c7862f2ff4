// How the keeper does, for those who run it: what the log said long ago still stands here. Called by getHealthDetails.
import { clusterKey } from '../../domain/cluster/clusterId.ts';
import { noPolicy } from '../../domain/policy/policy.ts';
import { messageOf } from '../../domain/text/messageOf.ts';
import { queueNames } from '../../ports/queues.ts';
import { readFleetFacts } from '../../stores/factsStore.ts';
import { readHeadsOrProblem } from '../../stores/ledgerStore.ts';
import { readNotificationRows } from '../../stores/notificationsStore.ts';
import { readPolicy } from '../../stores/policyStore.ts';
import { approvals } from '../../stores/standingStore.ts';
import { readStarts } from '../../stores/starts/startsStore.ts';
import { readLastCheck } from '../../stores/views/checkStore.ts';
import { clustersOf } from '../../stores/views/decisionsStore.ts';
import type { Dependencies } from '../dependencies.ts';
import { inParallel } from '../inParallel.ts';
import { judgePass } from './checkHealth.ts';
import { listNodePools } from './listNodePools.ts';

const maxTold = 50;

/** What can't be told says why: nothing here fails as a whole. */
export async function explainHealth(parts: Dependencies) {
  const { tables, subscriptions, queues, clock } = parts;
  const now = clock.now();
  const passes = await Promise.all(
    subscriptions.map(async (subscription) => {
      const { pass, problem } = await judgePass(tables, subscription, now);
      return {
        subscription,
        at: pass?.at.toString(),
        listedAt: pass?.listedAt?.toString(),
        clusters: pass?.clusters,
        problem: problem ?? pass?.problem,
      };
    }),
  );
  const poisoned = await Promise.all(
    queueNames.map(async (queue) => {
      const { value, problem } = await orWhy(() => queues.countPoisoned(queue));
      return { queue, messages: value, problem };
    }),
  );
  const { value: last, problem } = await orWhy(() => readLastCheck(tables));
  const record = { checkedAt: last?.checkedAt.toString(), broken: last?.broken, problem };
  return { passes, poisoned, record, unreadable: await listUnreadable(parts) };
}

/** Rows of the keeper's own tables that decide something and can't be read, each as a sentence; the first of them. */
async function listUnreadable(parts: Dependencies) {
  const { tables, subscriptions } = parts;
  const reads: readonly (() => Promise<readonly (string | undefined)[]>)[] = [
    async () => [(await readPolicy(tables)).problem].filter((problem) => problem !== noPolicy.problem),
    async () =>
      (await approvals.readAll(tables)).unreadable.map(
        (rowKey) => `Row "${rowKey}" of partition "approvals" in the table Policy is no approval`,
      ),
    async () => (await readStarts(tables)).unread.map(({ problem }) => problem),
    async () => (await readFleetFacts(tables, subscriptions)).unreadable,
    ...['fleet', ...subscriptions].map(
      (partition) => async () => (await readNotificationRows(tables, partition)).unreadable,
    ),
    async () => {
      const clusters = clustersOf(await listNodePools(parts, {}));
      const heads = await inParallel(clusters, 16, ({ id }) => readHeadsOrProblem(tables, clusterKey(id)));
      return [...clusters.map(({ unread }) => unread), ...heads.map(({ problem }) => problem)];
    },
  ];
  const found = await Promise.all(
    reads.map(async (read) => {
      const { value = [], problem } = await orWhy(read);
      return [...value, problem];
    }),
  );
  const told = found.flat().filter((problem) => problem !== undefined);
  return { count: told.length, first: told.slice(0, maxTold) };
}

async function orWhy<T>(read: () => Promise<T>): Promise<{ readonly value?: T; readonly problem?: string }> {
  try {
    return { value: await read() };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}
