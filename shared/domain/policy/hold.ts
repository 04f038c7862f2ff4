// A hold: no starts in a scope until somebody lifts it or its time is over. Made over HTTP, read by the gate held.
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Cluster, NodePool } from '../cluster/cluster.ts';
import { isCluster } from '../cluster/clusterId.ts';
import { imagePattern, matchesImage } from '../image/imagePattern.ts';
import { fields, toProblems } from '../text/fieldProblems.ts';
import { globMatches } from '../text/glob.ts';
import { nameProblem } from '../text/personName.ts';
import type { Stored } from '../text/stored.ts';
import { trimmedText } from './fieldKinds.ts';
import { RingName } from './ring.ts';

const scopes = 'an object whose scope is "fleet", "ring", "cluster", "nodePool" or "release"';

const text = (allowed: string, maxLength = 200) => trimmedText(`${allowed}, up to ${maxLength} characters`, maxLength);

const instant = z.iso.datetime({ offset: true, error: 'an instant in ISO 8601, such as 2026-12-23T18:00:00Z' });

const common = {
  owner: text('who to ask about it'),
  reason: text('why nothing may start', 500),
  from: instant.optional(),
  until: instant.optional(),
};

const cluster = text('the ARM id of a cluster, or a name with * and ?', 500);

const HoldFields = z.discriminatedUnion(
  'scope',
  [
    fields({ scope: z.literal('fleet'), ...common }),
    fields({ scope: z.literal('ring'), ring: RingName, ...common }),
    fields({ scope: z.literal('cluster'), cluster, ...common }),
    fields({ scope: z.literal('nodePool'), cluster, nodePool: text('the name of a pool, with * and ?'), ...common }),
    fields({ scope: z.literal('release'), release: imagePattern, ...common }),
  ],
  { error: scopes },
);
type HoldFields = z.infer<typeof HoldFields>;

const Making = z.looseObject({
  id: z.string(),
  createdAt: z.string(),
  createdBy: z.string(),
  failures: z.array(z.string()).optional(),
});

export type Hold = HoldFields & Stored<typeof Making>;

export function parseHold(document: unknown, now: Temporal.Instant) {
  const parsed = HoldFields.safeParse(document);
  if (!parsed.success) return { ok: false, problems: toProblems(document, parsed.error) } as const;
  const { from, until, owner } = parsed.data;
  // Not in the schema, which reads holds that stand already.
  if (nameProblem(owner) !== undefined) {
    const allowed = 'a name whose characters can all be seen, each word in one script';
    return { ok: false, problems: [{ path: 'owner', found: JSON.stringify(owner), allowed }] } as const;
  }
  const begins = from === undefined ? now : Temporal.Instant.from(from);
  const start = Temporal.Instant.compare(begins, now) > 0 ? begins : now;
  if (until !== undefined && Temporal.Instant.compare(Temporal.Instant.from(until), start) <= 0) {
    const allowed = `an instant after ${start.toString()}; leave it out for a hold that stays until it is lifted`;
    return { ok: false, problems: [{ path: 'until', found: JSON.stringify(until), allowed }] } as const;
  }
  return { ok: true, hold: parsed.data } as const;
}

export function readHold(stored: unknown): Hold | undefined {
  const making = Making.safeParse(stored);
  if (!making.success) return undefined;
  const { id, createdAt, createdBy, failures, ...rest } = making.data;
  const hold = HoldFields.safeParse(rest);
  return hold.success ? { ...hold.data, id, createdAt, createdBy, failures } : undefined;
}

export function failuresOf(stored: unknown): readonly string[] {
  return Making.safeParse(stored).data?.failures ?? [];
}

export function covers(
  hold: Hold,
  target: Cluster,
  pool: NodePool,
  { latest, ring }: { readonly latest: string | undefined; readonly ring: string | undefined },
): boolean {
  switch (hold.scope) {
    case 'fleet':
      return true;
    case 'ring':
      return hold.ring.toLowerCase() === ring?.toLowerCase();
    case 'cluster':
      return isCluster(target.id, hold.cluster);
    case 'nodePool':
      return isCluster(target.id, hold.cluster) && globMatches(hold.nodePool, pool.name);
    case 'release':
      return latest !== undefined && latest !== pool.nodeImageVersion && matchesImage(hold.release, latest);
  }
}
