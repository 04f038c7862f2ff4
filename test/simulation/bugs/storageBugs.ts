// Deliberate bugs in what the keeper writes and reads of its storage, and in its clock and queue. Part of the list in bugs.ts.
import type { Temporal } from 'temporal-polyfill';
import type { RowChange } from '../../../shared/ports/tables.ts';
import { keyOf } from '../record/keyOf.ts';
import type { Bug } from './bug.ts';
import { both, type Change, during, on, writing, wrong } from './wrap.ts';

function upsert({ rowKey, ...change }: RowChange): RowChange {
  return { kind: 'upsert', rowKey, value: 'value' in change ? change.value : undefined };
}

const intentAfterRequest: Change = (honest, invocation) => {
  let postponed: (() => Promise<unknown>) | undefined;
  const change = both(
    on('tables', 'write', (write) => async (table, partition, changes) => {
      if (table !== 'Starts' || changes[0]?.kind !== 'insert') return write(table, partition, changes);
      postponed = () => write(table, partition, changes);
      return 'written';
    }),
    on('arm', 'startNodeImageUpgrade', (start) => async (...pool) => {
      const answer = await start(...pool);
      await postponed?.();
      return answer;
    }),
  );
  return change(honest, invocation);
};

/**
 * A starter's second look at what others were told finds nothing: neither a verdict on its pool nor a closed budget. Each
 * message comes twice: otherwise two starters of a pool seldom meet so.
 */
const looksOnceForRefusals = during(['startUpgrade'], (honest, invocation) => {
  const message = invocation.message as { readonly isDouble?: true } | undefined;
  if (message && !message.isDouble) {
    void honest.queues.send('start-upgrade', { ...message, isDouble: true }, 0).catch(() => undefined);
  }
  let isClaimed = false;
  const change = both(
    on('tables', 'get', (get) => async (table, ...key) => {
      const row = await get(table, ...key);
      return isClaimed && table === 'Facts' ? undefined : row;
    }),
    on('tables', 'write', (write) => async (table, partition, changes) => {
      const written = await write(table, partition, changes);
      isClaimed ||= table === 'Starts' && changes[0]?.kind === 'insert' && written === 'written';
      return written;
    }),
    on('arm', 'startNodeImageUpgrade', (start) => (...pool) => {
      isClaimed = false;
      return start(...pool);
    }),
  );
  return change(honest, invocation);
});

/** A history row is a new row each time that it is projected. */
const projectsTwice = writing('Views', (change, { id }) =>
  (change.kind === 'insert' || change.kind === 'upsert') && (change.value as { hash?: string }).hash
    ? { ...change, rowKey: `${change.rowKey}|${id}` }
    : change,
);

/** When a subscription was last listed stays as it was long ago. */
const neverNotesLists = writing('Facts', (change) =>
  change.kind === 'upsert' && Object.hasOwn(change.value as object, 'listedAt')
    ? { ...change, value: { ...(change.value as object), listedAt: '2026-09-01T00:00:00Z' } }
    : change,
);

/** The time at which an invocation began is its time to the end. */
const oneReadOfTheClock = on('clock', 'now', (now) => {
  let first: Temporal.Instant | undefined;
  return () => (first ??= now());
});

/** A starter takes the window that some instance read once, for as long as there is one. */
const startsOnStoredFacts = during(
  ['startUpgrade'],
  on('arm', 'listMaintenanceConfigurations', (read, { tables }) => async (clusterId) => {
    const key = keyOf(clusterId);
    const row = await tables.get('Facts', key.split('|')[0] ?? '', `facts|${key}`);
    const { window } = (row?.value ?? {}) as { window?: { value?: { maintenanceWindow?: unknown } } };
    const maintenanceWindow = window?.value?.maintenanceWindow;
    return maintenanceWindow ? [{ name: 'aksManagedNodeOSUpgradeSchedule', maintenanceWindow }] : read(clusterId);
  }),
);

/** What ARM installed is taken for what the attempt was made for. */
const neverNotesDrift: Change = (honest, invocation) => {
  const images = new Map<string, string | undefined>();
  const change = both(
    on('arm', 'getCluster', (read) => async (id) => {
      const found = await read(id);
      for (const pool of found?.cluster.nodePools ?? []) images.set(pool.name, pool.nodeImageVersion);
      return found;
    }),
    on('tables', 'get', (get) => async (table, ...key) => {
      const row = await get(table, ...key);
      const { nodePool = '', from } = (row?.value ?? {}) as { readonly nodePool?: string; readonly from?: string };
      const image = table === 'Starts' ? images.get(nodePool) : undefined;
      const isOther = image !== undefined && image !== from;
      return row && isOther ? { ...row, value: { ...(row.value as object), to: image } } : row;
    }),
  );
  return change(honest, invocation);
};

export const storageBugs: readonly Bug[] = [
  wrong('intent after the request', intentAfterRequest),
  wrong(
    'a second intent over the first',
    writing('Starts', (change) => (change.kind === 'insert' ? upsert(change) : change)),
  ),
  wrong(
    'ledger written without ETags',
    writing('Ledger', (change) => (change.kind === 'delete' ? change : upsert(change))),
  ),
  wrong('refusals looked for before the intent alone', looksOnceForRefusals),
  wrong('history rows not deduplicated', projectsTwice),
  wrong(
    'projection message not sent',
    on('queues', 'send', (send) => async (queue, ...rest) => {
      if (queue !== 'project-cluster') await send(queue, ...rest);
    }),
  ),
  wrong('no second read of the clock', oneReadOfTheClock),
  wrong('starts on stored facts', startsOnStoredFacts),
  wrong('gaps in observation not told', (honest) => ({ ...honest, gapMinutes: 1_000_000 })),
  wrong('short pauses told as gaps', (honest) => ({ ...honest, gapMinutes: 1 })),
  wrong('a list not noted, so that gaps grow', neverNotesLists),
  wrong('drift not noted', neverNotesDrift),
];
