// Documents that are written once, by name: the weekly digests, in a place that can be made immutable, and what rows have no room for.

export type Documents = {
  /** `exists`: there is a document of that name, which stays as it is. */
  readonly write: (name: string, text: string) => Promise<'written' | 'exists'>;
  readonly list: () => Promise<readonly string[]>;
  readonly read: (name: string) => Promise<string | undefined>;
};
