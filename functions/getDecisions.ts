// GET /api/nodepools/{subscription}/{resourceGroup}/{cluster}/{nodePool}/decisions: what was decided on a pool, newest first.
import { toPage } from '../shared/http/jsonAnswer.ts';
import { problem } from '../shared/http/problemDocument.ts';
import { queryTrigger } from '../shared/http/trigger.ts';
import { listDecisions } from '../shared/usecases/ask/listDecisions.ts';

export const handler = queryTrigger('getDecisions', async ({ limit, cursor }, { request, path, parts, json }) => {
  const { resourceGroup, cluster, nodePool } = path;
  const page = await listDecisions(parts, path, limit, cursor);
  if (page) return json(toPage({ request, parts }, { values: page.decisions, next: page.next }));
  const detail = `No pass has seen pool ${nodePool} of cluster ${cluster} in ${resourceGroup}; GET /api/nodepools lists those it has.`;
  return problem(404, 'No such pool', detail);
});
