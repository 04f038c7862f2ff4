// Policies that people set: the one that a run begins and ends with, and those that come and go in between. Used by
// drawOptions.ts and steering.ts.
import { drawRings } from './drawRings.ts';
import { shiftDay } from './drawWindow.ts';
import type { Draw } from './seed.ts';

export type PolicyDocument = {
  readonly mode: string;
  readonly rings?: ReturnType<typeof drawRings>;
  readonly images?: { readonly minimumAgeDays?: number; readonly block?: readonly string[] };
  readonly [field: string]: unknown;
};

/** Everything may be started, ring by ring where it has rings, by what lets no pool wait for ever but in a ring of mode observe. */
export function drawBase(draw: Draw): PolicyDocument {
  return { ...withModes(draw.fork('modes'), drawStarts(draw)), ...drawKubernetes(draw.fork('kubernetes')) };
}

/** Some rings have another mode than the policy: the last or the first is only watched, or the policy is, and no ring. */
function withModes(draw: Draw, policy: PolicyDocument): PolicyDocument {
  const { rings } = policy;
  if (!rings || draw.chance(0.6)) return policy;
  const watched = draw.pick([rings.length - 1, rings.length - 1, 0]);
  return draw.chance(0.3)
    ? { ...policy, mode: 'observe', rings: rings.map((ring) => ({ ...ring, mode: 'enforce' })) }
    : { ...policy, rings: rings.map((ring, index) => (index === watched ? { ...ring, mode: 'observe' } : ring)) };
}

/** Where the Kubernetes API is asked, a check that could not be made blocks only for as long as things go wrong. */
function drawKubernetes(draw: Draw): object {
  if (!draw.chance(0.25)) return {};
  return { kubernetes: { enabled: true }, ...(draw.chance(0.2) && drawChecks(draw)) };
}

function drawChecks(draw: Draw): object {
  return {
    preflight: draw.pick([
      { podDisruptionBudgets: 'warn' },
      { podDisruptionBudgets: 'off' },
      { podDisruptionBudgets: 'block', notRun: 'warn' },
    ]),
  };
}

function drawStarts(draw: Draw): PolicyDocument {
  const trusting = { ...(draw.chance(0.3) && { trustIntervals: true }), ...drawTimes(draw) };
  if (draw.chance(0.4)) return { mode: 'enforce', ...(draw.chance(0.3) && trusting), ...drawLimit(draw, ['release']) };
  return {
    mode: 'enforce',
    rings: drawRings(draw, true),
    ...trusting,
    ...drawLimit(draw, ['ring', 'ring', 'release']),
    ...(draw.chance(0.3) && { images: { minimumAgeDays: draw.whole(1, 5) } }),
    ...(draw.chance(0.5) && { approvals: { byOthers: draw.chance(0.7) } }),
  };
}

/** Any policy: valid ones that change one thing of the base or many, and some that are none. */
export function drawPolicy(draw: Draw, base: PolicyDocument, day: string): unknown {
  const rest = {
    ...base,
    ...(draw.chance(0.3) && { approvals: { byOthers: true } }),
    ...(draw.chance(0.3) && { images: drawImages(draw, day) }),
  };
  return draw.pick<() => unknown>([
    () => base,
    () => base,
    () => ({ ...base, mode: 'observe' }),
    () => ({ ...rest, selectors: [{ tags: { stage: 'test' } }] }),
    () => ({ ...base, selectors: [{ cluster: 'c1' }] }),
    () => ({ ...rest, selectors: [{ resourceGroup: 'rg-*' }, { cluster: 'C2' }] }),
    () => ({ ...rest, rings: drawRings(draw, false) }),
    () => ({ ...rest, rings: drawRings(draw, false), ...drawTimes(draw) }),
    () => ({ ...rest, rings: drawRings(draw, false), mode: draw.pick(['observe', 'enforce']) }),
    () => ({ ...base, images: drawImages(draw, day) }),
    () => ({ ...base, images: drawImages(draw, day) }),
    () => ({ ...base, images: { block: ['*.1', '*.100'] } }),
    () => ({ ...base, images: { minimumAgeDays: 21 } }),
    () => ({ ...base, freezes: drawFreezes(draw, day) }),
    () => ({ ...base, ...drawTimes(draw), overrun: draw.pick(['start', 'block']), trustIntervals: draw.chance(0.6) }),
    () => ({ ...base, failureLimit: { pools: draw.whole(1, 2), hold: 'release' } }),
    () => ({ ...base, kubernetes: { enabled: draw.chance(0.7) } }),
    () => ({ ...base, ...(draw.chance(0.5) && { kubernetes: { enabled: true } }), ...drawChecks(draw) }),
    () => ({ mode: 'enforced' }),
    () => 'nonsense',
    () => ({ ...base, rings: [] }),
  ])();
}

/** The base with one pool at a time in every ring: it counts also for what was asked for before it came. */
export function oneAtATime(base: PolicyDocument): PolicyDocument {
  return { ...base, ...(base.rings && { rings: base.rings.map((ring) => ({ ...ring, concurrency: 1 })) }) };
}

function drawTimes(draw: Draw): object {
  return {
    ...(draw.chance(0.3) && { estimate: { minutesPerBatch: draw.pick([5, 15, 25]) } }),
    ...(draw.chance(0.2) && { overrun: draw.pick(['start', 'block']) }),
  };
}

function drawLimit(draw: Draw, holds: readonly string[]): object {
  return draw.chance(0.5) ? { failureLimit: { pools: draw.pick([1, 1, 2]), hold: draw.pick(holds) } } : {};
}

function drawImages(draw: Draw, day: string): PolicyDocument['images'] & object {
  const [year = '', month = ''] = day.split('-');
  const block = draw.pick([
    ['AKSUbuntu-*'],
    ['AKSAzureLinux-V3gen2-*', '20348.*'],
    [`${year}${month}.*`],
    [`*-${year}${month}.??.1*`],
    ['*.100'],
    ['AKSWindows-2019-*'],
  ]);
  return {
    ...(draw.chance(0.6) && { minimumAgeDays: draw.pick([1, 3, 5, 8, 14]) }),
    ...(draw.chance(0.6) && { block }),
  };
}

function drawFreezes(draw: Draw, day: string): readonly object[] {
  return Array.from({ length: draw.whole(1, 2) }, () => {
    const from = shiftDay(day, draw.whole(-1, 4));
    return {
      from,
      until: shiftDay(from, draw.whole(0, 2)),
      timeZone: draw.pick(['UTC', 'Europe/Berlin', 'America/New_York', 'Pacific/Auckland']),
      reason: 'Sales.',
    };
  });
}
