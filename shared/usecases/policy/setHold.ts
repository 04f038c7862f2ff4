// Sets a hold: from now on, or from its time on, nothing starts in its scope. Called by postHold.
import { randomUUID } from 'node:crypto';
import { type Hold, parseHold } from '../../domain/policy/hold.ts';
import { unknownRing } from '../../domain/policy/ring.ts';
import { isObject } from '../../domain/text/anyValue.ts';
import { readPolicy } from '../../stores/policyStore.ts';
import { holds } from '../../stores/standingStore.ts';
import type { Dependencies } from '../dependencies.ts';

/** @param author undefined where nobody may set one: then it says what is wrong with the document alone */
export async function setHold({ tables, clock, log }: Dependencies, document: unknown, author: string | undefined) {
  const now = clock.now();
  const parsed = parseHold(document, now);
  const isOnRing = isObject(document) && document['scope'] === 'ring';
  const rings = isOnRing ? unknownRing((await readPolicy(tables)).policy.rings, document) : [];
  const problems = [...(parsed.ok ? [] : parsed.problems), ...rings];
  if (!parsed.ok || problems.length > 0 || author === undefined) return { ok: false, problems } as const;
  const hold: Hold = { ...parsed.hold, id: randomUUID(), createdAt: now.toString(), createdBy: author };
  await holds.insert(tables, hold);
  log.info(`Hold ${hold.id} on ${hold.scope} set by ${author} for ${hold.owner}: ${hold.reason}`);
  return { ok: true, hold } as const;
}
