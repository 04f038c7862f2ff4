// Ports that make the keeper behave as if it had a bug. Used by bugs.ts.
import type { Temporal } from 'temporal-polyfill';
import type { Arm } from '../../../shared/ports/arm.ts';
import type { RowChange, Tables } from '../../../shared/ports/tables.ts';
import type { Dependencies } from '../../../shared/usecases/dependencies.ts';
import type { Invocation } from '../record/record.ts';
import type { Transport } from '../world/transport.ts';
import { keyOf } from '../world/truth.ts';

/** The intent is written when ARM has answered. */
export function intentAfterRequest(honest: Dependencies): Dependencies {
  let postponed: (() => Promise<unknown>) | undefined;
  const { arm, tables } = honest;
  return {
    ...honest,
    tables: {
      ...tables,
      write: async (table, partition, changes) => {
        if (table !== 'Starts' || changes[0]?.kind !== 'insert') return tables.write(table, partition, changes);
        postponed = () => tables.write(table, partition, changes);
        return 'written';
      },
    },
    arm: {
      ...arm,
      startNodeImageUpgrade: async (...pool) => {
        const answer = await arm.startNodeImageUpgrade(...pool);
        await postponed?.();
        return answer;
      },
    },
  };
}

/** The intent does not fail where there is one. */
export function secondIntentOverTheFirst(honest: Dependencies): Dependencies {
  return {
    ...honest,
    tables: writing(honest.tables, 'Starts', (change) => (change.kind === 'insert' ? upsert(change) : change)),
  };
}

/**
 * A starter's second look at what others were told finds nothing: neither a verdict on its pool nor a closed budget. Each
 * message comes twice: otherwise two starters of a pool seldom meet so.
 */
export function looksOnceForRefusals(honest: Dependencies, { name, message }: Invocation): Dependencies {
  if (name !== 'startUpgrade') return honest;
  const { arm, tables, queues } = honest;
  let isClaimed = false;
  const doubled = { ...(message as object), isDouble: true };
  if (!(message as { isDouble?: true }).isDouble) void queues.send('start-upgrade', doubled, 0).catch(() => undefined);
  return {
    ...honest,
    tables: {
      ...tables,
      get: async (table, partition, rowKey) => {
        const row = await tables.get(table, partition, rowKey);
        return isClaimed && table === 'Facts' ? undefined : row;
      },
      write: async (table, partition, changes) => {
        const written = await tables.write(table, partition, changes);
        isClaimed ||= table === 'Starts' && changes[0]?.kind === 'insert' && written === 'written';
        return written;
      },
    },
    arm: {
      ...arm,
      startNodeImageUpgrade: (...pool) => {
        isClaimed = false;
        return arm.startNodeImageUpgrade(...pool);
      },
    },
  };
}

/** Whoever comes last writes, whatever was written since he read. */
export function ledgerWithoutETags(honest: Dependencies): Dependencies {
  return {
    ...honest,
    tables: writing(honest.tables, 'Ledger', (change) => (change.kind === 'delete' ? change : upsert(change))),
  };
}

/** A history row is a new row each time that it is projected. */
export function projectsTwice(honest: Dependencies, { id }: Invocation): Dependencies {
  return {
    ...honest,
    tables: writing(honest.tables, 'Views', (change) =>
      (change.kind === 'insert' || change.kind === 'upsert') && (change.value as { hash?: string }).hash
        ? { ...change, rowKey: `${change.rowKey}|${id}` }
        : change,
    ),
  };
}

function upsert({ rowKey, ...change }: RowChange): RowChange {
  return { kind: 'upsert', rowKey, value: 'value' in change ? change.value : undefined };
}

function writing(tables: Tables, name: string, to: (change: RowChange) => RowChange): Tables {
  return {
    ...tables,
    write: (table, partition, changes) => tables.write(table, partition, table === name ? changes.map(to) : changes),
  };
}

/** The answer to a POST that did not come is asked for again, as the SDK does by itself. */
export function retriesInTheSdk(honest: Transport): Transport {
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
export function headAfterArm(honest: Dependencies, { name }: Invocation): Dependencies {
  const { arm, tables } = honest;
  if (name !== 'observeCluster' && name !== 'followUpgrades' && name !== 'weeklyCheck') return honest;
  const early = new Map<string, Awaited<ReturnType<Arm['getCluster']>>>();
  return {
    ...honest,
    tables: {
      ...tables,
      query: async function* (table, ...rest) {
        const [key, range] = rest;
        if (table === 'Ledger' && range?.from === 'head' && !early.has(key)) {
          early.set(key, await arm.getCluster(idOf(key)));
        }
        yield* tables.query(table, ...rest);
      },
    },
    arm: {
      ...arm,
      getCluster: async (id) => {
        const answer = early.get(keyOf(id));
        return early.delete(keyOf(id)) ? answer : arm.getCluster(id);
      },
    },
  };
}

function idOf(key: string): string {
  const [subscription, resourceGroup, cluster] = key.split('|');
  return `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerService/managedClusters/${cluster}`;
}

/** When a subscription was last listed stays as it was long ago. */
export function neverNotesLists(honest: Dependencies): Dependencies {
  const longAgo = (value: unknown) => ({ ...(value as object), listedAt: '2026-09-01T00:00:00Z' });
  const isPass = (change: RowChange) => change.kind === 'upsert' && Object.hasOwn(change.value as object, 'listedAt');
  return {
    ...honest,
    tables: writing(honest.tables, 'Facts', (change) =>
      change.kind === 'upsert' && isPass(change) ? { ...change, value: longAgo(change.value) } : change,
    ),
  };
}

/** What would make good a crash between the ledger and its views is not sent. */
export function neverProjectsLater(honest: Dependencies): Dependencies {
  const { queues } = honest;
  return {
    ...honest,
    queues: { send: async (queue, ...rest) => (queue === 'project-cluster' ? undefined : queues.send(queue, ...rest)) },
  };
}

/** The time at which an invocation began is its time to the end. */
export function oneReadOfTheClock(honest: Dependencies): Dependencies {
  let first: Temporal.Instant | undefined;
  return { ...honest, clock: { now: () => (first ??= honest.clock.now()) } };
}

/** A starter takes the window that some instance read once, for as long as there is one. */
export function readsFactsFromStorage(): (honest: Dependencies, invocation: Invocation) => Dependencies {
  return (honest, { name }) => {
    const { arm, tables } = honest;
    if (name !== 'startUpgrade') return honest;
    return {
      ...honest,
      arm: {
        ...arm,
        getMaintenanceWindow: async (clusterId) => {
          const key = keyOf(clusterId);
          const row = await tables.get('Facts', key.split('|')[0] ?? '', `facts|${key}`);
          const { window } = (row?.value ?? {}) as { window?: { value?: { maintenanceWindow?: unknown } } };
          return window?.value?.maintenanceWindow ?? arm.getMaintenanceWindow(clusterId);
        },
      },
    };
  };
}

/** No answer is taken for a no. */
export function unclearIsRefused(honest: Dependencies): Dependencies {
  const { arm } = honest;
  return {
    ...honest,
    arm: {
      ...arm,
      startNodeImageUpgrade: async (...pool) => {
        const answer = await arm.startNodeImageUpgrade(...pool);
        return answer.kind === 'unclear'
          ? { kind: 'refused', status: 500, code: 'Unclear', message: answer.message }
          : answer;
      },
    },
  };
}

/** A pool that did not move looks as if nothing had ever been asked of it. */
export function eTagsNeverChange(honest: Dependencies): Dependencies {
  const { arm } = honest;
  return {
    ...honest,
    arm: {
      ...arm,
      getCluster: async (id) => {
        const read = await arm.getCluster(id);
        const nodePools = read?.cluster.nodePools.map((pool) => ({ ...pool, eTag: 'same' }));
        return read && nodePools && { ...read, cluster: { ...read.cluster, nodePools } };
      },
    },
  };
}

/** What the last list did not show is gone, whatever ARM would say of it. */
export function goneWhenNotListed(): (honest: Dependencies) => Dependencies {
  const listed = new WeakMap<readonly string[], Set<string>>();
  return (honest) => {
    const { arm, subscriptions } = honest;
    return {
      ...honest,
      arm: {
        ...arm,
        listClusters: async (subscription) => {
          const clusters = await arm.listClusters(subscription);
          listed.set(subscriptions, new Set(clusters.map(({ id }) => keyOf(id))));
          return clusters;
        },
        getCluster: async (id) => {
          const last = listed.get(subscriptions);
          return last && !last.has(keyOf(id)) ? undefined : arm.getCluster(id);
        },
      },
    };
  };
}

/** An event says that a roll succeeded: then the pool is on the latest image. */
export function trustsHints(honest: Dependencies, { name, message }: Invocation): Dependencies {
  const { arm } = honest;
  const { hint } = (message ?? {}) as { readonly hint?: { readonly kind: string; readonly nodePool: string } };
  if (name !== 'observeCluster' || hint?.kind !== 'rollSucceeded') return honest;
  return {
    ...honest,
    arm: {
      ...arm,
      getCluster: async (id) => {
        const read = await arm.getCluster(id);
        if (!read) return undefined;
        const latest = await arm.getLatestNodeImage(id, hint.nodePool);
        const nodePools = read.cluster.nodePools.map((pool) =>
          pool.name === hint.nodePool && latest
            ? { ...pool, nodeImageVersion: latest, provisioningState: 'Succeeded' }
            : pool,
        );
        return { ...read, cluster: { ...read.cluster, nodePools } };
      },
    },
  };
}

/** What the newest instance runs, all are taken to run. */
export function allInstancesAlike(honest: Dependencies): Dependencies {
  const { capacity } = honest;
  return {
    ...honest,
    capacity: {
      ...capacity,
      listInstances: async (...question) => {
        const found = await capacity.listInstances(...question);
        const image = found
          .map((instance) => instance.image ?? '')
          .toSorted()
          .at(-1);
        return found.map((instance) => ({ ...instance, image }));
      },
    },
  };
}
