// How the storage account is reached. Built from the configuration by the composition root.
import type { TokenCredential } from '@azure/identity';

export type StorageConnection =
  | { readonly kind: 'connectionString'; readonly value: string }
  | {
      readonly kind: 'identity';
      readonly tableServiceUri: string;
      readonly queueServiceUri: string;
      readonly blobServiceUri: string;
      readonly credential: TokenCredential;
    };
