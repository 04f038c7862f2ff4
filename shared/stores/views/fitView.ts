// Cuts what is too large for a row of the pools' view or of the decisions' log. Called by decisionsStore.
import type { Decision } from '../../domain/plan/decision.ts';
import { shortened } from '../../domain/text/shortened.ts';
import type { PoolView } from './poolView.ts';

/** Characters of JSON that a row has room for, with some to spare. */
const room = 30_000;
const tagsRoom = 10_000;
const longestText = 500;
const longestSentence = 4000;

export function fitView(view: PoolView): PoolView {
  if (sizeOf(view) <= room) return view;
  const { tags, ...cluster } = view.cluster;
  const { error, ...nodePool } = view.nodePool;
  return {
    cluster: { ...cutTexts(cluster), id: cluster.id, ...fitTags(tags) },
    nodePool: { ...cutTexts(nodePool), name: nodePool.name, ...(error && { error: cutTexts(error) }) },
    decision: fitDecision(view.decision, room / 3),
  };
}

/** The decision as it can be stored: what stands behind the first reason goes first. */
export function fitDecision(decision: Decision, limit = room): Decision {
  if (sizeOf(decision) <= limit) return decision;
  const { cluster, nodePool, sentence, also } = decision;
  const short = { ...cutTexts(decision), cluster, nodePool, sentence: shortened(sentence, longestSentence) };
  const others = also.map((other) => ({ ...other, sentence: shortened(other.sentence, longestText) }));
  const cut = { ...short, also: others };
  return sizeOf(cut) <= limit ? cut : { ...short, also: [] };
}

/** As many tags as there is room for, the short ones first: those are what selectors ask for. */
function fitTags(tags: Readonly<Record<string, string>>): Pick<PoolView['cluster'], 'tags' | 'tagsAreCut'> {
  const all = Object.entries(tags).toSorted((a, b) => sizeOf(a) - sizeOf(b));
  let size = 0;
  const kept = all.filter((tag) => {
    size += sizeOf(tag);
    return size <= tagsRoom;
  });
  return { tags: Object.fromEntries(kept), ...(kept.length < all.length ? { tagsAreCut: true } : {}) };
}

function cutTexts<T extends object>(value: T): T {
  const fields = Object.entries(value).map(([name, field]) => [
    name,
    typeof field === 'string' ? shortened(field, longestText) : field,
  ]);
  return Object.fromEntries(fields) as T;
}

function sizeOf(value: unknown): number {
  return JSON.stringify(value).length;
}
