// Documents as blobs of one container, through the SDK: ADR 13 (digests), ADR 17 (large values). Built by the composition root.
import { buffer } from 'node:stream/consumers';
import { isRestError } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import type { Documents } from '../../ports/documents.ts';
import { attempt } from './attempt.ts';
import { onFirstUse } from './createOnFirstUse.ts';

export type DocumentsConnection =
  | { readonly kind: 'connectionString'; readonly value: string; readonly container: string }
  | { readonly kind: 'identity'; readonly containerUrl: string; readonly credential: TokenCredential };

// The SDK tries again four times, and sets no time limit.
const requestTimeoutMs = 60_000;
const options = () => ({ abortSignal: AbortSignal.timeout(requestTimeoutMs) });

/** The first write that finds no container creates it: an existing one needs no right to create. */
export function createAzureDocuments(connection: DocumentsConnection, place = 'Digests'): Documents {
  // Opened on first use: a setting that is no use for blobs must not stop the rest of the app.
  const open = onFirstUse(async () => {
    const { ContainerClient } = await import('@azure/storage-blob');
    return connection.kind === 'identity'
      ? new ContainerClient(connection.containerUrl, connection.credential)
      : new ContainerClient(connection.value, connection.container);
  });

  /** The SDK sends again when an answer is lost, and may then find its own document: `exists`. */
  async function upload(name: string, text: string): Promise<'written' | 'exists'> {
    const bytes = Buffer.from(text);
    try {
      await (await open()).getBlockBlobClient(name).upload(bytes, bytes.length, {
        ...options(),
        conditions: { ifNoneMatch: '*' },
        blobHTTPHeaders: { blobContentType: 'application/json' },
      });
      return 'written';
    } catch (error) {
      // An immutable document is refused before the condition is looked at.
      if (isCode(error, 'BlobAlreadyExists', 'BlobImmutableDueToPolicy')) return 'exists';
      throw error;
    }
  }

  return {
    write: (name, text) =>
      attempt(place, `write "${name}"`, async () => {
        try {
          return await upload(name, text);
        } catch (error) {
          if (!isCode(error, 'ContainerNotFound')) throw error;
          await (await open()).createIfNotExists(options());
          return upload(name, text);
        }
      }),

    list: () =>
      attempt(place, 'list them', async () => {
        const names: string[] = [];
        try {
          for await (const { name } of (await open()).listBlobsFlat(options())) names.push(name);
        } catch (error) {
          if (isCode(error, 'ContainerNotFound')) return [];
          throw error;
        }
        return names.sort();
      }),

    read: (name) =>
      attempt(place, `read "${name}"`, async () => {
        try {
          const blob = (await open()).getBlockBlobClient(name);
          const { readableStreamBody } = await blob.download(0, undefined, options());
          if (!readableStreamBody) throw new Error('The answer has no body.');
          return (await buffer(readableStreamBody)).toString();
        } catch (error) {
          if (isCode(error, 'BlobNotFound', 'ContainerNotFound')) return undefined;
          throw error;
        }
      }),
  };
}

function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return isRestError(error) && codes.includes(error.code ?? '');
}
