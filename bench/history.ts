// What each kind of history query takes: its requests, and its time against the same rows read with the bare SDK.
// Called by historyMain, and for pages of 1,000 rows by main.
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { odata, TableClient } from '@azure/data-tables';
import { Temporal } from 'temporal-polyfill';
import { type Azurite, startAzurite } from '../local/azurite.ts';
import { createAzureTables } from '../shared/adapters/storage/azureTables.ts';
import { createMemoryDocuments } from '../shared/adapters/storage/memoryDocuments.ts';
import { clusterKey } from '../shared/domain/cluster/clusterId.ts';
import type { UnreadRow } from '../shared/domain/failure/explainRow.ts';
import { timeOf } from '../shared/domain/ledger/historyRow.ts';
import type { HistoryRow } from '../shared/domain/ledger/ledger.ts';
import { ndjson } from '../shared/http/streamedAnswer.ts';
import type { Tables } from '../shared/ports/tables.ts';
import { historyKey } from '../shared/stores/views/writeRows.ts';
import { checkRecord } from '../shared/usecases/history/checkRecord.ts';
import { exportLedger } from '../shared/usecases/history/exportLedger.ts';
import { type HistoryFilter, queryHistory, readHistory } from '../shared/usecases/history/queryHistory.ts';
import { clusterIdOf, fillHistory, momentAt, subscription } from './historyFleet.ts';

type Query = {
  readonly name: string;
  readonly filter: HistoryFilter;
  /** A page of so many rows; without it all of them as a stream. */
  readonly limit?: number;
  readonly rounds: number;
};

const cluster = clusterIdOf(42);
const quarter = { since: momentAt(0.75), until: momentAt(0.875) };

const queries: readonly Query[] = [
  { name: 'fleet, the newest 100', filter: {}, limit: 100, rounds: 15 },
  { name: 'fleet, the newest 1,000', filter: {}, limit: 1000, rounds: 9 },
  { name: 'fleet, 100 from the middle on', filter: { until: momentAt(0.5) }, limit: 100, rounds: 15 },
  { name: 'fleet, a quarter, all rows', filter: quarter, rounds: 5 },
  { name: 'a cluster by ARM id, all rows', filter: { cluster }, rounds: 9 },
  { name: 'a cluster by name, the newest 100', filter: { cluster: 'aks-042' }, limit: 100, rounds: 15 },
  { name: 'a cluster in a quarter, all rows', filter: { cluster, ...quarter }, rounds: 15 },
  { name: 'a pool of a cluster, all rows', filter: { cluster, nodePool: 'gpu' }, rounds: 9 },
  { name: 'a resource group (10 clusters), newest 100', filter: { resourceGroup: 'rg-7' }, limit: 100, rounds: 9 },
  { name: 'a pool name (200 clusters), newest 100', filter: { nodePool: 'gpu' }, limit: 100, rounds: 9 },
  { name: 'fleet, failures of a quarter, all', filter: { ...quarter, outcome: 'failed' }, rounds: 5 },
  { name: 'everything, as ndjson', filter: {}, rounds: 3 },
];

/** Of 10,400 rows of 100 clusters. */
export async function historyAgainstSdk() {
  const azurite = await startAzurite();
  try {
    const tables = createAzureTables({ kind: 'connectionString', value: azurite.connectionString });
    await fillHistory(tables, { clusters: 100, weeks: 26 });
    const pages = [
      { what: 'a history page of 1,000 rows', filter: {} },
      { what: 'a history page of 1,000 rows, by name', filter: { cluster: 'aks-04*' } },
    ];
    const rows = [];
    for (const { what, filter } of pages) {
      const answer = async () => {
        const page = await queryHistory({ tables, subscriptions: [subscription] }, { ...filter, limit: 1000 });
        return { rows: page.rows, json: JSON.stringify(page.rows) };
      };
      const spans = spansOf((await answer()).rows, filter);
      const read = async () => {
        for (const span of spans) await readBare(bareTable(azurite, 'Views'), span);
      };
      const { ratio } = await measure(() => 0, answer, read, 15);
      rows.push({ what, against: 'the bare SDK', ratio, mustReach: 1.2, direction: 'atMost' as const });
    }
    return rows;
  } finally {
    await azurite.stop();
  }
}

export async function* historyQueries(tables: Tables, azurite: Azurite): AsyncIterable<string> {
  const clock = { now: () => Temporal.Now.instant() };
  const dependencies = { clock, tables, digests: createMemoryDocuments(), subscriptions: [subscription] };
  const count = countRequests(new URL(azurite.tableEndpoint).port);
  const bare = (table: string) => bareTable(azurite, table);
  yield 'query                                          rows  requests  bare SDK  ratio of times';

  for (const { name, filter, limit, rounds } of queries) {
    const answer = async () => {
      const rows: (HistoryRow | UnreadRow)[] = [];
      let bytes = 0;
      if (limit !== undefined) rows.push(...(await queryHistory(dependencies, { ...filter, limit })).rows);
      else {
        const answered = readHistory(dependencies, filter);
        for await (const line of ndjson(noting(answered, rows)).lines) bytes += line.length;
      }
      return { rows, bytes: bytes || JSON.stringify(rows).length };
    };
    const { rows } = await answer();
    const spans = spansOf(rows, filter);
    const read = async () => {
      let found = 0;
      for (const span of spans) found += await readBare(bare('Views'), span);
      return found;
    };
    yield line(name, rows.length, await measure(count, answer, read, rounds));
  }

  const entries = () => readBare(bare('Ledger'), { partition: clusterKey(cluster), from: 'log|', to: 'log}' });
  const one = async () => (await collect(exportLedger(dependencies, { cluster }))).length;
  yield line('the ledger of a cluster, exported', await entries(), await measure(count, one, entries, 9));
  const views = spansOf(await collect(readHistory(dependencies, {})), {});
  const all = async () => {
    let found = 0;
    for (const span of views) found += await readBare(bare('Views'), span);
    return found;
  };
  const verify = async () => checkRecord(dependencies, { cluster });
  yield line('a cluster, verified', await all(), await measure(count, verify, all, 3));
}

function bareTable({ connectionString }: Azurite, table: string): TableClient {
  return TableClient.fromConnectionString(connectionString, table, { allowInsecureConnection: true });
}

type Figures = { readonly ours: number; readonly theirs: number; readonly ratio: number };

async function measure(
  count: () => number,
  ours: () => Promise<unknown>,
  theirs: () => Promise<unknown>,
  rounds: number,
): Promise<Figures> {
  const requests = async (work: () => Promise<unknown>) => {
    const before = count();
    await work();
    return count() - before;
  };
  const figures = { ours: await requests(ours), theirs: await requests(theirs) };
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round += 1) ratios.push((await time(ours)) / (await time(theirs)));
  return { ...figures, ratio: ratios.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN };
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function line(name: string, rows: number, { ours, theirs, ratio }: Figures): string {
  const cells = [rows.toLocaleString('en').padStart(8), String(ours).padStart(9), String(theirs).padStart(9)];
  return `${name.padEnd(43)}${cells.join(' ')}  ${ratio.toFixed(2).padStart(6)}`;
}

/** Counts this process's requests to a port. */
function countRequests(port: string): () => number {
  let requests = 0;
  subscribe('http.client.request.start', (message) => {
    const { request } = message as { readonly request: ClientRequest };
    if (request.getHeader('host')?.toString().endsWith(`:${port}`)) requests += 1;
  });
  return () => requests;
}

type Span = { readonly partition: string; readonly from: string; readonly to: string };

/** The shortest ranges of keys that hold the rows: of their cluster where there is one, of their months otherwise. */
function spansOf(all: readonly (HistoryRow | UnreadRow)[], filter: HistoryFilter): readonly Span[] {
  const rows = all.filter((row) => row.kind !== 'unreadable');
  const partitionOf = (row: HistoryRow) =>
    filter.cluster === undefined
      ? `history|${subscription}|${timeOf(row).slice(0, 7)}`
      : `history|${clusterKey(row.cluster)}`;
  return [...Map.groupBy(rows, partitionOf)].map(([partition, some]) => {
    const keys = some.map(historyKey).toSorted();
    return { partition, from: keys[0] ?? '', to: `${keys.at(-1)} ` };
  });
}

/** The rows as the SDK gives them: neither their JSON nor anything else is looked at. */
async function readBare(client: TableClient, { partition, from, to }: Span): Promise<number> {
  const filter = odata`PartitionKey eq ${partition} and RowKey ge ${from} and RowKey lt ${to}`;
  let rows = 0;
  for await (const page of client.listEntities({ queryOptions: { filter } }).byPage({ maxPageSize: 1000 })) {
    rows += page.length;
  }
  return rows;
}

async function* noting<T>(values: AsyncIterable<T>, into: T[]): AsyncIterable<T> {
  for await (const value of values) {
    into.push(value);
    yield value;
  }
}

async function collect<T>(values: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}
