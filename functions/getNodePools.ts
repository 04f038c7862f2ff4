// GET /api/nodepools: every pool of the fleet with its image, the latest one, the decision on it, and how far its upgrade has come.
import { dependencies } from '../shared/composition.ts';
import type { NodePoolList } from '../shared/http/answers/nodePool.ts';
import { json } from '../shared/http/jsonAnswer.ts';
import { toNodePoolRow } from '../shared/http/nodePoolRow.ts';
import { PoolQuery } from '../shared/http/requests/list.ts';
import { queryTrigger } from '../shared/http/trigger.ts';
import { listAttempts } from '../shared/stores/startsStore.ts';
import { listNodePools } from '../shared/usecases/ask/listNodePools.ts';

export const handler = queryTrigger('getNodePools', PoolQuery, async (query, { context }) => {
  const { clock, ...rest } = dependencies(context);
  const views = await listNodePools(rest, query);
  const attempts = (await listAttempts(rest.tables)).map(({ attempt }) => attempt);
  return json<typeof NodePoolList>({ value: views.map((view) => toNodePoolRow(view, clock.now(), attempts)) });
});
