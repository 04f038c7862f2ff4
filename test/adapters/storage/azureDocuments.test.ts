import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Azurite, startAzurite } from '../../../local/azurite.ts';
import { createAzureDocuments } from '../../../shared/adapters/storage/azureDocuments.ts';
import { describeDocuments } from './documentsContract.ts';

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

const connect = (container: string = randomUUID()) =>
  createAzureDocuments({ kind: 'connectionString', value: azurite.connectionString, container });

describeDocuments('digests in Azurite', connect);

describe('the container', () => {
  it('is created by whoever writes first, and by no read', async () => {
    const service = BlobServiceClient.fromConnectionString(azurite.connectionString);
    const name: string = randomUUID();
    const container = service.getContainerClient(name);
    await connect(name).list();
    await connect(name).read('2026-W47.json');
    expect(await container.exists()).toBe(false);
    const instances = Array.from({ length: 5 }, () => connect(name));
    await Promise.all(instances.map((digests, index) => digests.write(`2026-W4${index}.json`, 'text')));
    expect(await connect(name).list()).toHaveLength(5);
    expect(await container.getAccessPolicy()).toMatchObject({ blobPublicAccess: undefined });
  });
});

describe('what fails', () => {
  const failing = (value: string) => createAzureDocuments({ kind: 'connectionString', value, container: 'digests' });

  it('is thrown once, with what was attempted and the cause', async () => {
    const server = createServer((_request, response) => {
      response.writeHead(403, { 'x-ms-error-code': 'AuthorizationFailure', connection: 'close' }).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/account`;
    const digests = failing(`BlobEndpoint=${endpoint};SharedAccessSignature=sv=2024-11-04&sig=secret`);
    const failed = (what: string) => ({
      message: expect.stringContaining(`Digests: could not ${what}: `),
      cause: expect.objectContaining({ name: 'RestError', statusCode: 403 }),
    });
    await expect(digests.list()).rejects.toMatchObject(failed('list them'));
    await expect(digests.read('a')).rejects.toMatchObject(failed('read "a"'));
    await expect(digests.write('a', 'text')).rejects.toMatchObject(failed('write "a"'));
    server.close();
  });

  it('is a connection string without blobs, and only when digests are asked for', async () => {
    const digests = failing('TableEndpoint=http://127.0.0.1:1/account;AccountName=account;AccountKey=eA==');
    await expect(digests.list()).rejects.toThrow(/^Digests: could not list them: Invalid/);
  });
});
