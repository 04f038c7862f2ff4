// Table Storage, Cosmos DB's Table API or Azurite through the SDK. Built by the composition root.
import * as http from '@azure/core-rest-pipeline';
import { TableClient } from '@azure/data-tables';
import { z } from 'zod';
import { jsonIn } from '../../domain/text/jsonIn.ts';
import type { Row, TableName, Tables } from '../../ports/tables.ts';
import { turn } from '../../ports/turn.ts';
import { attempt } from './attempt.ts';
import { createAzureDocuments, type DocumentsConnection } from './azureDocuments.ts';
import { createOnFirstUse } from './createOnFirstUse.ts';
import { partsReader } from './largeValues.ts';
import type { StorageConnection } from './storageConnection.ts';
import { checkKey, documentsOf, type EncodedChange, encodeChanges } from './tableLimits.ts';
import { addressOf, type Page, type Entity as PageEntity, readPage, send } from './tableQuery.ts';
import { readTransactionAnswer, transactionBody, transactionHeaders } from './tableTransaction.ts';

type Entity = { readonly value: string };
type StoredEntity = { readonly etag?: string | undefined; readonly value?: unknown; readonly version?: unknown };

const RowNotFound = z.object({ odataError: z.object({ code: z.literal('ResourceNotFound') }) });

// The SDK sets no time limit, and a hanging connection would hold a timer function for ever.
const requestTimeoutMs = 60_000;
/** What is done with a row on its way takes a tenth of a millisecond. */
const rowsPerTurn = 50;
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
      const page = (read: number, next: Page['next']): Promise<Page> =>
        attempt(`Table ${table}`, `query partition "${partitionKey}"`, () =>
          readPage(client, partitionKey, range, { read, next }),
        );
      let read = 0;
      for (let asked: Promise<Page> | undefined = page(0, undefined); asked; ) {
        const found: Page = await asked;
        const { entities, next } = found;
        read += entities.length;
        // What is wanted anyway is on its way while these rows are used; whoever stops before hears of no failure.
        const isWanted = next !== undefined && read < (range?.pageSize ?? 0);
        asked = isWanted ? page(read, next) : undefined;
        asked?.catch(() => undefined);
        for (const [index, entity] of entities.entries()) {
          if (index % rowsPerTurn === 0) await turn();
          yield readParts(toRow(partitionKey, entity.RowKey, fieldsOf(entity)));
        }
        if (next && !isWanted) asked = page(read, next);
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
  const { service, search, allowInsecureConnection } = addressOf(client);
  const response = await send(client, {
    url: `${service}/$batch${search}`,
    method: 'POST',
    headers: http.createHttpHeaders({
      ...transactionHeaders,
      'content-type': `multipart/mixed; boundary=batch_${id}`,
    }),
    body: transactionBody(`${service}/${table}`, partitionKey, changes, id),
    allowInsecureConnection,
  });
  return readTransactionAnswer(response.status, response.bodyAsText ?? '', changes.length);
}

function fieldsOf({ 'odata.etag': etag, value, version, ...others }: PageEntity): StoredEntity {
  return { etag, version, value: 'value@odata.type' in others ? undefined : value };
}

function toRow(partitionKey: string, rowKey: string, { etag = '', value, version }: StoredEntity): Row {
  return { partitionKey, rowKey, etag, value: jsonIn(value), version: typeof version === 'number' ? version : 0 };
}

// A missing table is 404 as well. The SDK's error has no `code`: the service's code is in the body.
function isRowNotFound(error: unknown): boolean {
  return http.isRestError(error) && error.statusCode === 404 && RowNotFound.safeParse(error.details).success;
}
