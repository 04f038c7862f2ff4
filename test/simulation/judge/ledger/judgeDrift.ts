// Judges whether an entry says that ARM installed another image than the attempt was made for. Called by judgeLedger.ts.
import type { RunRecord, Wrong } from '../../record/record.ts';
import type { Rolled } from '../../record/stored.ts';

export function judgeDrift({ claims, posts, truth }: RunRecord, entry: Rolled, wrong: Wrong): void {
  const own = posts.find(({ attempt }) => attempt !== undefined && attempt === entry.attempt);
  const ownRoll = own && truth.rolls.find(({ post }) => post === own.id);
  const claim = claims.find(({ kind, attempt }) => kind === 'inserted' && attempt === entry.attempt);
  const { to } = (claim?.value ?? {}) as { readonly to?: string };
  if (to === undefined) return;
  if (entry.drifted && (entry.kind === 'rolled' || entry.to === to))
    wrong('drifted', `noted, but it was made for ${to}`);
  // What is recorded may be a later roll than the attempt's own.
  const isOwn = ownRoll?.to === entry.to && entry.kind === 'transition' && entry.attempt !== undefined;
  if (isOwn && ownRoll.to !== to && !entry.drifted)
    wrong('drifted', `not noted: made for ${to}, ARM installed ${entry.to}`);
}
