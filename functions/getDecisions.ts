// GET /api/nodepools/{subscription}/{resourceGroup}/{cluster}/{nodePool}/decisions: what was decided on a pool, newest
// first; a decision stands until the next one.
import { dependencies } from '../shared/composition.ts';
import type { DecisionPage } from '../shared/http/answers/decision.ts';
import { json, toPage } from '../shared/http/jsonAnswer.ts';
import { problem } from '../shared/http/problemDocument.ts';
import { PageQuery } from '../shared/http/requests/list.ts';
import { queryTrigger } from '../shared/http/trigger.ts';
import { listDecisions } from '../shared/usecases/ask/listDecisions.ts';

export const handler = queryTrigger('getDecisions', PageQuery, async ({ limit, cursor }, { request, context }) => {
  const { subscription = '', resourceGroup = '', cluster = '', nodePool = '' } = request.params;
  const address = { subscription, resourceGroup, cluster, nodePool };
  const page = await listDecisions(dependencies(context), address, limit, cursor);
  if (page) return json<typeof DecisionPage>(toPage(request, { values: page.decisions, next: page.next }));
  const detail = `No pass has seen pool ${nodePool} of cluster ${cluster} in ${resourceGroup}; GET /api/nodepools lists those it has.`;
  return problem(404, 'No such pool', detail);
});
