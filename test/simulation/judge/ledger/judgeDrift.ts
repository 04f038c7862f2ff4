// Judges what an entry says of the attempt that it ends: what that was made for, what it was judged on, and whether ARM installed
// another image. Called by judgeLedger.ts.
import type { RunRecord, Wrong } from '../../record/record.ts';
import type { Basis, Rolled } from '../../record/stored.ts';
import { canonical } from '../own/canonical.ts';

export function judgeDrift({ claims, posts, truth, isBeside }: RunRecord, entry: Rolled, wrong: Wrong): void {
  const own = posts.find(({ attempt }) => attempt !== undefined && attempt === entry.attempt);
  const ownRoll = own && truth.rolls.find(({ post }) => post === own.id);
  const claim = claims.find(({ kind, attempt }) => kind === 'inserted' && attempt === entry.attempt);
  const { to, ...intended } = (claim?.value ?? {}) as Basis & { readonly to?: string };
  // Code of before records nothing of it.
  if (!isBeside || entry.target !== undefined) {
    const [asked, recorded] = [
      { ...basisOf(intended), target: to },
      { ...basisOf(entry), target: entry.target },
    ].map((one) => canonical(one));
    if (asked !== recorded) wrong('asked for', `recorded ${recorded}, but the attempt was made with ${asked}`);
  }
  if (to === undefined) return;
  if (entry.drifted && (entry.kind === 'rolled' || entry.to === to))
    wrong('drifted', `noted, but it was made for ${to}`);
  // What is recorded may be a later roll than the attempt's own.
  const isOwn = ownRoll?.to === entry.to && entry.kind === 'transition' && entry.attempt !== undefined;
  if (isOwn && ownRoll.to !== to && !entry.drifted)
    wrong('drifted', `not noted: made for ${to}, ARM installed ${entry.to}`);
}

const basisOf = ({ ring, policyVersion, approval }: Basis) => ({ ring, policyVersion, approval });
