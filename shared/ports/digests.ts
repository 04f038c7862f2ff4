// Documents that are written once. Implemented by adapters/storage, on Azure and in memory.

/**
 * Documents that are written once, in a place of their own that can be made immutable: the weekly digests of the ledger.
 * What fails is thrown. Every promise is in the contract suite that both implementations pass.
 */
export type Digests = {
  /** `exists`: there is a document of that name, which stays as it is. */
  readonly write: (name: string, text: string) => Promise<'written' | 'exists'>;
  readonly list: () => Promise<readonly string[]>;
  readonly read: (name: string) => Promise<string | undefined>;
};
