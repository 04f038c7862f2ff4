// A hold: no starts in a scope until somebody lifts it or its time is over. Made over HTTP, read by the gate held.
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Cluster, NodePool } from '../cluster/cluster.ts';
import { isCluster } from '../cluster/clusterId.ts';
import { imagePattern, matchesImage } from '../image/imagePattern.ts';
import { isObject } from '../text/anyValue.ts';
import { fields, type Problem, toProblems } from '../text/fieldProblems.ts';
import { globMatches } from '../text/glob.ts';
import { nameProblem } from '../text/personName.ts';
import { instantIn, type Stored } from '../text/stored.ts';
import { trimmedText } from './fieldKinds.ts';
import { RingName } from './ring.ts';

const scopes = 'an object whose scope is "fleet", "ring", "cluster", "nodePool" or "release"';

const text = (allowed: string, maxLength = 200) => trimmedText(`${allowed}, up to ${maxLength} characters`, maxLength);

const someInstant = 'an instant in ISO 8601, such as 2026-12-23T18:00:00Z';
// What Temporal and the answers' readers take too: nine digits of a second, and years of four in UTC.
const instant = z.iso
  .datetime({ offset: true, error: someInstant, abort: true })
  .refine((text) => /^\d{4}-/.test(instantIn(text)?.toString() ?? ''), { error: someInstant });

const common = {
  owner: text('who to ask about it'),
  reason: text('why nothing may start', 500),
  from: instant.optional(),
  until: instant.optional(),
};

const cluster = text('the ARM id of a cluster, or a name with * and ?', 500);

const nodePool = text('the name of a pool, with * and ?');

const release = imagePattern.max(200, {
  error: 'a node image version or a release, with * and ?, up to 200 characters',
});

const HoldFields = z.discriminatedUnion(
  'scope',
  [
    fields({ scope: z.literal('fleet'), ...common }),
    fields({ scope: z.literal('ring'), ring: RingName, ...common }),
    fields({ scope: z.literal('cluster'), cluster, ...common }),
    fields({ scope: z.literal('nodePool'), cluster, nodePool, ...common }),
    fields({ scope: z.literal('release'), release, ...common }),
  ],
  { error: scopes },
);
type HoldFields = z.infer<typeof HoldFields>;

const Times = z.looseObject({ from: common.from, until: common.until });

const Making = z.looseObject({
  id: z.string(),
  createdAt: z.string(),
  createdBy: z.string(),
  failures: z.array(z.string()).optional(),
});

export type Hold = HoldFields & Stored<typeof Making>;

/** What can be said of a hold whose scope says nothing. */
const OfNoScope = fields({
  scope: z.never({ error: scopes }),
  ring: RingName.optional(),
  cluster: cluster.optional(),
  nodePool: nodePool.optional(),
  release: release.optional(),
  ...common,
});

const KnownScope = z.looseObject({ scope: z.enum(['fleet', 'ring', 'cluster', 'nodePool', 'release']) });

export function parseHold(document: unknown, now: Temporal.Instant) {
  const isScoped = !isObject(document) || KnownScope.safeParse(document).success;
  const parsed = (isScoped ? HoldFields : OfNoScope).safeParse(document);
  const problems = [
    ...(parsed.success ? [] : toProblems(document, parsed.error)),
    ...endProblems(document, now),
    ...ownerProblems(document),
  ];
  if (!parsed.success || problems.length > 0) return { ok: false, problems } as const;
  return { ok: true, hold: parsed.data } as const;
}

/** Not in the schema, which reads holds that stand already. */
function ownerProblems(document: unknown): readonly Problem[] {
  const owner = isObject(document) ? document['owner'] : undefined;
  if (typeof owner !== 'string' || nameProblem(owner) === undefined) return [];
  const allowed = 'a name whose characters can all be seen, each word in one script';
  return [{ path: 'owner', found: JSON.stringify(owner), allowed }];
}

/** Of an end that is an instant, and whose beginning is one or now. */
function endProblems(document: unknown, now: Temporal.Instant): readonly Problem[] {
  const times = Times.safeParse(document).data;
  if (times?.until === undefined) return [];
  const begins = times.from === undefined ? now : Temporal.Instant.from(times.from);
  const start = Temporal.Instant.compare(begins, now) > 0 ? begins : now;
  if (Temporal.Instant.compare(Temporal.Instant.from(times.until), start) > 0) return [];
  const allowed = `an instant after ${start.toString()}; leave it out for a hold that stays until it is lifted`;
  return [{ path: 'until', found: JSON.stringify(times.until), allowed }];
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
