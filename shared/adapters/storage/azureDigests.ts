// Digests as blobs of one container, through the SDK: ADR 0013. Built by the composition root.
import { buffer } from 'node:stream/consumers';
import type { TokenCredential } from '@azure/identity';
import { type ContainerClient, RestError, ContainerClient as StorageContainer } from '@azure/storage-blob';
import { messageOf } from '../../domain/text/messageOf.ts';
import type { Digests } from '../../ports/digests.ts';

/** The container in the account of a connection string, or its URL and an identity. */
export type DigestConnection =
  | { readonly kind: 'connectionString'; readonly value: string; readonly container: string }
  | { readonly kind: 'identity'; readonly containerUrl: string; readonly credential: TokenCredential };

// The SDK tries again four times, and sets no time limit.
const requestTimeoutMs = 60_000;

/** The first write that finds no container creates it: an existing one needs no right to create. A repeated write may find itself: `exists`. */
export function createAzureDigests(connection: DigestConnection): Digests {
  // Opened on first use: a setting that is no use for blobs must not stop the rest of the app.
  let opened: ContainerClient | undefined;
  const open = (): ContainerClient => {
    opened ??=
      connection.kind === 'identity'
        ? new StorageContainer(connection.containerUrl, connection.credential)
        : new StorageContainer(connection.value, connection.container);
    return opened;
  };
  const options = () => ({ abortSignal: AbortSignal.timeout(requestTimeoutMs) });

  async function attempt<T>(what: string, work: (container: ContainerClient) => Promise<T>): Promise<T> {
    try {
      return await work(open());
    } catch (cause) {
      throw new Error(`Digests: could not ${what}: ${messageOf(cause)}`, {
        cause,
      });
    }
  }

  return {
    write: (name, text) =>
      attempt(`write "${name}"`, async (container) => {
        const blob = container.getBlockBlobClient(name);
        const bytes = Buffer.from(text);
        const upload = () =>
          blob.upload(bytes, bytes.length, {
            ...options(),
            conditions: { ifNoneMatch: '*' },
            blobHTTPHeaders: { blobContentType: 'application/json' },
          });
        try {
          await upload();
        } catch (error) {
          if (isThere(error)) return 'exists';
          if (!isCode(error, 'ContainerNotFound')) throw error;
          await container.createIfNotExists(options());
          return upload().then(
            () => 'written' as const,
            (again: unknown) => {
              if (isThere(again)) return 'exists';
              throw again;
            },
          );
        }
        return 'written';
      }),

    list: () =>
      attempt('list them', async (container) => {
        const names: string[] = [];
        try {
          for await (const { name } of container.listBlobsFlat(options())) names.push(name);
        } catch (error) {
          if (isCode(error, 'ContainerNotFound')) return [];
          throw error;
        }
        return names.sort();
      }),

    read: (name) =>
      attempt(`read "${name}"`, async (container) => {
        try {
          const { readableStreamBody } = await container.getBlockBlobClient(name).download(0, undefined, options());
          if (!readableStreamBody) throw new Error('The answer has no body.');
          return (await buffer(readableStreamBody)).toString();
        } catch (error) {
          if (isCode(error, 'BlobNotFound') || isCode(error, 'ContainerNotFound')) return undefined;
          throw error;
        }
      }),
  };
}

/** An immutable document is refused before the condition is looked at. */
function isThere(error: unknown): boolean {
  return isCode(error, 'BlobAlreadyExists') || isCode(error, 'BlobImmutableDueToPolicy');
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof RestError && error.code === code;
}
