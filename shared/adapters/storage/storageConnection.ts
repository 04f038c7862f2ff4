// How the storage account is reached. Built from the configuration by the composition root.
import type { TokenCredential } from '@azure/identity';

/** A connection string (Azurite, Cosmos DB's Table API, keys), or the two service endpoints and an identity. */
export type StorageConnection =
  | { readonly kind: 'connectionString'; readonly value: string }
  | {
      readonly kind: 'identity';
      readonly tableServiceUri: string;
      readonly queueServiceUri: string;
      readonly credential: TokenCredential;
    };
