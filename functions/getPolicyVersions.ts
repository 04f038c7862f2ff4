// GET /api/policy/versions: who changed the policy, when and why, the newest first.
import { toPage } from '../shared/http/jsonAnswer.ts';
import { queryTrigger } from '../shared/http/trigger.ts';
import { listPolicyVersions } from '../shared/stores/policyStore.ts';

export const handler = queryTrigger('getPolicyVersions', async ({ limit, cursor }, { request, parts, json }) => {
  const { values, next } = await listPolicyVersions(parts.tables, { limit, from: cursor });
  const versions = values.map(({ policy: _policy, ...version }) => version);
  return json(toPage({ request, parts }, { values: versions, next }));
});
