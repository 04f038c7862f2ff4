// GET /api/holds: the holds that are not lifted, oldest first; with lifted=true those that were, newest first.
import { toPage } from '../shared/http/jsonAnswer.ts';
import { queryTrigger } from '../shared/http/trigger.ts';
import { holds } from '../shared/stores/standingStore.ts';

export const handler = queryTrigger('getHolds', async ({ lifted, limit, cursor }, { request, parts, json }) => {
  const list = lifted ? holds.listEnded : holds.list;
  return json(toPage({ request, parts }, await list(parts.tables, { limit, from: cursor })));
});
