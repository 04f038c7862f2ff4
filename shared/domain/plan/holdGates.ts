// The gate that looks at holds and freezes. Listed in gates.ts.
import { type Freeze, spanOf } from '../policy/freeze.ts';
import type { Hold } from '../policy/hold.ts';
import { freeFrom, isIn, type Span } from '../policy/span.ts';
import { holdsOver, spanOfHold } from '../rings/excuses.ts';
import type { PoolFacts } from '../rings/poolFacts.ts';
import type { Refusal } from '../rings/refusal.ts';
import { withoutFullStop } from '../text/messageOf.ts';
import { onceFor } from '../text/onceFor.ts';

export function held(context: PoolFacts): Refusal | undefined {
  const spans = spansOver(context);
  if (spans.length === 0) return undefined;
  const [first, ...others] = spans.filter((span) => isIn(span, context.now));
  if (!first) return undefined;
  const more = others.length > 0 ? ` ${others.length} more ${others.length === 1 ? 'hold' : 'holds'} as well.` : '';
  return { sentence: first.sentence + more, nextEligibleAt: freeFrom(spans, context.now) };
}

type Stop = Span & { readonly sentence: string };

function spansOver(context: PoolFacts): readonly Stop[] {
  return [...holdsOver(context).map(stopOfHold), ...(context.policy.policy.freezes ?? []).map(stopOfFreeze)];
}

const stopOfHold = onceFor((hold: Hold): Stop => {
  const end = hold.until
    ? ` until ${hold.until}, unless it is lifted before`
    : `; it stays until it is lifted (hold ${hold.id})`;
  const sentence = `${scopeOf(hold)} held by ${hold.owner}${end}: ${withoutFullStop(hold.reason)}.`;
  return { ...spanOfHold(hold), sentence };
});

const stopOfFreeze = onceFor((freeze: Freeze): Stop => {
  const { from, until, timeZone, reason } = freeze;
  const days = from === until ? `on ${from}` : `from ${from} to ${until}`;
  return { ...spanOf(freeze), sentence: `Frozen by the policy ${days} (${timeZone}): ${withoutFullStop(reason)}.` };
});

const scopes = { fleet: 'The fleet is', cluster: 'The cluster is', nodePool: 'The pool is' } as const;

function scopeOf(hold: Hold): string {
  if (hold.scope === 'ring') return `Ring ${hold.ring} is`;
  return hold.scope === 'release' ? `Releases ${hold.release} are` : scopes[hold.scope];
}
