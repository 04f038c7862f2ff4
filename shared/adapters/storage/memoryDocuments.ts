// Documents in memory, with the same promises as in Azure: for tests and the simulation.
import type { Documents } from '../../ports/documents.ts';

export function createMemoryDocuments(): Documents {
  const texts = new Map<string, string>();
  return {
    write: async (name, text) => {
      if (texts.has(name)) return 'exists';
      texts.set(name, text);
      return 'written';
    },
    // The default sort is by UTF-16 code units, as the service's is.
    list: async () => [...texts.keys()].sort(),
    read: async (name) => texts.get(name),
  };
}
