// What is odd about the policy in force, holds, approvals and the fleet as last seen. Called by getPolicyLint; reads storage alone.
import { lintPolicy } from '../../domain/lint/lintPolicy.ts';
import { lintTurns } from '../../domain/lint/lintTurns.ts';
import type { PolicyWarning } from '../../domain/lint/policyWarning.ts';
import { readPolicy } from '../../stores/policyStore.ts';
import type { Dependencies } from '../dependencies.ts';
import { readFleet } from '../plan/readFleet.ts';
import { whyUnlisted } from './judgeReach.ts';

export async function lintFleet(dependencies: Dependencies): Promise<readonly PolicyWarning[]> {
  const now = dependencies.clock.now();
  const fleet = await readFleet(dependencies, now);
  // Of clusters that could not be read there is nothing to say.
  const known = fleet.filter(({ cluster }) => cluster.unread === undefined);
  const unlisted = await whyUnlisted(dependencies, now);
  const unknown = known.length < fleet.length ? 'Some clusters could not be read' : unlisted;
  const inForce = await readPolicy(dependencies.tables);
  const turns = lintTurns(inForce.policy, known, now, dependencies.shareForOthers);
  return [...lintPolicy(inForce, known, now, unknown), ...turns];
}
