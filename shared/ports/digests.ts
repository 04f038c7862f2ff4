// The weekly digests of the ledger, in a place that can be made immutable. Both implementations pass one contract suite.

export type Digests = {
  /** `exists`: there is a document of that name, which stays as it is. */
  readonly write: (name: string, text: string) => Promise<'written' | 'exists'>;
  readonly list: () => Promise<readonly string[]>;
  readonly read: (name: string) => Promise<string | undefined>;
};
