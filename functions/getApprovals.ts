// GET /api/approvals: the approvals that stand, oldest first; with revoked=true those that were revoked, newest first.
import { toPage } from '../shared/http/jsonAnswer.ts';
import { queryTrigger } from '../shared/http/trigger.ts';
import { approvals } from '../shared/stores/standingStore.ts';

export const handler = queryTrigger('getApprovals', async ({ revoked, limit, cursor }, { request, parts, json }) => {
  const list = revoked ? approvals.listEnded : approvals.list;
  return json(toPage({ request, parts }, await list(parts.tables, { limit, from: cursor })));
});
