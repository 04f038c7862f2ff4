// GET /api/plan: what the keeper will do with each pool and why: as of its last pass, or at a later moment.
import { Temporal } from 'temporal-polyfill';
import { problem } from '../shared/http/problemDocument.ts';
import { queryTrigger } from '../shared/http/trigger.ts';
import { type Pass, readPasses } from '../shared/stores/passStore.ts';
import { lastHeard } from '../shared/stores/sourcesStore.ts';
import { listNodePools } from '../shared/usecases/ask/listNodePools.ts';
import { planAt } from '../shared/usecases/plan/planAt.ts';

export const handler = queryTrigger('getPlan', async ({ at, ...filter }, { parts, json }) => {
  const now = parts.clock.now();
  if (at === undefined) {
    const views = await listNodePools(parts, filter);
    const passes = (await readPasses(parts.tables)).map(asText);
    const sources = await lastHeard(parts.tables, now);
    return json({ value: views.map((view) => view.decision), passes, sources });
  }
  const moment = Temporal.Instant.from(at);
  if (Temporal.Instant.compare(moment, now) < 0) {
    const detail = `at is ${at}, which is past; give a later moment. What was decided is at /api/nodepools/…/decisions.`;
    return problem(400, 'The query is not valid', detail);
  }
  return json({ value: await planAt(parts, filter, moment) });
});

const asText = (pass: Pass) => ({ ...pass, at: pass.at.toString(), listedAt: pass.listedAt?.toString() });
