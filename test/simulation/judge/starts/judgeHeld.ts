// Judges a request against what an owner said: modes, holds, freezes, images, approvals; as its invocation had read them, and
// whether it read them late enough. Called by judgePosts.ts.
import { isUnchanged, rowsAt } from '../../record/policyRows.ts';
import type { Post, RowRead, RunRecord, Wrong } from '../../record/record.ts';
import { fits, fitsImage } from '../own/globs.ts';
import { releasedOn } from '../own/images.ts';
import type { PolicyRead, RingDocument } from '../own/judgePolicy.ts';

type HoldRow = {
  readonly scope: string;
  readonly ring?: string;
  readonly cluster?: string;
  readonly nodePool?: string;
  readonly release?: string;
  readonly from?: string;
  readonly until?: string;
  readonly failures?: readonly string[];
};

/** A pool, with the name of its ring and what ARM would install on it. */
type Held = {
  readonly clusterKey: string;
  readonly nodePool: string;
  readonly ring: string | undefined;
  readonly image: string;
};

/** Rows that stand; those that were lifted or revoked are kept beside them. */
const standing = (rows: readonly RowRead[] = []): readonly RowRead[] =>
  rows.filter(({ rowKey }) => rowKey.startsWith('active|'));

/** The hold that is over a pool at a time, give or take what the clock is off. */
export function holdOver(rows: readonly RowRead[] | undefined, held: Held, at: number, doubt: number): unknown {
  return standing(rows).find(({ value }) => {
    const { from, until } = (value ?? {}) as HoldRow;
    const isOn =
      (from === undefined || Date.parse(from) < at - doubt) && (until === undefined || Date.parse(until) > at + doubt);
    return isOn && covers((value ?? {}) as HoldRow, held);
  })?.value;
}

function covers(hold: HoldRow, { clusterKey, nodePool, ring, image }: Held): boolean {
  const isCluster = () => {
    const wanted = hold.cluster ?? '';
    const [subscription, group, name = ''] = clusterKey.split('|');
    const id = `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.ContainerService/managedClusters/${name}`;
    return fits(wanted, name) || wanted.toLowerCase() === id.toLowerCase();
  };
  switch (hold.scope) {
    case 'fleet':
      return true;
    case 'ring':
      return hold.ring?.toLowerCase() === ring?.toLowerCase();
    case 'cluster':
      return isCluster();
    case 'nodePool':
      return isCluster() && fits(hold.nodePool, nodePool);
    default:
      return fitsImage(hold.release ?? '', image);
  }
}

/** A freeze that is on at a time: whole days of its zone. */
function freezeOn({ freezes = [] }: PolicyRead, at: number): unknown {
  return freezes.find(({ from, until, timeZone }) => {
    const day = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(at);
    return from <= day && day <= until;
  });
}

export type Judged = {
  readonly policy: PolicyRead;
  readonly ring: RingDocument | undefined;
  /** By the clock that decided. */
  readonly decidedAt: number;
  readonly image: string;
};

export function judgeHeld(
  record: RunRecord,
  post: Post,
  { policy, ring, decidedAt, image }: Judged,
  wrong: Wrong,
): void {
  const { clusterKey, nodePool, invocation } = post;
  const mode = ring?.mode ?? policy.mode;
  if (mode !== 'enforce') wrong('mode', `the mode of ${ring ? `ring ${ring.name}` : 'the policy'} is ${mode}`);
  if (policy.rings && !ring) wrong('no ring', 'the policy has rings, and the pool is in none');
  const hold = holdOver(invocation.holds, { clusterKey, nodePool, ring: ring?.name, image }, decidedAt, 5000);
  if (hold) wrong('held', `by ${JSON.stringify(hold)}`);
  const freezes = [-5000, 5000].map((shift) => freezeOn(policy, decidedAt + shift));
  if (freezes.every(Boolean)) wrong('frozen', JSON.stringify(freezes[0]));
  const { block = [], minimumAgeDays = 0 } = policy.images ?? {};
  const blocked = block.find((pattern) => fitsImage(pattern, image));
  if (blocked) wrong('image blocked', `${image} by ${blocked}`);
  const days = Math.floor((decidedAt + 5000 - (releasedOn(image) ?? 0)) / 86_400_000);
  if (days < minimumAgeDays) wrong('image too young', `${image} is ${days} days old, not ${minimumAgeDays}`);
  if (ring?.approval && !isApproved(post, policy, ring, image)) wrong('approval', `none of ${image} for ${ring.name}`);
  judgeFresh(record, post, wrong);
}

/** By an approval that the invocation read, of somebody else than the policy's author where the policy asks for that. */
export function isApproved(post: Post, policy: PolicyRead, ring: RingDocument, image: string): boolean {
  return approvalsFor(post, policy, ring, image).length > 0;
}

type ApprovalRow = Record<'id' | 'ring' | 'release' | 'approvedBy', string>;

/** Those that count. */
export function approvalsFor(
  { invocation }: Post,
  policy: PolicyRead,
  { name }: RingDocument,
  image: string,
): readonly ApprovalRow[] {
  const author = policy.author?.toLowerCase();
  const given = standing(invocation.approvals).map(({ value }) => value as ApprovalRow);
  return given.filter(({ ring, release, approvedBy }) => {
    const isFor = ring.toLowerCase() === name.toLowerCase() && fitsImage(release, image);
    return isFor && (!policy.approvals?.byOthers || (author !== undefined && approvedBy.toLowerCase() !== author));
  });
}

/** What stood from the last reads of images to the last read of the cluster is what the invocation must have read. */
function judgeFresh({ policyRows }: RunRecord, { invocation, nodePool }: Post, wrong: Wrong): void {
  const answered = (path: RegExp): number => invocation.reads.findLast((read) => path.test(read.path))?.at ?? 0;
  const from = answered(new RegExp(`/agentPools/${nodePool}/upgradeProfiles/default$`, 'i'));
  const to = answered(/\/managedClusters\/[^/]+$/i);
  const read = { holds: invocation.holds, approvals: invocation.approvals };
  for (const [partition, rows] of Object.entries(read)) {
    if (!isUnchanged(policyRows, partition, from, to)) continue;
    const keys = [...rowsAt(policyRows, partition, from).keys()].filter((key) => key.startsWith('active|')).sort();
    const found = standing(rows)
      .map(({ rowKey }) => rowKey)
      .sort();
    if (rows === undefined || keys.join() !== found.join()) {
      wrong('policy read late', `${partition} read: ${found.join()}; standing: ${keys.join()}`);
    }
  }
  if (!isUnchanged(policyRows, 'policy', from, to)) return;
  const current = JSON.stringify(rowsAt(policyRows, 'policy', from).get('current'));
  if (JSON.stringify(invocation.policy?.value) !== current) wrong('policy read late', `in force was ${current}`);
}
