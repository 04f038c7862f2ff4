// Sets a hold: from now on, or from its time on, nothing starts in its scope. Called by postHold.
import { randomUUID } from 'node:crypto';
import { type Hold, parseHold } from '../../domain/policy/hold.ts';
import { ringProblem } from '../../domain/policy/ring.ts';
import { readPolicy } from '../../stores/policyStore.ts';
import { holds } from '../../stores/standingStore.ts';
import type { Dependencies } from '../dependencies.ts';

export async function setHold({ tables, clock, log }: Dependencies, document: unknown, author: string) {
  const now = clock.now();
  const parsed = parseHold(document, now);
  if (!parsed.ok) return parsed;
  if (parsed.hold.scope === 'ring') {
    const { policy } = await readPolicy(tables);
    const problem = ringProblem(policy.rings, parsed.hold.ring);
    if (problem) return { ok: false, problems: [problem] } as const;
  }
  const hold: Hold = { ...parsed.hold, id: randomUUID(), createdAt: now.toString(), createdBy: author };
  await holds.insert(tables, hold);
  log.info(`Hold ${hold.id} on ${hold.scope} set by ${author} for ${hold.owner}: ${hold.reason}`);
  return { ok: true, hold } as const;
}
