// On which pools a hold or an approval has a say, by what the lists showed last. Called by setHold and approveRelease.
import type { Temporal } from 'temporal-polyfill';
import type { Fleet, Reach } from '../../domain/rings/reach.ts';
import type { Problem } from '../../domain/text/fieldProblems.ts';
import { messageOf, withoutFullStop } from '../../domain/text/messageOf.ts';
import { isBefore } from '../../domain/text/stored.ts';
import { readPasses } from '../../stores/passStore.ts';
import { readPolicy } from '../../stores/policyStore.ts';
import { judgePass } from '../ask/checkHealth.ts';
import type { Dependencies, FleetTables } from '../dependencies.ts';
import { listedAt } from '../observe/recordGaps.ts';
import { readFleet } from '../plan/readFleet.ts';

const maxListed = 50;

/** The warning about what was taken all the same. */
export const noMatch = 'It matches no pool of the fleet now.';

export type Judged = {
  readonly matches: {
    readonly count: number;
    readonly first: readonly { readonly cluster: string; readonly nodePool: string }[];
  };
  /** Why it may match other pools, or what it means without any; as a sentence. */
  readonly warning?: string | undefined;
  /** What it names that is certainly not there. */
  readonly unmatched?: Problem | undefined;
};

/** Whatever breaks in here is a warning: in an incident nobody may be refused for it. */
export async function judgeReach(
  { tables, subscriptions, clock }: FleetTables & Pick<Dependencies, 'clock'>,
  reach: (fleet: Fleet) => Reach,
): Promise<Judged> {
  try {
    const now = clock.now();
    const policy = await readPolicy(tables);
    const clusters = await readFleet({ tables, subscriptions }, now);
    const withoutPools = (await readPasses(tables)).flatMap((pass) => pass.withoutPools ?? []);
    const unknown = await whyUnlisted({ tables, subscriptions }, now);
    const found = reach({ clusters, policy, now, unknown, withoutPools });
    const first = found.pools
      .slice(0, maxListed)
      .map(({ facts, pool }) => ({ cluster: facts.cluster.id, nodePool: pool.name }));
    const matches = { count: found.pools.length, first };
    if (found.unknown !== undefined) {
      return { matches, warning: `${found.unknown}, so it may match other pools than these.` };
    }
    return { matches, warning: found.sense && `${found.sense}.`, unmatched: found.unmatched };
  } catch (error) {
    const warning = `Which pools it matches could not be read: ${withoutFullStop(messageOf(error))}.`;
    return { matches: { count: 0, first: [] }, warning };
  }
}

/** Why nobody knows what the fleet has now: a list failed, is older than an hour or never was. The first, without a full stop. */
export async function whyUnlisted(
  { tables, subscriptions }: FleetTables,
  now: Temporal.Instant,
): Promise<string | undefined> {
  const reasons = await Promise.all(subscriptions.map((one) => whyUnlistedOf(tables, one, now)));
  return reasons.find((reason) => reason !== undefined);
}

async function whyUnlistedOf(tables: Dependencies['tables'], subscription: string, now: Temporal.Instant) {
  const { pass, problem } = await judgePass(tables, subscription, now);
  if (problem !== undefined) return withoutFullStop(problem);
  if (pass?.problem !== undefined) {
    return `What there is in subscription ${subscription} is not known: ${withoutFullStop(pass.problem)}`;
  }
  const at = pass && listedAt({ value: pass });
  const isOld = !at || isBefore(at, now.subtract({ hours: 1 }));
  return isOld
    ? `Subscription ${subscription} was last listed at ${at?.toString() ?? 'no time that is known'}`
    : undefined;
}
