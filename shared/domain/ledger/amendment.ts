// What is learnt about a roll after it was recorded: an entry of its own, as nothing hashed is ever changed. Called by amend.
import canonicalize from 'canonicalize';
import type { Amendment, Entry, RollEntry } from './ledger.ts';

export type News = Omit<Amendment, 'kind' | 'cluster' | 'nodePool' | 'amends' | 'observedAt' | 'raw'> & {
  /** What the source said, of any JSON shape, where it was not understood. */
  readonly raw?: unknown;
};

// An entry is one row of 32 K characters, and its history row holds the reason too.
const maxRaw = 8_000;
const maxText = 2_000;

/** Texts that are too long are cut, and say so. @param observedAt ISO, when it was learnt */
export function amendmentOf(
  row: Pick<RollEntry, 'cluster' | 'nodePool' | 'sequence'>,
  news: News,
  observedAt: string,
): Amendment {
  const { source, actor, reason, raw, ...facts } = news;
  const correlationId = actor?.correlationId;
  return {
    kind: 'amendment',
    cluster: row.cluster,
    nodePool: row.nodePool,
    amends: row.sequence,
    observedAt,
    source: { name: shown(source.name), id: shown(source.id) },
    ...facts,
    actor: actor && { ...actor, name: shown(actor.name), correlationId: correlationId && shown(correlationId) },
    reason: reason === undefined ? undefined : shown(reason),
    raw: raw === undefined ? undefined : cut(JSON.stringify(raw) ?? 'null', maxRaw),
  };
}

export function isKnown(entries: readonly Entry[], amendment: Amendment): boolean {
  const content = contentOf(amendment);
  const same = entries.filter((entry) => entry.kind === 'amendment' && contentOf(entry) === content);
  if (same.length === 0 || amendment.evidence === undefined) return same.length > 0;
  // Who did it may be said again, where something else was said in between and did not hold.
  const saidAt = Math.max(...same.map(({ sequence }) => sequence));
  return !entries.some(
    (entry) =>
      entry.kind === 'amendment' &&
      entry.amends === amendment.amends &&
      entry.evidence !== undefined &&
      entry.sequence > saidAt,
  );
}

function contentOf(amendment: Amendment): string | undefined {
  const { amends, source, cause, inWindow, window, outcome, proof, nodes, actor, evidence, reason, raw } = amendment;
  return canonicalize({ amends, source, cause, inWindow, window, outcome, proof, nodes, actor, evidence, reason, raw });
}

// Half a surrogate pair has no canonical JSON, and an entry that can't be hashed would stop the cluster's ledger.
function shown(text: string): string {
  return cut(text.toWellFormed(), maxText);
}

function cut(text: string, max: number): string {
  return text.length > max ? `${text.slice(0, max).toWellFormed()}… (${text.length} characters)` : text;
}
