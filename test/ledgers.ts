// Ledgers in storage, made of entries that tests choose: as the app writes and projects them. Used by test/.
import { Temporal } from 'temporal-polyfill';
import { clusterKey } from '../shared/domain/cluster/clusterId.ts';
import { chainEntries } from '../shared/domain/ledger/chain.ts';
import type { Entry, EntryBody } from '../shared/domain/ledger/ledger.ts';
import type { Tables } from '../shared/ports/tables.ts';
import { append, readHeads } from '../shared/stores/ledgerStore.ts';
import { projectLedger } from '../shared/usecases/observe/projectLedger.ts';

const recordedAt = Temporal.Instant.from('2026-11-20T00:00:00Z');

/** Appends entries of one cluster after those that it has. */
export async function appendEntries(tables: Tables, bodies: readonly EntryBody[]): Promise<readonly Entry[]> {
  const cluster = bodies[0]?.cluster ?? '';
  const heads = await readHeads(tables, clusterKey(cluster));
  const entries = chainEntries(heads.chain, bodies, recordedAt);
  const { sequence = 0, hash = '' } = entries.at(-1) ?? {};
  const chain = { observedAt: recordedAt, ...heads.chain, cluster, sequence, hash };
  await append(tables, heads, [{ chain, entries, heads: [], removedHeads: [] }]);
  return entries;
}

/** The same, and in the views. */
export async function record(tables: Tables, bodies: readonly EntryBody[]): Promise<readonly Entry[]> {
  const entries = await appendEntries(tables, bodies);
  await projectLedger({ tables }, { clusterId: bodies[0]?.cluster ?? '' });
  return entries;
}
