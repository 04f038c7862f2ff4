// Judges a ledger as a whole: images join up, nothing that was shown is lost, and at the end it says what is. Called by
// judgeLedger.ts.
import type { RunRecord, Wrong } from '../../record/record.ts';
import type { Ledger } from '../../record/stored.ts';

/** From entry to entry each pool's images join up. */
export function judgeImages({ entries, pools, chain }: Ledger, wrong: Wrong): void {
  const images = new Map<string, string>();
  for (const entry of entries) {
    if (entry.kind === 'amendment' || entry.kind === 'gap') continue;
    const pool = entry.nodePool?.toLowerCase() ?? '';
    const before = images.get(pool);
    const where = `entry ${entry.sequence} (${entry.kind} ${pool})`;
    if (entry.kind === 'gone') {
      if (entry.nodePool === undefined) images.clear();
      else if (!images.delete(pool)) wrong('images join', `${where}: the pool was not there`);
    } else if (entry.kind === 'firstSeen') {
      if (before !== undefined) wrong('images join', `${where}: it was seen before, on ${before}`);
      images.set(pool, entry.nodeImageVersion);
    } else {
      if (entry.from !== before) wrong('images join', `${where}: from ${entry.from}, but it was on ${before}`);
      if ((entry.kind === 'transition') !== (entry.from !== entry.to)) wrong('images join', `${where}: wrong kind`);
      images.set(pool, entry.to);
    }
  }
  const heads = new Map((chain?.gone ? [] : pools).map((head) => [head.nodePool.toLowerCase(), head.nodeImageVersion]));
  const same = heads.size === images.size && [...heads].every(([pool, image]) => images.get(pool) === image);
  if (!same) wrong('heads', `heads ${JSON.stringify([...heads])}, entries ${JSON.stringify([...images])}`);
}

/** What finished observations were shown, in order, is in the ledger in that order: nothing shown was lost. */
export function judgeShown(record: RunRecord, clusterKey: string, { entries }: Ledger, wrong: Wrong): void {
  const recorded = new Map<string, string[]>();
  for (const entry of entries) {
    if (entry.kind === 'amendment' || entry.kind === 'gap') continue;
    const image = entry.kind === 'firstSeen' ? entry.nodeImageVersion : entry.kind === 'gone' ? undefined : entry.to;
    if (image === undefined || entry.nodePool === undefined) continue;
    const pool = entry.nodePool.toLowerCase();
    recorded.set(pool, [...(recorded.get(pool) ?? []), image]);
  }
  const places = new Map<string, number>();
  for (const { at, images } of record.shown
    .filter((one) => one.clusterKey === clusterKey)
    .sort((a, b) => a.at - b.at)) {
    for (const [pool, image] of images) {
      const place = recorded.get(pool)?.indexOf(image, places.get(pool) ?? 0) ?? -1;
      if (place < 0) {
        wrong('nothing lost', `${pool} on ${image}, shown at ${new Date(at).toISOString()}, is not recorded`);
        places.set(pool, Number.POSITIVE_INFINITY);
      } else places.set(pool, place);
    }
  }
}

/** At the end the record says what is. */
export function judgeEnd(record: RunRecord, clusterKey: string, { chain, pools }: Ledger, wrong: Wrong): void {
  const standing = record.truth.pools.filter((pool) => pool.clusterKey === clusterKey && pool.until === undefined);
  const heads = chain && !chain.gone ? pools : [];
  for (const pool of standing) {
    const moment = pool.moments.at(-1);
    const head = heads.find((one) => one.nodePool.toLowerCase() === pool.name.toLowerCase());
    if (!head) wrong('converges', `${pool.name} has no head`);
    else if (
      isTerminal(moment?.provisioningState) &&
      head.nodeImageVersion !== moment?.image &&
      moment &&
      moment.at < record.endedAt - 86_400_000
    ) {
      wrong('converges', `${pool.name} is on ${moment.image}, its head on ${head.nodeImageVersion}`);
    }
  }
  for (const head of heads) {
    if (!standing.some(({ name }) => name.toLowerCase() === head.nodePool.toLowerCase())) {
      wrong('converges', `${head.nodePool} is gone, its head is not`);
    }
  }
}

function isTerminal(state: string | undefined): boolean {
  return state !== undefined && /^(succeeded|failed|canceled)$/i.test(state);
}
