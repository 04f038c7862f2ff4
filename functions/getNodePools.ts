// GET /api/nodepools: every pool of the fleet with its image, the latest one, the decision on it, and how far its upgrade has come.
import { toNodePoolRow } from '../shared/http/nodePoolRow.ts';
import { queryTrigger } from '../shared/http/trigger.ts';
import { listAttempts } from '../shared/stores/starts/startsStore.ts';
import { listNodePools } from '../shared/usecases/ask/listNodePools.ts';

export const handler = queryTrigger('getNodePools', async (query, { parts, json }) => {
  const views = await listNodePools(parts, query);
  const attempts = (await listAttempts(parts.tables)).map(({ attempt }) => attempt);
  return json({ value: views.map((view) => toNodePoolRow(view, parts.clock.now(), attempts)) });
});
