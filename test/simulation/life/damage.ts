// Somebody damages rows of the keeper's tables; hours later people put back what the keeper could not mend. Called by life.ts.
import type { Row, TableName, Tables } from '../../../shared/ports/tables.ts';
import { subscription } from '../draw/drawFleet.ts';
import type { Damage, RowKind, Way } from '../draw/drawHarm.ts';
import { createDraw, type Draw } from '../draw/seed.ts';
import type { Harm } from '../record/harms.ts';
import { keyOf } from '../record/keyOf.ts';
import { rowsOf } from '../record/rowsOf.ts';
import { noJson } from '../world/damageable.ts';
import type { Lived } from './befall.ts';

const minute = 60_000;

type Place = readonly [table: TableName, partition: string];
type Found = { readonly place: Place; readonly row: Row; readonly clusterKey: string | undefined };

export function damageRows(lived: Lived): void {
  for (const [index, damage] of lived.options.harm.damages.entries()) {
    tryAt(lived, damage, damage.from, createDraw(lived.options.seed, `damage ${index}`));
  }
}

/** Rows of some kinds are there for minutes only: it is tried until there is one. */
function tryAt(lived: Lived, damage: Damage, at: number, draw: Draw): void {
  const { options, schedule } = lived;
  const tryOnce = async () => {
    const isDone = await harm(lived, damage, draw);
    const next = schedule.now() + draw.whole(2, 9) * minute;
    if (!isDone && next < options.quietFrom - 60 * minute) tryAt(lived, damage, next, draw);
  };
  schedule.at(at, () => {
    void tryOnce();
  });
}

async function harm(lived: Lived, { kind, way, from, to }: Damage, draw: Draw): Promise<boolean> {
  const { schedule, notes, tables, timers, options } = lived;
  const found = await findRows(lived, kind);
  const unharmed = found.filter(
    ({ row }) => !notes.harms.some((one) => one.rowKey === row.rowKey && one.to === undefined),
  );
  if (unharmed.length === 0) return false;
  const chosen = draw.pick(unharmed);
  const { place, row, clusterKey } = chosen;
  const value = way === 'deleted' ? undefined : damagedValue(lived, way, chosen, found);
  if (way !== 'deleted' && value === undefined) return true;
  const harmed: Harm = {
    kind,
    way,
    clusterKey,
    rowKey: row.rowKey,
    attempt: idIn(row),
    from: schedule.now(),
    isShown: await isShown(lived, clusterKey),
  };
  notes.harms.push(harmed);
  const change =
    way === 'deleted'
      ? ({ kind: 'delete', rowKey: row.rowKey, etag: row.etag } as const)
      : ({ kind: 'upsert', rowKey: row.rowKey, value } as const);
  await tables.write(...place, [change]);
  const etag = (await tables.get(...place, row.rowKey))?.etag;
  notes.say(`people: damageRow ${kind} ${place.join('/')}/${row.rowKey} becomes ${way}`);
  harmed.told = await lived.askHealth();
  timers.wake(schedule.now(), schedule.now() + 12 * minute);
  const until = Math.min(options.quietFrom - 30 * minute, Math.max(to, schedule.now() + (to - from)));
  schedule.at(until, () => void putBack(lived, harmed, chosen, etag));
  return true;
}

async function putBack(lived: Lived, harmed: Harm, { place, row }: Found, etag: string | undefined): Promise<void> {
  const { schedule, notes, tables, timers } = lived;
  const stored = await tables.get(...place, row.rowKey);
  const isAsLeft = etag !== undefined && stored?.etag === etag;
  if (isAsLeft) harmed.decided = await decidedSince(lived, harmed);
  harmed.to = schedule.now();
  if (isAsLeft) await tables.write(...place, [{ kind: 'upsert', rowKey: row.rowKey, value: row.value }]);
  notes.say(`people: repairRow ${harmed.kind} ${row.rowKey}: ${isAsLeft ? 'put back' : 'mended by the keeper'}`);
  timers.wake(schedule.now(), schedule.now() + 12 * minute);
}

const idIn = ({ value }: Row) => (value as { readonly id?: string } | undefined)?.id;

async function isShown({ tables }: Lived, clusterKey = ''): Promise<boolean> {
  const rows = await rowsOf(tables, 'Views', `pools|${subscription}`, { from: clusterKey });
  return clusterKey === '' || rows.some(({ rowKey }) => rowKey.startsWith(`${clusterKey}|`));
}

/** Where a pass listed the cluster since. */
async function decidedSince({ notes, tables }: Lived, { from, clusterKey }: Harm) {
  const { at = 0, isNoted, clusters } = notes.listed.at(-1) ?? {};
  if (!isNoted || at <= from + minute) return undefined;
  const rows = await rowsOf(tables, 'Views', `pools|${subscription}`);
  return rows.flatMap(({ rowKey, value }) => {
    const cluster = rowKey.slice(0, rowKey.lastIndexOf('|'));
    if (!clusters?.has(cluster) || (clusterKey ?? cluster) !== cluster) return [];
    const { decision } = (value ?? {}) as { decision?: { reason: string; also?: readonly { reason: string }[] } };
    return decision ? [[decision, ...(decision.also ?? [])].map(({ reason }) => reason)] : [];
  });
}

function damagedValue({ olderOf }: Lived, way: Way, { place, row }: Found, all: readonly Found[]): unknown {
  if (way === 'another')
    return all.find((one) => one.row.rowKey !== row.rowKey || one.place[1] !== place[1])?.row.value;
  if (way !== 'older') return { noJson, null: null, number: 7, list: [], empty: {}, deleted: undefined }[way];
  const older = olderOf(...place, row.rowKey);
  // A head that says that the last list left its cluster out would make up a gap, and nobody could tell.
  return older && typeof older === 'object' && 'unlistedSince' in older ? undefined : older;
}

async function findRows({ tables, fleet }: Lived, kind: RowKind): Promise<readonly Found[]> {
  const keys = fleet.clusters.map(({ id }) => keyOf(id));
  const all = await Promise.all(placesOf(kind, keys).map((place) => rowsIn(tables, place)));
  return all.flat().flatMap(({ place, row }) => {
    const clusterKey = keys.find((key) => place[1].includes(key) || row.rowKey.includes(key));
    return isOf[kind].test(row.rowKey) && row.value !== undefined ? [{ place, row, clusterKey }] : [];
  });
}

async function rowsIn(tables: Tables, place: Place) {
  return (await rowsOf(tables, ...place)).map((row) => ({ place, row }));
}

const isOf: Readonly<Record<RowKind, RegExp>> = {
  chainHead: /^head$/,
  poolHead: /^head\|/,
  entry: /^log\|/,
  starts: /^cluster\|/,
  facts: /^facts\|/,
  verdict: /^verdict\|/,
  budget: /^budget$/,
  mark: /\|/,
  poolView: /\|/,
  historyCursor: /^cursor$/,
  told: /^told\|/,
  notification: /^(pool|attempt)\|/,
  evidence: /./,
  hold: /^active\|/,
};

function placesOf(kind: RowKind, keys: readonly string[]): readonly Place[] {
  if (kind === 'chainHead' || kind === 'poolHead' || kind === 'entry')
    return keys.map((key) => ['Ledger', key] as const);
  if (kind === 'historyCursor') return keys.map((key) => ['Views', `history|${key}`] as const);
  if (kind === 'evidence') return keys.map((key) => ['Evidence', key] as const);
  if (kind === 'starts') return [['Starts', 'starts']];
  if (kind === 'mark') return [['Facts', `marks|${subscription}`]];
  if (kind === 'poolView') return [['Views', `pools|${subscription}`]];
  if (kind === 'told' || kind === 'notification') return [['Notifications', subscription]];
  if (kind === 'hold') return [['Policy', 'holds']];
  return [['Facts', subscription]];
}
