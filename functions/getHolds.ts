// GET /api/holds: the holds that are not lifted, oldest first; with lifted=true those that were, newest first.
import { dependencies } from '../shared/composition.ts';
import type { HoldPage } from '../shared/http/answers/hold.ts';
import { json, toPage } from '../shared/http/jsonAnswer.ts';
import { HoldsQuery } from '../shared/http/requests/hold.ts';
import { queryTrigger } from '../shared/http/trigger.ts';
import { holds } from '../shared/stores/standingStore.ts';

export const handler = queryTrigger('getHolds', HoldsQuery, async ({ lifted, limit, cursor }, { request, context }) => {
  const list = lifted ? holds.listEnded : holds.list;
  return json<typeof HoldPage>(toPage(request, await list(dependencies(context).tables, { limit, from: cursor })));
});
