// GET /api/policy: the policy in force, with its ETag, or an earlier version; who set it, when and why.
import { problem } from '../shared/http/problemDocument.ts';
import { queryTrigger } from '../shared/http/trigger.ts';
import { getPolicyVersion, readCurrentPolicy } from '../shared/stores/policyStore.ts';
import { tagOf } from '../shared/usecases/policy/changePolicy.ts';

export const handler = queryTrigger('getPolicy', async ({ version }, { parts: { tables }, json }) => {
  if (version !== undefined) {
    const stored = await getPolicyVersion(tables, version);
    const detail = `There is no version ${version}; GET /api/policy/versions lists them.`;
    return stored ? json(stored) : problem(404, 'No such version', detail);
  }
  const current = await readCurrentPolicy(tables);
  if (current) return json(current.stored, 200, { etag: tagOf(current) });
  const detail = 'No policy is set, so the keeper records and starts nothing. PUT one with If-None-Match: *.';
  return problem(404, 'No policy', detail);
});
