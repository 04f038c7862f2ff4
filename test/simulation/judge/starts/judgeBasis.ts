// Judges what an intent says that its start was judged on: the image that ARM offered, the ring, the version of the policy, and the
// approval that counted. Called by judgePosts.ts.
import { isDeepStrictEqual } from 'node:util';
import { rowsAt } from '../../record/policyRows.ts';
import type { Post, RunRecord, Wrong } from '../../record/record.ts';
import type { Basis } from '../../record/stored.ts';
import { approvalsFor, type Judged } from './judgeHeld.ts';

export function judgeBasis(record: RunRecord, post: Post, judged: Judged, wrong: Wrong): void {
  const claim = record.claims.find(({ kind, attempt }) => kind === 'inserted' && attempt === post.attempt);
  if (!claim) return;
  const { to, ring, policyVersion, approval } = claim.value as Basis & { readonly to: string };
  const say = (what: string) => wrong('judged on', what);
  if (to !== judged.image) say(`it was made for ${to}, and ARM offered ${judged.image}`);
  // Code of before notes nothing of it.
  if (record.isBeside && policyVersion === undefined) return;
  if (ring !== judged.ring?.name) say(`ring ${ring}, but the pool is in ${judged.ring?.name}`);
  const version = versionRead(record, post);
  if (version === undefined ? !Number.isInteger(policyVersion) : policyVersion !== version)
    say(`version ${policyVersion} of the policy, but ${version} was read`);
  if (!approval && judged.ring?.approval) say(`ring ${ring} asks for an approval, and none is noted`);
  if (!approval) return;
  const given = judged.ring ? approvalsFor(post, judged.policy, judged.ring, judged.image) : [];
  const isGiven = given.some(({ id, approvedBy }) => id === approval.id && approvedBy === approval.approvedBy);
  if (!isGiven) say(`approval ${approval.id} by ${approval.approvedBy}, which does not count for it`);
}

/** Undefined: what was read was put there by hand, so that the keeper gives it a number of its own. */
function versionRead({ policyRows }: RunRecord, { invocation, at }: Post): number | undefined {
  const read = invocation.policy?.value as { readonly version?: unknown } | null | undefined;
  if (typeof read?.version !== 'number') return undefined;
  const [newest] = [...rowsAt(policyRows, 'policy', at)]
    .filter(([rowKey]) => rowKey.startsWith('version|'))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return isDeepStrictEqual(newest?.[1], read) ? read.version : undefined;
}
