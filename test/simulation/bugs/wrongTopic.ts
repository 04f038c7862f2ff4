// Ways to lose notifications that no error shows. Used by bugs.ts.
import type { Dependencies } from '../../../shared/usecases/dependencies.ts';
import { keyOf } from '../world/truth.ts';

const toldRow = (key: string) => `told|${key}`;
const partitionOf = (key: string) => key.split('|')[0] ?? '';

/** Notes how far a cluster's ledger was told, and then tells it. */
export function notesBeforeTelling(honest: Dependencies): Dependencies {
  const { tables, topic } = honest;
  if (!topic) return honest;
  return {
    ...honest,
    topic: {
      publish: async (notifications) => {
        for (const { data } of notifications) {
          if (!('hash' in data)) continue;
          const key = keyOf(data.cluster);
          const chain = (await tables.get('Ledger', key, 'head'))?.value as { readonly sequence: number } | undefined;
          const value = { sequence: chain?.sequence ?? 0 };
          await tables.write('Notifications', partitionOf(key), [{ kind: 'upsert', rowKey: toldRow(key), value }]);
        }
        await topic.publish(notifications);
      },
    },
  };
}

/** Whatever the topic answers is taken for a yes. */
export function takesNoForYes(honest: Dependencies): Dependencies {
  const { topic } = honest;
  return { ...honest, topic: topic && { publish: (some) => topic.publish(some).catch(() => undefined) } };
}
