// Deliberate ways to lose notifications that no error shows. Part of the list in bugs.ts.
import type { Topic } from '../../../shared/ports/topic.ts';
import type { Dependencies } from '../../../shared/usecases/dependencies.ts';
import { keyOf } from '../record/keyOf.ts';
import type { Bug } from './bug.ts';
import { type Change, wrong } from './wrap.ts';

/** The topic, where the run has one. */
const publishing =
  (wrap: (publish: Topic['publish'], honest: Dependencies) => Topic['publish']): Change =>
  (honest) => ({ ...honest, topic: honest.topic && { publish: wrap(honest.topic.publish, honest) } });

/** Notes how far a cluster's ledger was told, and then tells it. */
const notesBeforeTelling = publishing((publish, { tables }) => async (notifications) => {
  for (const { data } of notifications) {
    if (!('hash' in data)) continue;
    const key = keyOf(data.cluster);
    const chain = (await tables.get('Ledger', key, 'head'))?.value as { readonly sequence: number } | undefined;
    const value = { sequence: chain?.sequence ?? 0 };
    const partition = key.split('|')[0] ?? '';
    await tables.write('Notifications', partition, [{ kind: 'upsert', rowKey: `told|${key}`, value }]);
  }
  await publish(notifications);
});

export const topicBugs: readonly Bug[] = [
  wrong('notifications noted before they are told', notesBeforeTelling),
  wrong(
    'topic that fails taken to have taken',
    publishing((publish) => (some) => publish(some).catch(() => undefined)),
  ),
];
