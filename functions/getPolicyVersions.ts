// GET /api/policy/versions: who changed the policy, when and why, the newest first.
import { dependencies } from '../shared/composition.ts';
import type { PolicyVersionPage } from '../shared/http/answers/policy.ts';
import { json, toPage } from '../shared/http/jsonAnswer.ts';
import { PageQuery } from '../shared/http/requests/list.ts';
import { queryTrigger } from '../shared/http/trigger.ts';
import { listPolicyVersions } from '../shared/stores/policyStore.ts';

export const handler = queryTrigger('getPolicyVersions', PageQuery, async ({ limit, cursor }, { request, context }) => {
  const { values, next } = await listPolicyVersions(dependencies(context).tables, { limit, from: cursor });
  const versions = values.map(({ policy: _policy, ...version }) => version);
  return json<typeof PolicyVersionPage>(toPage(request, { values: versions, next }));
});
