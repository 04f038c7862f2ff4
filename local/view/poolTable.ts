// The fleet as a table, a pool a row, with a bar where nodes roll. Called by renderView.ts.
import { lastPart, sameName } from '../simulator/world/names.ts';
import { cut, fit, harmless } from './fit.ts';
import { decisionWords, releaseOf, stateWords, upgradeWords } from './shortWords.ts';
import type { ShownPool, ShownRoll, ViewState } from './viewState.ts';

export type Role = 'title' | 'heading' | 'faint' | 'link' | 'good' | 'busy' | 'waiting' | 'bad';

export type Paint = (role: Role, text: string) => string;

/** What a decision needs to be understood; columns before it give way. */
const minDecision = 20;
const minBar = 8;
const maxColumn = 24;

const roles: Readonly<Record<string, Role>> = { start: 'busy', wait: 'waiting', skip: 'good', blocked: 'bad' };

/** Rolling pools first when not all fit, then those that wait for somebody. */
const urgency = ['start', 'blocked', 'wait', 'skip'];

export function poolTable(
  { pools, rolls, now }: ViewState,
  columns: number,
  rows: number,
  paint: Paint,
): readonly string[] {
  if (!pools || pools.length === 0) return [paint('faint', cut('Waiting for the first pass over the fleet.', columns))];
  const rollOf = (pool: ShownPool) =>
    rolls.find((roll) => sameName(roll.cluster, pool.cluster) && sameName(roll.nodePool, pool.nodePool));

  const fits = pools.length + 1 <= rows;
  const shown = fits ? pools : byUrgency(pools, rollOf).slice(0, Math.max(0, rows - 2));
  const widths = columnWidths(pools, columns);
  const before = (cells: readonly string[]) =>
    widths.map((width, index) => (width > 0 ? `${fit(cells[index] ?? '', width)}  ` : '')).join('');
  const left = columns - widths.reduce((total, width) => total + (width > 0 ? width + 2 : 0), 0);

  const row = (pool: ShownPool) => {
    const roll = rollOf(pool);
    const role = roll ? 'busy' : (roles[pool.decision.verdict] ?? 'waiting');
    return (
      before(cellsOf(pool)) +
      paint(role, cut(roll ? bar(roll, upgradeWords(pool, now), left) : decisionWords(pool, now), left))
    );
  };
  const rest = pools.length - shown.length;
  return [
    paint('heading', cut(`${before(titles)}DECISION`, columns).trimEnd()),
    ...shown.map(row),
    ...(rest > 0 ? [paint('faint', cut(`and ${rest} more, less urgent`, columns))] : []),
  ];
}

const titles = ['CLUSTER', 'POOL', 'IMAGE', 'LATEST', 'STATE'];

function cellsOf(pool: ShownPool): readonly string[] {
  const current = releaseOf(pool.current);
  const latest = pool.latest === undefined ? '' : releaseOf(pool.latest);
  const cells = [lastPart(pool.cluster), pool.nodePool, current, latest === current ? '' : latest, stateWords(pool)];
  return cells.map(harmless);
}

/** As wide as their content; where that leaves too little for the decision, `LATEST` goes, then `STATE`, then names are cut. */
function columnWidths(pools: readonly ShownPool[], columns: number): readonly number[] {
  const rows = [titles, ...pools.map(cellsOf)];
  const natural = titles.map((_, index) =>
    Math.min(maxColumn, Math.max(...rows.map((row) => row[index]?.length ?? 0))),
  );
  const total = (widths: readonly number[]) =>
    widths.reduce((sum, width) => sum + (width > 0 ? width + 2 : 0), minDecision);
  for (const dropped of [[], [3], [3, 4]]) {
    const widths = natural.map((width, index) => (dropped.includes(index) ? 0 : width));
    if (total(widths) <= columns) return widths;
  }
  const [cluster = 0, pool = 0, image = 0] = natural;
  const names = Math.max(0, columns - minDecision - image - 6);
  const clusterWidth = Math.min(cluster, Math.max(Math.ceil(names / 2), names - pool));
  return [clusterWidth, Math.min(pool, names - clusterWidth), image, 0, 0];
}

function byUrgency(
  pools: readonly ShownPool[],
  rollOf: (pool: ShownPool) => ShownRoll | undefined,
): readonly ShownPool[] {
  const rank = (pool: ShownPool) => (rollOf(pool) ? -1 : urgency.indexOf(pool.decision.verdict));
  return pools.toSorted((a, b) => rank(a) - rank(b));
}

function bar({ nodesDone, nodes }: ShownRoll, words: string, columns: number): string {
  const count = ` ${nodesDone}/${nodes} nodes`;
  const room = Math.max(0, columns - count.length);
  const width = Math.min(24, Math.max(room - words.length, Math.min(minBar, room)));
  const full = Math.round((width * nodesDone) / Math.max(1, nodes));
  return '█'.repeat(full) + '░'.repeat(width - full) + count + words;
}
