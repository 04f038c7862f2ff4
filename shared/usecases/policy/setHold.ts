// Sets a hold: from now on, or from its time on, nothing starts in its scope. Called by postHold.
import { randomUUID } from 'node:crypto';
import { type Hold, parseHold } from '../../domain/policy/hold.ts';
import { noPolicy, type PolicyInForce } from '../../domain/policy/policy.ts';
import { unknownRing } from '../../domain/policy/ring.ts';
import { reachOfHold } from '../../domain/rings/reach.ts';
import { isObject } from '../../domain/text/anyValue.ts';
import type { Problem } from '../../domain/text/fieldProblems.ts';
import { readPolicy } from '../../stores/policyStore.ts';
import { holds } from '../../stores/standingStore.ts';
import type { Dependencies } from '../dependencies.ts';
import { judgeReach, noMatch } from './judgeReach.ts';

/**
 * One that certainly matches no pool is refused, unless the caller says that it may: it is misspelled, or precedes its cluster.
 * @param author undefined where nobody may set one: then it says what is wrong with the document alone
 */
export async function setHold(
  dependencies: Dependencies,
  document: unknown,
  author: string | undefined,
  allowNoMatch = false,
) {
  const { tables, clock, log } = dependencies;
  const now = clock.now();
  const parsed = parseHold(document, now);
  const isOnRing = isObject(document) && document['scope'] === 'ring';
  const rings = isOnRing ? ringProblems(await readPolicy(tables), document) : [];
  const problems = [...(parsed.ok ? [] : parsed.problems), ...rings];
  if (!parsed.ok || problems.length > 0 || author === undefined) return { ok: false, problems } as const;
  const hold: Hold = { ...parsed.hold, id: randomUUID(), createdAt: now.toString(), createdBy: author };
  const { matches, warning, unmatched } = await judgeReach(dependencies, (fleet) => reachOfHold(hold, fleet));
  if (unmatched && !allowNoMatch) return { ok: false, problems: [], unmatched } as const;
  await holds.insert(tables, hold);
  log.info(`Hold ${hold.id} on ${hold.scope} set by ${author} for ${hold.owner}: ${hold.reason}`);
  return { ok: true, hold, matches, warning: unmatched ? noMatch : warning } as const;
}

/** Of a policy that can't be read nobody knows the rings; that must keep nobody from holding one. */
function ringProblems({ policy, problem }: PolicyInForce, document: unknown): readonly Problem[] {
  const isUnread = problem !== undefined && problem !== noPolicy.problem && policy.rings === undefined;
  return isUnread ? [] : unknownRing(policy.rings, document);
}
