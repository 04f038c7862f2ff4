// A page of a query on the wire, for azureTables. The SDK's own reading of an answer takes as long as all else that is done with a
// row, and it tells of a next page only when it is through.
import * as http from '@azure/core-rest-pipeline';
import { odata, type TableClient } from '@azure/data-tables';
import type { RowRange } from '../../ports/tables.ts';

/** As it stands in a page; `value@odata.type` where `value` is no text, and somebody else wrote it. */
export type Entity = {
  readonly RowKey: string;
  readonly 'odata.etag'?: string;
  readonly value?: unknown;
  readonly 'value@odata.type'?: string;
  readonly version?: unknown;
};

export type Page = { readonly entities: readonly Entity[]; readonly next: URLSearchParams | undefined };

/** Storage gives no more at once. */
const maxPageSize = 1000;
/** What is not asked for is neither sent nor parsed: a quarter of the time that a row takes. */
const select = 'RowKey,value,version';
const selectKeys = 'RowKey';
const headers = {
  accept: 'application/json;odata=minimalmetadata',
  dataserviceversion: '3.0',
  'x-ms-version': '2019-02-02',
};
const httpClient = http.createDefaultHttpClient();

/** Where a table stands. Its URL may end in a SAS token, which belongs behind the path. */
export function addressOf({ url, tableName }: TableClient) {
  const { origin, pathname, search, protocol } = new URL(url);
  const service = origin + pathname.replace(/\/$/, '');
  return { service, table: `${service}/${tableName}`, search, allowInsecureConnection: protocol === 'http:' };
}

/** Sends through the client's own pipeline, which signs and retries. */
export function send(client: TableClient, options: http.PipelineRequestOptions) {
  return client.pipeline.sendRequest(httpClient, http.createPipelineRequest(options));
}

/** @param read how many rows the pages before had @param next what the page before says of this one @throws the SDK's error */
export async function readPage(
  client: TableClient,
  partitionKey: string,
  range: RowRange | undefined,
  { read, next }: { readonly read: number; readonly next: URLSearchParams | undefined },
): Promise<Page> {
  const { table, search, allowInsecureConnection } = addressOf(client);
  const wanted = range?.pageSize ?? maxPageSize;
  const query = new URLSearchParams(next);
  query.set('$filter', filterOf(partitionKey, range));
  query.set('$select', range?.keysOnly ? selectKeys : select);
  query.set('$top', String(Math.min(wanted > read ? wanted - read : wanted, maxPageSize)));
  // A plus sign is a space in forms alone.
  const url = `${table}()?${query.toString().replaceAll('+', '%20')}${search.replace('?', '&')}`;
  const request = { url, headers: http.createHttpHeaders(headers), allowInsecureConnection };
  const response: http.PipelineResponse & { readonly parsedBody?: unknown } = await send(client, request);
  const { status, bodyAsText } = response;
  if (status !== 200)
    throw new http.RestError(bodyAsText ?? '', { statusCode: status, request: response.request, response });
  const { value } = (response.parsedBody ?? {}) as { readonly value?: readonly Entity[] };
  if (!Array.isArray(value)) throw new Error('the answer is no list of rows');
  const entities: readonly Entity[] = value;
  return { entities, next: nextIn(response.headers) };
}

/** Where the next page begins, as the query of its request; the row may be missing. */
function nextIn(given: http.HttpHeaders): URLSearchParams | undefined {
  const [partition, row] = ['partition', 'row'].map((name) => given.get(`x-ms-continuation-next${name}key`));
  if (!partition) return undefined;
  return new URLSearchParams({ NextPartitionKey: partition, ...(row && { NextRowKey: row }) });
}

function filterOf(partitionKey: string, range: RowRange = {}): string {
  const conditions = [odata`PartitionKey eq ${partitionKey}`];
  if (range.from !== undefined) conditions.push(odata`RowKey ge ${range.from}`);
  if (range.to !== undefined) conditions.push(odata`RowKey lt ${range.to}`);
  return conditions.join(' and ');
}
