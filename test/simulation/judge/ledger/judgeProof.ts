// Judges what was said of nodes against what they ran: no success with a proof that was not there, nothing partial that was
// whole, and nothing behind for ever. Called by judgeLedger.ts.
import { isPrivate } from '../../draw/drawFleet.ts';
import type { RunRecord, Wrong } from '../../record/record.ts';
import type { Amendment, Entry, Ledger, Rolled } from '../../record/stored.ts';
import type { TruePool } from '../../record/truth.ts';
import { readPolicyRow } from '../own/judgePolicy.ts';
import { poolsNear } from './poolsNear.ts';

/** How long a pass can leave a pool alone, and a day more. */
const longest = 48 * 3_600_000;

/** An invocation is given up after five minutes. */
const longestInvocation = 5 * 60_000;

/** @param entry a roll, or what was learnt of it later; @param roll the same roll */
export function judgeProof(
  record: RunRecord,
  clusterKey: string,
  entry: Rolled | Amendment,
  roll: Rolled,
  wrong: Wrong,
): void {
  const { proof, nodes } = entry;
  const outcome = entry.outcome ?? roll.outcome;
  const isProven = proof === 'nodes' || proof === 'instances';
  if (outcome === 'partial' && entry.outcome === 'partial' && !isProven) wrong('proof', 'partial without a proof');
  if (proof === 'nodes') judgeAsked(record, clusterKey, entry, wrong);
  if (!isProven || (outcome !== 'succeeded' && outcome !== 'partial')) return;
  const slack = record.largestSkew + 1000;
  const [from, to] = [Date.parse(entry.observedAt) - slack, Date.parse(entry.recordedAt) + slack];
  const seen = poolsNear(record, clusterKey, entry.nodePool, from, to).flatMap((pool) => imagesBetween(pool, from, to));
  const counts = seen.map((images) => images.filter((image) => image === roll.to).length - images.length);
  // A later look that finds no node behind is the whole truth, whatever the roll was called before.
  const isWhole = entry.kind === 'amendment' ? entry.outcome !== 'partial' : outcome === 'succeeded';
  if (isWhole && !counts.includes(0)) wrong('proof', `${outcome} by its ${proof}, but nodes ran another image`);
  if (!isWhole && !counts.some((behind) => behind < 0)) wrong('proof', `partial, but every node ran ${roll.to}`);
  const isCounted = seen.some(
    (images) => images.length === nodes?.total && images.filter((image) => image === roll.to).length === nodes.upToDate,
  );
  if (!isCounted) wrong('proof', `${JSON.stringify(nodes)}, but there were ${JSON.stringify(seen)}`);
}

/** Labels of nodes prove something only where a policy lets them be read, and a success only where all nodes are Ready. */
function judgeAsked(record: RunRecord, clusterKey: string, entry: Rolled | Amendment, wrong: Wrong): void {
  const { policyRows, largestSkew, fleet } = record;
  if (isPrivate(fleet, clusterKey)) wrong('proof', 'by nodes of a private cluster');
  const slack = largestSkew + longestInvocation;
  const [from, to] = [Date.parse(entry.observedAt) - slack, Date.parse(entry.recordedAt) + slack];
  const rows = policyRows.filter(({ partition, rowKey }) => partition === 'policy' && rowKey === 'current');
  const mayAsk = rows.some(
    ({ at, value }, index) =>
      at <= to && (rows[index + 1]?.at ?? to) >= from && readPolicyRow(value)?.kubernetes?.enabled === true,
  );
  if (!mayAsk) wrong('proof', 'by nodes, but no policy lets the Kubernetes API be asked');
  const { total, ready } = entry.nodes ?? {};
  if (entry.outcome === 'succeeded' && ready !== total) wrong('proof', `by nodes, but ${ready} of ${total} are Ready`);
}

/** Nothing is started on a pool while the record says that nodes of it are behind. */
export function judgeStartsBehind(record: RunRecord, clusterKey: string, { entries }: Ledger, wrong: Wrong): void {
  const slack = record.largestSkew + 31_000;
  for (const { nodePool, at, invocation, status } of record.posts.filter((post) => post.clusterKey === clusterKey)) {
    const own = entries.filter((entry) => entry.nodePool?.toLowerCase() === nodePool.toLowerCase());
    const before = (entry: Entry, moment: number) => Date.parse(entry.recordedAt) < moment;
    const last = own.findLast((entry) => entry.kind !== 'amendment' && before(entry, invocation.startedAt - slack));
    if (status !== 202 || (last?.kind !== 'transition' && last?.kind !== 'rolled')) continue;
    const later = own.filter(({ sequence }) => sequence > last.sequence);
    const known = later.findLast(
      (entry) => entry.kind === 'amendment' && entry.outcome && before(entry, invocation.startedAt - slack),
    );
    const outcome = known?.kind === 'amendment' ? known.outcome : last.outcome;
    const isNews = later.some((entry) => entry !== known && before(entry, at + slack));
    if (outcome === 'partial' && !isNews) {
      wrong('nodes behind', `${nodePool} was started at ${new Date(at).toISOString()}, though nodes of it are behind`);
    }
  }
}

/** At the end no pool is said to be behind whose nodes have long agreed. */
export function judgeBehind(record: RunRecord, clusterKey: string, { pools, chain }: Ledger, wrong: Wrong): void {
  for (const head of chain?.gone ? [] : pools) {
    const pool = record.truth.pools.find(
      (one) => one.clusterKey === clusterKey && one.until === undefined && one.name === head.nodePool,
    );
    if (!pool || !head.nodesBehind || record.endedAt - record.quietFrom < longest) continue;
    const images = imagesBetween(pool, record.endedAt - longest, record.endedAt);
    const isWhole = images.every((at) => at.every((image) => image === head.nodeImageVersion));
    if (isWhole) wrong('proof', `${head.nodePool} is said to be behind, but its nodes have agreed for days`);
  }
}

/** The images of its nodes at every moment between. */
function imagesBetween({ nodes }: TruePool, from: number, to: number): readonly (readonly string[])[] {
  return nodes
    .filter(({ at }, index) => at <= to && (nodes[index + 1]?.at ?? Number.POSITIVE_INFINITY) >= from)
    .map(({ images }) => images);
}
