// Table Storage, Cosmos DB's Table API or Azurite through the SDK. Built by the composition root.
import * as http from '@azure/core-rest-pipeline';
import { odata, TableClient } from '@azure/data-tables';
import { z } from 'zod';
import { jsonIn } from '../../domain/text/jsonIn.ts';
import type { Row, RowRange, TableName, Tables } from '../../ports/tables.ts';
import { turn } from '../../ports/turn.ts';
import { attempt } from './attempt.ts';
import { createAzureDocuments, type DocumentsConnection } from './azureDocuments.ts';
import { createOnFirstUse } from './createOnFirstUse.ts';
import { partsReader } from './largeValues.ts';
import type { StorageConnection } from './storageConnection.ts';
import { checkKey, documentsOf, type EncodedChange, encodeChanges } from './tableLimits.ts';
import { readTransactionAnswer, transactionBody, transactionHeaders } from './tableTransaction.ts';

type Entity = { readonly value: string };
type StoredEntity = { readonly etag?: string; readonly value?: unknown; readonly version?: unknown };

const RowNotFound = z.object({ odataError: z.object({ code: z.literal('ResourceNotFound') }) });

// The SDK sets no time limit, and a hanging connection would hold a timer function for ever.
const requestTimeoutMs = 60_000;
const maxPageSize = 1000;
/** What is done with a row on its way takes a tenth of a millisecond. */
const rowsPerTurn = 50;
/** What is not asked for is neither sent nor parsed: a quarter of the time that a row takes. */
const select = ['RowKey', 'value', 'version'];
const httpClient = http.createDefaultHttpClient();

export function createAzureTables(connection: StorageConnection): Tables {
  // The SDK takes "already exists" as success, so that two instances may create a table at once.
  const open = createOnFirstUse(async (table: TableName) => {
    const client = connect(connection, table);
    await attempt(`Table ${table}`, 'create the table', () => client.createTable());
    return client;
  });
  const documents = createAzureDocuments(partsOf(connection), 'Large values');
  const readParts = partsReader(documents);

  return {
    get: async (table, partitionKey, rowKey) => {
      checkKey(table, partitionKey);
      checkKey(table, rowKey);
      const client = await open(table);
      return attempt(`Table ${table}`, `read row "${rowKey}" of partition "${partitionKey}"`, async () => {
        try {
          return await readParts(toRow(partitionKey, rowKey, await client.getEntity<Entity>(partitionKey, rowKey)));
        } catch (error) {
          if (isRowNotFound(error)) return undefined;
          throw error;
        }
      });
    },

    query: async function* (table, partitionKey, range) {
      checkKey(table, partitionKey);
      const client = await open(table);
      const entities = client.listEntities<Entity>({ queryOptions: { filter: filterOf(partitionKey, range), select } });
      const pages = entities.byPage({ maxPageSize: Math.min(range?.pageSize ?? maxPageSize, maxPageSize) });
      for (;;) {
        const page = await attempt(`Table ${table}`, `query partition "${partitionKey}"`, () => pages.next());
        if (page.done) return;
        for (const [index, entity] of page.value.entries()) {
          if (index % rowsPerTurn === 0) await turn();
          yield readParts(toRow(partitionKey, entity.rowKey ?? '', entity));
        }
      }
    },

    // The SDK sends again when an answer is lost, and may then conflict with its own row: callers read again, as after any conflict.
    write: async (table, partitionKey, changes) => {
      const encoded = encodeChanges(table, partitionKey, changes);
      if (encoded.length === 0) return 'written';
      const client = await open(table);
      for (const [name, text] of documentsOf(encoded)) await documents.write(name, text);
      return attempt(`Table ${table}`, `write ${encoded.length} changes to partition "${partitionKey}"`, async () => {
        const answer = await submit(client, table, partitionKey, encoded);
        if (answer.kind === 'refused') throw new Error(answer.reason);
        return answer.kind;
      });
    },
  };
}

const partsContainer = 'large-values';

function partsOf(connection: StorageConnection): DocumentsConnection {
  if (connection.kind === 'connectionString') return { ...connection, container: partsContainer };
  const { kind, blobServiceUri, credential } = connection;
  return { kind, containerUrl: `${blobServiceUri.replace(/\/+$/, '')}/${partsContainer}`, credential };
}

function connect(connection: StorageConnection, table: TableName): TableClient {
  const client =
    connection.kind === 'identity'
      ? new TableClient(connection.tableServiceUri, table, connection.credential)
      : // Azurite is reached by http, which whoever wrote the connection string has chosen.
        TableClient.fromConnectionString(connection.value, table, { allowInsecureConnection: true });
  client.pipeline.addPolicy({
    name: 'requestTimeout',
    sendRequest: (request, next) => {
      request.timeout = requestTimeoutMs;
      return next(request);
    },
  });
  return client;
}

/** One transaction through the client's own pipeline, which signs it and retries. */
async function submit(client: TableClient, table: TableName, partitionKey: string, changes: readonly EncodedChange[]) {
  const id = crypto.randomUUID();
  // The URL may end in a SAS token, which belongs to the transaction's URL alone.
  const url = new URL(client.url);
  const service = url.origin + url.pathname.replace(/\/$/, '');
  const response = await client.pipeline.sendRequest(
    httpClient,
    http.createPipelineRequest({
      url: `${service}/$batch${url.search}`,
      method: 'POST',
      headers: http.createHttpHeaders({
        ...transactionHeaders,
        'content-type': `multipart/mixed; boundary=batch_${id}`,
      }),
      body: transactionBody(`${service}/${table}`, partitionKey, changes, id),
      allowInsecureConnection: url.protocol === 'http:',
    }),
  );
  return readTransactionAnswer(response.status, response.bodyAsText ?? '', changes.length);
}

function filterOf(partitionKey: string, range: RowRange = {}): string {
  const conditions = [odata`PartitionKey eq ${partitionKey}`];
  if (range.from !== undefined) conditions.push(odata`RowKey ge ${range.from}`);
  if (range.to !== undefined) conditions.push(odata`RowKey lt ${range.to}`);
  return conditions.join(' and ');
}

function toRow(partitionKey: string, rowKey: string, { etag = '', value, version }: StoredEntity): Row {
  return { partitionKey, rowKey, etag, value: jsonIn(value), version: typeof version === 'number' ? version : 0 };
}

// A missing table is 404 as well. The SDK's error has no `code`: the service's code is in the body.
function isRowNotFound(error: unknown): boolean {
  return http.isRestError(error) && error.statusCode === 404 && RowNotFound.safeParse(error.details).success;
}
