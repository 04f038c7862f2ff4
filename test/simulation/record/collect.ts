// The record of a run that is over: what the world noted, and what is stored. Called by run.ts.
import type { Row, Tables } from '../../../shared/ports/tables.ts';
import type { World } from '../world/createWorld.ts';
import { keyOf } from './keyOf.ts';
import type { RunRecord } from './record.ts';
import { rowsOf } from './rowsOf.ts';
import type { Ledger } from './stored.ts';

export async function collect(world: World): Promise<RunRecord> {
  const { options, truth, host, notes, digests, fleet, topic, faults, topicFaults } = world;
  const counts = new Map(faults.counts);
  for (const [kind, times] of topicFaults.counts) counts.set(kind, times + (counts.get(kind) ?? 0));
  const names = await digests.list();
  return {
    seed: options.seed,
    startedAt: options.startedAt,
    quietFrom: options.calmFrom,
    endedAt: options.endAt,
    largestSkew: options.skews.largest,
    skews: options.skews,
    gapMinutes: options.gapMinutes,
    base: options.base,
    hasTopic: options.topic.exists,
    truth,
    fleet,
    invocations: host.invocations,
    posts: notes.posts,
    claims: notes.claims,
    shown: notes.shown,
    listed: notes.listed,
    trace: notes.trace,
    policyRows: world.policyRows,
    sent: host.sent,
    poisoned: host.poisoned,
    waiting: host.waiting(),
    digests: await Promise.all(names.map(async (name) => (await digests.read(name)) ?? '')),
    taken: topic.taken,
    faults: counts,
    forged: notes.forged,
    harms: notes.harms,
    floods: notes.floods,
    hasFakePools: options.harm.oddnesses.some(({ oddity }) => oddity === 'manyPools'),
    isBeside: options.beside !== undefined,
    isLogForbidden: options.evidence.isForbidden,
    ...(await stored(world.tables, [...truth.clusters.keys()])),
  };
}

async function stored(
  tables: Tables,
  clusterKeys: readonly string[],
): Promise<Pick<RunRecord, 'ledgers' | 'startsLeft' | 'poolViews'>> {
  const subscription = clusterKeys[0]?.split('|')[0] ?? '';
  const months = await rowsOf(tables, 'Views', `months|${subscription}`);
  const monthRows = (
    await Promise.all(months.map(({ rowKey }) => rowsOf(tables, 'Views', `history|${subscription}|${rowKey}`)))
  ).flat();
  const ledgers = new Map<string, Ledger>();
  for (const key of clusterKeys) {
    const rows = await rowsOf(tables, 'Ledger', key);
    const view = await rowsOf(tables, 'Views', `history|${key}`);
    ledgers.set(key, toLedger(key, rows, view, monthRows));
  }
  const pools = await rowsOf(tables, 'Views', `pools|${subscription}`);
  return {
    ledgers,
    startsLeft: (await rowsOf(tables, 'Starts', 'starts')).map(({ rowKey }) => rowKey),
    poolViews: pools.map(({ value }) => value as RunRecord['poolViews'][number]),
  };
}

function toLedger(key: string, rows: readonly Row[], view: readonly Row[], monthRows: readonly Row[]): Ledger {
  const of = (prefix: string) => rows.filter(({ rowKey }) => rowKey.startsWith(prefix)).map(({ value }) => value);
  return {
    entries: (of('log|') as Ledger['entries'][number][]).toReversed(),
    chain: rows.find(({ rowKey }) => rowKey === 'head')?.value as Ledger['chain'],
    pools: of('head|') as Ledger['pools'],
    clusterView: view.filter(({ rowKey }) => rowKey !== 'cursor').map(({ value }) => value),
    monthView: monthRows
      .map(({ value }) => value)
      .filter((value) => keyOf((value as { readonly cluster: string }).cluster) === key),
  };
}
