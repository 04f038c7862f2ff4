// A ring: pools that are upgraded together. The policy lists its rings in their order.
import { z } from 'zod';
import type { Cluster, NodePool } from '../cluster/cluster.ts';
import { isObject } from '../text/anyValue.ts';
import { fields, type Problem } from '../text/fieldProblems.ts';
import { flag, oneOf, wholeNumber } from './fieldKinds.ts';
import { PoolSelector, poolSelectorMatches } from './selector.ts';

const ringName = 'a name of letters, digits and hyphens, up to 40 characters';
const selectors = 'a list of at least one selector';

export const RingName = z
  .string({ error: ringName })
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,39}$/, { error: ringName })
  .describe("The ring's name, as approvals and holds give it.");

export const Ring = fields({
  name: RingName,
  selectors: z
    .array(PoolSelector, { error: selectors })
    .min(1, { error: selectors })
    .describe('The pools of the ring: those that one selector matches. One that two rings select is in the later.'),
  ringSoakHours: wholeNumber('hours', 0, 2160)
    .optional()
    .describe('Hours that a release must run healthy here before the next ring starts it; without: 24.'),
  concurrency: wholeNumber('pools', 1, 1000)
    .optional()
    .describe('Pools of the ring that are upgraded at once, each in a cluster of its own; without: any.'),
  mode: oneOf('observe', 'enforce').optional().describe("The ring's own mode, whatever the policy's is."),
  approval: flag.optional().describe('true: a release is started here only when somebody approved it for this ring.'),
  unsoakedFamily: oneOf('nearest', 'approval', 'block')
    .optional()
    .describe(
      'Pools whose image family no pool of the ring before runs. nearest, the default: the nearest earlier ring that has it decides; where none has: approval. approval: an approval for this ring. block: never started.',
    ),
}).describe('Pools that are upgraded together.');
export type Ring = z.infer<typeof Ring>;

export const Rings = z
  .array(Ring, { error: 'a list of rings, in their order' })
  .min(1, { error: 'a list of at least one ring; leave rings out to have none' })
  .superRefine(
    (rings, context) => {
      const names = rings.map(nameOf);
      names.forEach((name, index) => {
        if (name === undefined || names.indexOf(name) === index) return;
        context.addIssue({ code: 'custom', path: [index, 'name'], message: 'a name that no ring before it has' });
      });
    },
    // Also where another field is wrong: name every problem at once.
    { when: ({ value }) => Array.isArray(value) },
  );

function nameOf(ring: unknown): string | undefined {
  return isObject(ring) && typeof ring['name'] === 'string' ? ring['name'].toLowerCase() : undefined;
}

/** A pool in two rings belongs to the later one, which waits longer. */
export function ringOf(rings: readonly Ring[], cluster: Cluster, pool: NodePool): number | undefined {
  const index = rings.findLastIndex((ring) => isIn(ring, cluster, pool));
  return index < 0 ? undefined : index;
}

export function isIn(ring: Ring, cluster: Cluster, pool: NodePool): boolean {
  return ring.selectors.some((selector) => poolSelectorMatches(selector, cluster, pool));
}

export function hasRing(rings: readonly Ring[] = [], name: string): boolean {
  return rings.some((ring) => ring.name.toLowerCase() === name.toLowerCase());
}

/** What is wrong with the ring that a document names; its parser says it where that can be no ring's name. */
export function unknownRing(rings: readonly Ring[] = [], document: unknown): readonly Problem[] {
  const { data: name } = RingName.safeParse(isObject(document) ? document['ring'] : undefined);
  if (name === undefined || hasRing(rings, name)) return [];
  const names = rings.map((ring) => ring.name).join(', ');
  const allowed = `a ring of the policy in force${names === '' ? ', which has none' : `: ${names}`}`;
  return [{ path: 'ring', found: JSON.stringify(name), allowed }];
}

export function soakHoursOf({ ringSoakHours = 24 }: Ring): number {
  return ringSoakHours;
}
