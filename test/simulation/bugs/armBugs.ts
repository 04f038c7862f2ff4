// Deliberate bugs in what the keeper asks of ARM, and in what it makes of the answers. Part of the list in bugs.ts.
import type { Cluster } from '../../../shared/domain/cluster/cluster.ts';
import type { Arm } from '../../../shared/ports/arm.ts';
import { keyOf } from '../record/keyOf.ts';
import type { Invocation } from '../record/record.ts';
import type { Transport } from '../world/aks/transport.ts';
import { type Bug, noBug } from './bug.ts';
import { both, type Change, during, on, wrong } from './wrap.ts';

type ClusterRead = Awaited<ReturnType<Arm['getCluster']>>;

function withPools(read: ClusterRead, to: (pool: Cluster['nodePools'][number]) => Cluster['nodePools'][number]) {
  return read && { ...read, cluster: { ...read.cluster, nodePools: read.cluster.nodePools.map(to) } };
}

/** The answer to a POST that did not come is asked for again, as the SDK does by itself. */
function retriesInTheSdk(honest: Transport): Transport {
  return async (invocation, request) => {
    for (let tried = 0; ; tried += 1) {
      try {
        const response = await honest(invocation, request);
        if (request.method !== 'POST' || response.status < 500 || tried >= 3) return response;
      } catch (error) {
        if (request.method !== 'POST' || tried >= 3) throw error;
      }
    }
  };
}

/** ARM first, and then the heads that its answer is compared with, in all that observes. */
const headAfterArm: Change = (honest, invocation) => {
  const { arm } = honest;
  const early = new Map<string, ClusterRead>();
  const change = both(
    on(
      'tables',
      'query',
      (query) =>
        async function* (table, key, range) {
          if (table === 'Ledger' && range?.from === 'head' && !early.has(key)) {
            early.set(key, await arm.getCluster(idOf(key)));
          }
          yield* query(table, key, range);
        },
    ),
    on('arm', 'getCluster', (read) => async (id) => {
      const answer = early.get(keyOf(id));
      return early.delete(keyOf(id)) ? answer : read(id);
    }),
  );
  return change(honest, invocation);
};

function idOf(key: string): string {
  const [subscription, resourceGroup, cluster] = key.split('|');
  return `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerService/managedClusters/${cluster}`;
}

/** What the last list of the run did not show is gone, whatever ARM would say of it. */
function goneWhenNotListed(): Change {
  const listed = new WeakMap<readonly string[], Set<string>>();
  return both(
    on('arm', 'listClusters', (list, { subscriptions }) => async (subscription) => {
      const clusters = await list(subscription);
      listed.set(subscriptions, new Set(clusters.map(({ id }) => keyOf(id))));
      return clusters;
    }),
    on('arm', 'getCluster', (read, { subscriptions }) => async (id) => {
      const last = listed.get(subscriptions);
      return last && !last.has(keyOf(id)) ? undefined : read(id);
    }),
  );
}

/** An event says that a roll succeeded: then the pool is on the latest image. */
const trustsHints = during(
  ['observeCluster'],
  on('arm', 'getCluster', (read, { arm }, { message }: Invocation) => async (id) => {
    const { hint } = (message ?? {}) as { readonly hint?: { readonly kind: string; readonly nodePool: string } };
    const found = await read(id);
    if (!found || hint?.kind !== 'rollSucceeded') return found;
    const { latest } = await arm.getUpgradeProfile(id, hint.nodePool);
    return withPools(found, (pool) =>
      pool.name === hint.nodePool && latest
        ? { ...pool, nodeImageVersion: latest, provisioningState: 'Succeeded' }
        : pool,
    );
  }),
);

const unclearIsRefused = on('arm', 'startNodeImageUpgrade', (start) => async (...pool) => {
  const answer = await start(...pool);
  const { message } = answer.kind === 'accepted' ? { message: '' } : answer;
  return answer.kind === 'unclear' ? { kind: 'refused', status: 500, code: 'Unclear', message } : answer;
});

export const armBugs: readonly Bug[] = [
  { ...noBug, name: 'SDK retries left on', transport: retriesInTheSdk },
  wrong('head read after ARM', during(['observeCluster', 'followUpgrades', 'weeklyCheck'], headAfterArm)),
  wrong('unclear treated as refused', unclearIsRefused),
  wrong(
    'eTag ignored for notStarted',
    on('arm', 'getCluster', (read) => async (id) => withPools(await read(id), (pool) => ({ ...pool, eTag: 'same' }))),
  ),
  wrong('not listed taken as gone', goneWhenNotListed()),
  wrong('hint trusted without a read', trustsHints),
];
