// The policy in force: one row.
import { noPolicy, type PolicyInForce, parsePolicy } from '../domain/policy.ts';
import type { Tables } from '../ports.ts';

const partition = 'policy';
const row = 'current';

/** The stored policy. One that can't be read is not obeyed in part: then the keeper observes, and says why. */
export async function readPolicy(tables: Tables): Promise<PolicyInForce> {
  const stored = await tables.get('Policy', partition, row);
  if (!stored) return noPolicy;
  const parsed = parsePolicy(stored.value);
  if (parsed.ok) return { policy: parsed.policy };
  const problems = parsed.problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return { policy: noPolicy.policy, problem: `The stored policy is not valid, so nothing is started: ${problems}` };
}

/**
 * Puts a policy in force.
 * @throws with every problem when the document is not a policy; the old one stays
 */
export async function writePolicy(tables: Tables, document: unknown): Promise<void> {
  const parsed = parsePolicy(document);
  if (!parsed.ok) {
    const problems = parsed.problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
    throw new Error(`The policy is not valid: ${problems}`);
  }
  await tables.write('Policy', partition, [{ kind: 'upsert', rowKey: row, value: parsed.policy }]);
}
