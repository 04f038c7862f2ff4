// Ports that make the keeper read or write what concerns policy, holds, approvals and rings wrongly. Used by ringBugs.ts.
import type { Row, Tables } from '../../../shared/ports/tables.ts';
import { readApprovals, revokeApproval } from '../../../shared/stores/approvalsStore.ts';
import type { Dependencies } from '../../../shared/usecases/dependencies.ts';
import type { Invocation } from '../record/record.ts';

type Query = Tables['query'];

/** Tables whose queries go through `change`. */
function querying(
  honest: Dependencies,
  change: (query: Query, ...of: Parameters<Query>) => ReturnType<Query>,
): Dependencies {
  const { tables } = honest;
  return { ...honest, tables: { ...tables, query: (...of) => change(tables.query, ...of) } };
}

async function* mapped(rows: AsyncIterable<Row>, map: (row: Row) => Row | undefined): AsyncGenerator<Row> {
  for await (const row of rows) {
    const changed = map(row);
    if (changed) yield changed;
  }
}

/** What was revoked is still there to be read. As a starter looks, somebody revokes everything: otherwise that is rare. */
export function countsRevokedApprovals(honest: Dependencies, { name }: Invocation): Dependencies {
  const { tables, clock } = honest;
  return querying(honest, async function* (query, table, partition, range) {
    const isApprovals = table === 'Policy' && partition === 'approvals';
    for (const { id } of isApprovals && name === 'startUpgrade' ? await readApprovals(tables) : []) {
      await revokeApproval(tables, id, { at: clock.now(), by: 'bob' });
    }
    for await (const row of query(table, partition, range)) {
      const { revokedAt: _at, revokedBy: _by, ...value } = row.value as Record<string, unknown>;
      yield isApprovals ? { ...row, rowKey: `active|${String(value['id'])}`, value } : row;
    }
  });
}

/** A starter that looks at holds, and sees none. */
export function ignoresHoldsAtTheStart(honest: Dependencies, { name }: Invocation): Dependencies {
  if (name !== 'startUpgrade') return honest;
  return querying(honest, (query, table, partition, range) =>
    mapped(query(table, partition, range), (row) => (table === 'Policy' && partition === 'holds' ? undefined : row)),
  );
}

/** Lifted holds leave nothing behind. */
export function forgetsLiftedHolds(honest: Dependencies): Dependencies {
  return querying(honest, (query, table, partition, range) =>
    mapped(query(table, partition, range), (row) =>
      table === 'Policy' && partition === 'holds' && row.rowKey.startsWith('lifted|') ? undefined : row,
    ),
  );
}

/** A starter reads all of the table Policy before it does anything else. */
export function readsPolicyFirst(honest: Dependencies, { name }: Invocation): Dependencies {
  if (name !== 'startUpgrade') return honest;
  const { tables, clock } = honest;
  type Early = { readonly rows: ReadonlyMap<string, readonly Row[]>; readonly current: Row | undefined };
  let early: Promise<Early> | undefined;
  const read = async (): Promise<Early> => {
    const rows = new Map<string, readonly Row[]>();
    for (const partition of ['holds', 'approvals']) {
      const range = { from: 'active|', ...(partition === 'approvals' && { to: 'revoked|' }) };
      const found: Row[] = [];
      for await (const row of tables.query('Policy', partition, range)) found.push(row);
      rows.set(partition, found);
    }
    return { rows, current: await tables.get('Policy', 'policy', 'current') };
  };
  const first = () => (early ??= read());
  return {
    ...honest,
    clock: {
      now: () => {
        void first().catch(() => undefined);
        return clock.now();
      },
    },
    tables: {
      ...tables,
      get: async (table, ...key) => (table === 'Policy' ? (await first()).current : tables.get(table, ...key)),
      query: async function* (table, partition, range) {
        const known = table === 'Policy' ? (await first()).rows.get(partition) : undefined;
        if (known) yield* known;
        else yield* tables.query(table, partition, range);
      },
    },
  };
}

/** The hold that failures ask for is not written. */
export function neverHoldsForFailures(honest: Dependencies): Dependencies {
  const { tables } = honest;
  return {
    ...honest,
    tables: {
      ...tables,
      write: async (table, partition, changes) => {
        const isDue = changes.some((change) => 'value' in change && (change.value as { failures?: unknown }).failures);
        return table === 'Policy' && isDue ? 'written' : tables.write(table, partition, changes);
      },
    },
  };
}

/** A pass that knows no limits of rings, so that starters of one ring meet. */
export function asksForAll(honest: Dependencies, { name }: Invocation): Dependencies {
  if (name !== 'planUpgrades') return honest;
  const { tables } = honest;
  return {
    ...honest,
    tables: {
      ...tables,
      get: async (table, partition, rowKey) => {
        const row = await tables.get(table, partition, rowKey);
        if (!row || table !== 'Policy' || rowKey !== 'current') return row;
        const json = JSON.stringify(row.value, (key, value: unknown) => (key === 'concurrency' ? undefined : value));
        return { ...row, value: JSON.parse(json) as unknown };
      },
    },
  };
}

/** An attempt is claimed whatever others of its ring are in flight. */
export function guardsNoRing(honest: Dependencies): Dependencies {
  const { tables } = honest;
  let isCounting = false;
  return {
    ...honest,
    tables: {
      ...tables,
      get: (table, partition, rowKey) => {
        if (table !== 'Starts' || !rowKey.startsWith('ring|')) return tables.get(table, partition, rowKey);
        isCounting = true;
        return Promise.resolve(undefined);
      },
      query: async function* (...of) {
        if (isCounting && of[0] === 'Starts') isCounting = false;
        else yield* tables.query(...of);
      },
      write: (table, partition, changes) =>
        tables.write(
          table,
          partition,
          changes.filter(({ rowKey }) => table !== 'Starts' || !rowKey.startsWith('ring|')),
        ),
    },
  };
}

/** What ARM installed is taken for what the attempt was made for. */
export function neverNotesDrift(honest: Dependencies): Dependencies {
  const { arm, tables } = honest;
  const images = new Map<string, string | undefined>();
  return {
    ...honest,
    arm: {
      ...arm,
      getCluster: async (id) => {
        const read = await arm.getCluster(id);
        for (const pool of read?.cluster.nodePools ?? []) images.set(pool.name, pool.nodeImageVersion);
        return read;
      },
    },
    tables: {
      ...tables,
      get: async (table, ...key) => {
        const row = await tables.get(table, ...key);
        const { nodePool = '', from } = (row?.value ?? {}) as { readonly nodePool?: string; readonly from?: string };
        const image = table === 'Starts' ? images.get(nodePool) : undefined;
        return row && image !== undefined && image !== from
          ? { ...row, value: { ...(row.value as object), to: image } }
          : row;
      },
    },
  };
}
