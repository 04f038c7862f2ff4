// GET /api/policy/lint: what is odd about the policy in force, the holds and the fleet together.
import { dependencies } from '../shared/composition.ts';
import type { PolicyLint } from '../shared/http/answers/policy.ts';
import { json } from '../shared/http/jsonAnswer.ts';
import { NoQuery, queryTrigger } from '../shared/http/trigger.ts';
import { lintFleet } from '../shared/usecases/policy/lintFleet.ts';

export const handler = queryTrigger('getPolicyLint', NoQuery, async (_query, { context }) =>
  json<typeof PolicyLint>({ value: await lintFleet(dependencies(context)) }),
);
