// The gates of rings: what the ring before shows, who approved, and how many pools are under way.
import { poolKey } from '../cluster/clusterId.ts';
import { type NodeImageVersion, parseNodeImageVersion } from '../image/nodeImageVersion.ts';
import { type Approval, approves } from '../policy/approval.ts';
import { soakHoursOf } from '../policy/ring.ts';
import type { Refusal } from '../rings/refusal.ts';
import type { RingHealth } from '../rings/ringHealth.ts';
import type { RingState } from '../rings/ringState.ts';
import { named } from '../text/messageOf.ts';
import { onceFor } from '../text/onceFor.ts';
import { isSamePerson } from '../text/personName.ts';
import { textOf } from '../window/instants.ts';
import { type Gate, offeredOf, type PoolContext } from './gate.ts';

const maxNamed = 5;

export const ringWaiting: Gate = (context) => {
  const { ring, rings, policy } = context;
  const release = releaseOf(context);
  if (!ring || !release || policy.policy.rings?.[0] === ring) return undefined;
  if (rings.length === 0) return 'The rings before have not been read, so nobody knows what they run.';
  // Where no earlier ring has the family: approvalNeeded has the say, or unsoakedFamily.
  const before = deciding(context, release);
  return before && refusalOf(before.state, before.health, release);
};

export const unsoakedFamily: Gate = (context) => {
  const { ring, rings, policy } = context;
  const release = releaseOf(context);
  if (ring?.unsoakedFamily !== 'block' || !release || rings.length === 0) return undefined;
  if (policy.policy.rings?.[0] === ring || deciding(context, release)) return undefined;
  return `No pool of the ring before runs ${release.family}, and ring ${ring.name} is closed to families that did not soak (unsoakedFamily: block). Add such a pool to the ring before, or change the policy.`;
};

export const approvalNeeded: Gate = (context) => {
  const asked = approvalAsked(context);
  if (!asked || asked.counted) return undefined;
  const { ring, release, given } = asked;
  const why = ring.approval
    ? `Ring ${ring.name} takes approved releases only`
    : `No pool of the rings before ring ${ring.name} runs ${release.family}`;
  const how = `approve ${release.release} for ring ${ring.name} (POST /api/approvals)`;
  if (given.length === 0) return `${why}; ${how}.`;
  const { author } = context.policy;
  if (author === undefined) {
    return `${why}, and an approval must come from somebody else than the policy's last author, who is not known. Put the policy in force by PUT /api/policy.`;
  }
  return `${why}, and ${author}, who approved it, is the policy's last author; somebody else must ${how}.`;
};

/** The approval by which this gate lets a pool pass; undefined: it passes without, or does not pass. */
export function countedApproval(context: PoolContext): Approval | undefined {
  return approvalAsked(context)?.counted;
}

/** Undefined where the start of the release needs no approval. */
function approvalAsked(context: PoolContext) {
  const { ring, policy } = context;
  const release = releaseOf(context);
  if (!ring || !release) return undefined;
  const hasNotSoaked = context.rings.length > 0 && policy.policy.rings?.[0] !== ring && !deciding(context, release);
  if (!ring.approval && !hasNotSoaked) return undefined;
  const given = (policy.approvals ?? []).filter((approval) => approves(approval, ring.name, release.raw));
  const { author } = policy;
  const counts = ({ approvedBy }: Approval) =>
    !policy.policy.approvals?.byOthers || (author !== undefined && !isSamePerson(approvedBy, author));
  return { ring, release, given, counted: given.find(counts) };
}

export const concurrencyLimit: Gate = (context) => {
  const state = stateOf(context);
  const limit = state?.ring.concurrency;
  if (!state || limit === undefined) return undefined;
  const own = poolKey(context.facts.cluster.id, context.pool.name);
  const others = state.inFlight.filter((key) => key !== own);
  return others.length < limit ? undefined : atLimit(state.ring.name, limit);
};

export function atLimit(ring: string, limit: number): string {
  const pools = limit === 1 ? 'pool is' : 'pools are';
  return `At most ${limit} ${pools} upgraded at once in ring ${ring}, and so many are under way or go first.`;
}

function releaseOf(context: PoolContext): NodeImageVersion | undefined {
  return parseNodeImageVersion(offeredOf(context) ?? '');
}

function stateOf({ ring, rings }: PoolContext): RingState | undefined {
  return rings.find((state) => state.ring.name === ring?.name);
}

function deciding({ ring, rings }: PoolContext, release: NodeImageVersion) {
  const index = rings.findIndex((state) => state.ring.name === ring?.name);
  const asksFurther = ring?.unsoakedFamily === undefined || ring.unsoakedFamily === 'nearest';
  const earlier = rings.slice(asksFurther ? 0 : Math.max(index - 1, 0), Math.max(index, 0)).toReversed();
  const states = earlier.map((state) => ({ state, health: state.healthOf(release) }));
  return states.find(({ health }) => health.kind !== 'lacksFamily');
}

/** Thousands of pools may wait for the same ones. */
const poolsIn = onceFor((health: RingHealth) => ('pools' in health ? named(health.pools, maxNamed, health.more) : ''));

function refusalOf({ ring }: RingState, health: RingHealth, release: NodeImageVersion): Refusal | string | undefined {
  const what = release.raw;
  const pools = poolsIn(health);
  switch (health.kind) {
    case 'soaked':
    case 'lacksFamily':
      return undefined;
    case 'uncounted':
      return `How ring ${ring.name} does with ${what} is not counted yet; the next pass does.`;
    case 'soaking': {
      const sentence = `Ring ${ring.name} has to run ${what} for ${soakHoursOf(ring)} hours first, which it will have at ${textOf(health.until)} (${pools}).`;
      return { sentence, nextEligibleAt: health.until };
    }
    case 'behind':
      return `Ring ${ring.name} goes first, and has yet to run ${what} on ${pools}.`;
    case 'unread':
      return `How ring ${ring.name} does is not known: ${pools} could not be read.`;
    case 'unhealthy':
      return `${what} is not healthy in ring ${ring.name}: it failed or was, or may have been, rolled back on ${pools}. Repair these pools, or hold them to go on without them.`;
    case 'passedOver':
      return `No pool of ring ${ring.name} ran ${what} for ${soakHoursOf(ring)} hours, and none that is waited for will: they run newer releases, or are held, stopped or unsupported. A newer release is awaited.`;
  }
}
