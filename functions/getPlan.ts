// GET /api/plan: what the keeper will do with each pool and why: as of its last pass, or at a later moment.
import { Temporal } from 'temporal-polyfill';
import { dependencies } from '../shared/composition.ts';
import type { Plan } from '../shared/http/answers/decision.ts';
import { json } from '../shared/http/jsonAnswer.ts';
import { problem } from '../shared/http/problemDocument.ts';
import { PlanQuery } from '../shared/http/requests/list.ts';
import { queryTrigger } from '../shared/http/trigger.ts';
import { readPasses } from '../shared/stores/passStore.ts';
import { lastHeard } from '../shared/stores/sourcesStore.ts';
import { listNodePools } from '../shared/usecases/ask/listNodePools.ts';
import { planAt } from '../shared/usecases/plan/planAt.ts';

export const handler = queryTrigger('getPlan', PlanQuery, async ({ at, ...filter }, { context }) => {
  const { clock, ...rest } = dependencies(context);
  if (at === undefined) {
    const views = await listNodePools(rest, filter);
    const read = await readPasses(rest.tables);
    const passes = read.map((pass) => ({ ...pass, at: pass.at.toString(), listedAt: pass.listedAt?.toString() }));
    const sources = await lastHeard(rest.tables, clock.now());
    return json<typeof Plan>({ value: views.map((view) => view.decision), passes, sources });
  }
  const moment = Temporal.Instant.from(at);
  if (Temporal.Instant.compare(moment, clock.now()) < 0) {
    const detail = `at is ${at}, which is past; give a later moment. What was decided is at /api/nodepools/…/decisions.`;
    return problem(400, 'The query is not valid', detail);
  }
  return json<typeof Plan>({ value: await planAt(rest, filter, moment) });
});
