// The gate that looks at holds and freezes. Listed in gates.ts.
import { Temporal } from 'temporal-polyfill';
import { spanOf } from './freeze.ts';
import { type PoolFacts, type Refusal, withoutFullStop } from './gate.ts';
import { covers, type Hold } from './hold.ts';
import { freeFrom, isIn, type Span } from './span.ts';

/** Refuses while a hold or a freeze is over the pool. Called for other rings' pools too, which need no window to be judged. */
export function held(context: PoolFacts): Refusal | undefined {
  const spans = spansOver(context);
  const [first, ...others] = spans.filter((span) => isIn(span, context.now));
  if (!first) return undefined;
  const more = others.length > 0 ? ` ${others.length} more ${others.length === 1 ? 'hold' : 'holds'} as well.` : '';
  return { sentence: first.sentence + more, nextEligibleAt: freeFrom(spans, context.now) };
}

/** All that holds the pool, now or later, with what to say of it. */
function spansOver({
  policy,
  facts,
  pool,
  latest,
  ring,
}: PoolFacts): readonly (Span & { readonly sentence: string })[] {
  const offered = 'problem' in latest ? undefined : latest.value;
  const freezes = (policy.policy.freezes ?? []).map((freeze) => {
    const { from, until, timeZone, reason } = freeze;
    const days = from === until ? `on ${from}` : `from ${from} to ${until}`;
    return { ...spanOf(freeze), sentence: `Frozen by the policy ${days} (${timeZone}): ${withoutFullStop(reason)}.` };
  });
  const holds = (policy.holds ?? [])
    .filter((hold) => covers(hold, facts.cluster, pool, { latest: offered, ring: ring?.name }))
    .map((hold) => ({ from: instant(hold.from), until: instant(hold.until), sentence: describe(hold) }));
  return [...holds, ...freezes];
}

function describe(hold: Hold): string {
  const end = hold.until
    ? ` until ${hold.until}, unless it is lifted before`
    : `; it stays until it is lifted (hold ${hold.id})`;
  return `${scopeOf(hold)} held by ${hold.owner}${end}: ${withoutFullStop(hold.reason)}.`;
}

function scopeOf(hold: Hold): string {
  switch (hold.scope) {
    case 'fleet':
      return 'The fleet is';
    case 'ring':
      return `Ring ${hold.ring} is`;
    case 'cluster':
      return 'The cluster is';
    case 'nodePool':
      return 'The pool is';
    case 'release':
      return `Releases ${hold.release} are`;
  }
}

function instant(text: string | undefined): Temporal.Instant | undefined {
  return text === undefined ? undefined : Temporal.Instant.from(text);
}
