// GET /api/approvals: the approvals that stand, oldest first; with revoked=true those that were revoked, newest first.
import { dependencies } from '../shared/composition.ts';
import type { ApprovalPage } from '../shared/http/answers/hold.ts';
import { json, toPage } from '../shared/http/jsonAnswer.ts';
import { ApprovalsQuery } from '../shared/http/requests/hold.ts';
import { queryTrigger } from '../shared/http/trigger.ts';
import { approvals } from '../shared/stores/standingStore.ts';

export const handler = queryTrigger(
  'getApprovals',
  ApprovalsQuery,
  async ({ revoked, limit, cursor }, { request, context }) => {
    const list = revoked ? approvals.listEnded : approvals.list;
    return json<typeof ApprovalPage>(
      toPage(request, await list(dependencies(context).tables, { limit, from: cursor })),
    );
  },
);
