// GET /api/plan: what the keeper will do with each pool and why: as of its last pass, or at a later moment.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { Temporal } from 'temporal-polyfill';
import { dependencies } from '../shared/composition.ts';
import type { Plan } from '../shared/http/answers/decision.ts';
import { PlanQuery } from '../shared/http/httpSchemas.ts';
import { json, problem } from '../shared/http/problem.ts';
import { readQuery } from '../shared/http/readQuery.ts';
import { readPasses } from '../shared/stores/passStore.ts';
import { lastHeard } from '../shared/stores/sourcesStore.ts';
import { listNodePools } from '../shared/usecases/ask/listNodePools.ts';
import { planAt } from '../shared/usecases/plan/planAt.ts';

export async function handler(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const query = readQuery(request, PlanQuery);
  if (!query.ok) return query.response;
  const { at, ...filter } = query.value;
  const { clock, ...rest } = dependencies(context);
  if (at === undefined) {
    const views = await listNodePools(rest, filter);
    const [passes, sources] = [await readPasses(rest.tables), await lastHeard(rest.tables, clock.now())];
    return json<Plan>({ value: views.map((view) => view.decision), passes, sources });
  }
  const moment = Temporal.Instant.from(at);
  if (Temporal.Instant.compare(moment, clock.now()) < 0) {
    const detail = `at is ${at}, which is past; give a later moment. What was decided is at /api/nodepools/…/decisions.`;
    return problem(400, 'The query is not valid', detail);
  }
  return json<Plan>({ value: await planAt(rest, filter, moment) });
}

app.http('getPlan', { methods: ['GET'], route: 'plan', authLevel: 'function', handler });
