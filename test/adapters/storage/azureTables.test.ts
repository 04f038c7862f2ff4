import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { TableClient } from '@azure/data-tables';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Azurite, startAzurite } from '../../../local/azurite.ts';
import { createAzureTables } from '../../../shared/adapters/storage/azureTables.ts';
import { collect, describeTables } from './tablesContract.ts';

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

const connect = () => createAzureTables({ kind: 'connectionString', value: azurite.connectionString });

// Each test connects anew, as another instance: most find the tables created.
describeTables('tables in Azurite', connect);

it('gives a row that somebody else wrote without a value, and all others of its partition', async () => {
  const tables = connect();
  const partitionKey = randomUUID();
  const put = (rowKey: string) => tables.write('Facts', partitionKey, [{ kind: 'insert', rowKey, value: rowKey }]);
  await put('a');
  await put('e');
  const client = TableClient.fromConnectionString(azurite.connectionString, 'Facts', { allowInsecureConnection: true });
  await client.upsertEntity({ partitionKey, rowKey: 'b', value: '{"kind":' }, 'Replace');
  await client.upsertEntity({ partitionKey, rowKey: 'c', value: 7 }, 'Replace');
  await client.upsertEntity({ partitionKey, rowKey: 'd', other: 'x' }, 'Replace');
  const rows = await collect(tables.query('Facts', partitionKey));
  expect(rows.map(({ rowKey, value }) => [rowKey, value])).toEqual([
    ['a', 'a'],
    ['b', undefined],
    ['c', undefined],
    ['d', undefined],
    ['e', 'e'],
  ]);
  const etag = (await tables.get('Facts', partitionKey, 'b'))?.etag ?? '';
  expect(await tables.write('Facts', partitionKey, [{ kind: 'replace', rowKey: 'b', value: 1, etag }])).toBe('written');
});

describe('creating a table', () => {
  it('is left to whoever comes first, when several instances use it at once', async () => {
    const instances = Array.from({ length: 5 }, connect);
    const answers = await Promise.all(
      instances.map((tables, i) => tables.write('Parked', 'partition', [{ kind: 'insert', rowKey: `${i}`, value: i }])),
    );
    expect(answers).toEqual(Array.from({ length: 5 }, () => 'written'));
  });
});

describe('a service that', () => {
  type Answer = {
    readonly status: number;
    readonly type?: string;
    readonly body?: string;
    readonly headers?: Readonly<Record<string, string>>;
  };
  let server: Server;
  afterEach(() => server.close());

  const denied = {
    status: 403,
    body: '{"odata.error":{"code":"AuthorizationFailure","message":{"value":"Not you."}}}',
  };
  const created = { status: 204 };

  /** Gives the answers in turn; `requests` is what it was asked. */
  async function serve(...answers: readonly Answer[]) {
    const requests: { readonly url: string; readonly body: string }[] = [];
    const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      requests.push({ url: request.url ?? '', body: await text(request) });
      const answer: Answer = answers[requests.length - 1] ?? { status: 400 };
      response
        .writeHead(answer.status, {
          'content-type': answer.type ?? 'application/json',
          connection: 'close',
          ...answer.headers,
        })
        .end(answer.body);
    };
    server = createServer((request, response) => void respond(request, response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/account`;
    const value = `TableEndpoint=${endpoint};SharedAccessSignature=sv=2024-11-04&sig=secret`;
    return { requests, endpoint, tables: createAzureTables({ kind: 'connectionString', value }) };
  }

  it('refuses to create a table is asked again by the next call', async () => {
    const { requests, tables } = await serve(denied, created, {
      status: 404,
      body: '{"odata.error":{"code":"ResourceNotFound"}}',
    });
    await expect(tables.get('Ledger', 'partition', 'row')).rejects.toThrow(
      /^Table Ledger: could not create the table: .*AuthorizationFailure/,
    );
    expect(await tables.get('Ledger', 'partition', 'row')).toBeUndefined();
    expect(requests).toHaveLength(3);
  });

  it('refuses a read or a write makes it throw once, with the cause', async () => {
    const { tables } = await serve(created, denied, denied, denied);
    await expect(tables.get('Ledger', 'p', 'r')).rejects.toMatchObject({
      message: expect.stringMatching(/^Table Ledger: could not read row "r" of partition "p": .*AuthorizationFailure/),
      cause: expect.objectContaining({ name: 'RestError', statusCode: 403 }),
    });
    await expect(collect(tables.query('Ledger', 'p'))).rejects.toThrow(
      /^Table Ledger: could not query partition "p": .*AuthorizationFailure/,
    );
    await expect(tables.write('Ledger', 'p', [{ kind: 'upsert', rowKey: 'r', value: 1 }])).rejects.toThrow(
      'Table Ledger: could not write 1 changes to partition "p": 403 AuthorizationFailure Not you.',
    );
  });

  it('has lost a table is not taken to have lost a row', async () => {
    const { tables } = await serve(created, { status: 404, body: '{"odata.error":{"code":"TableNotFound"}}' });
    await expect(tables.get('Ledger', 'p', 'r')).rejects.toThrow('TableNotFound');
  });

  /** Rows from a number on, and where the page after them begins. */
  const pageOf = (first: number, rows: number, next?: string): Answer => ({
    status: 200,
    body: JSON.stringify({
      value: Array.from({ length: rows }, (_, index) => ({ RowKey: `r${first + index}`, value: '1', version: 1 })),
    }),
    headers: next ? { 'x-ms-continuation-NextPartitionKey': 'p', 'x-ms-continuation-NextRowKey': next } : {},
  });

  it('has more rows than a page is asked for no more than are wanted, and for the rest while the first are used', async () => {
    const { requests, tables } = await serve(created, pageOf(0, 1000, '1!a/b='), pageOf(1000, 1, 'later'));
    const asked = () => requests.slice(1).map(({ url }) => Object.fromEntries(new URLSearchParams(url.split('?')[1])));
    let read = 0;
    for await (const { rowKey } of tables.query('Views', "it's p", { from: 'a b+c', pageSize: 1001 })) {
      expect(rowKey).toBe(`r${read}`);
      read += 1;
      if (read === 900) expect(requests).toHaveLength(3);
      if (read === 1001) break;
    }
    const filter = {
      $filter: "PartitionKey eq 'it''s p' and RowKey ge 'a b+c'",
      $select: 'RowKey,value,version',
      sig: 'secret',
    };
    expect(asked()).toMatchObject([
      { ...filter, $top: '1000' },
      { ...filter, $top: '1', NextPartitionKey: 'p', NextRowKey: '1!a/b=' },
    ]);
    expect(requests.every(({ url }) => !url.includes('+'))).toBe(true);
  });

  it('refuses a page that was asked for early fails the query at that page, and nobody who stopped before', async () => {
    const { tables } = await serve(created, pageOf(0, 1000, 'next'), denied, pageOf(0, 1000, 'next'), denied);
    for await (const { rowKey } of tables.query('Views', 'p', { pageSize: 1001 })) if (rowKey === 'r10') break;
    const reading = tables.query('Views', 'p', { pageSize: 1001 });
    await expect(collect(reading)).rejects.toThrow(/could not query partition "p": .*AuthorizationFailure/);
  });

  it('answers a query with something else than rows is no empty table', async () => {
    const { tables } = await serve(created, { status: 200, type: 'text/html', body: '<html>Sign in</html>' });
    await expect(collect(tables.query('Views', 'p'))).rejects.toThrow('the answer is no list of rows');
  });

  it('is reached by a SAS token gets it in the URL of a transaction, and not in its parts', async () => {
    const { requests, endpoint, tables } = await serve(created, {
      status: 202,
      type: 'multipart/mixed; boundary=b',
      body: 'HTTP/1.1 204 No Content\r\n',
    });
    await tables.write('Ledger', 'p', [{ kind: 'insert', rowKey: 'r', value: 1 }]);
    expect(requests[1]?.url).toBe('/account/$batch?sv=2024-11-04&sig=secret');
    expect(requests[1]?.body).toContain(`POST ${endpoint}/Ledger HTTP/1.1`);
    expect(requests[1]?.body).not.toContain('secret');
  });
});
