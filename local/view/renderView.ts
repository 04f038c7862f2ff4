// Draws the terminal view: from its state and the terminal's size to lines, with no I/O. Called by openView.ts.
import { cut, fit, harmless, wrap } from './fit.ts';
import { type Paint, poolTable } from './poolTable.ts';
import type { Link, ShownLine, ViewState } from './viewState.ts';

export type Size = { readonly columns: number; readonly rows: number };

const minLogRows = 4;

/** Exactly `rows` lines of `columns` characters at most. Short room is taken from the log, then links, then pools. */
export function renderView(state: ViewState, size: Size, paint: Paint = plain): readonly string[] {
  const { columns, rows } = size;
  if (columns >= minSize.columns && rows >= minSize.rows) return draw(state, size, paint);
  // Too small for a view: its corner, without colours, which could not be cut.
  const whole = draw(state, { columns: Math.max(columns, minSize.columns), rows: Math.max(rows, minSize.rows) }, plain);
  return whole.slice(0, rows).map((line) => cut(line, columns));
}

const minSize: Size = { columns: 50, rows: 12 };

const plain: Paint = (_role, text) => text;

function draw(state: ViewState, { columns, rows }: Size, paint: Paint): readonly string[] {
  const head = [heading(state, columns, paint), ''];
  const links = linkRows(state.links, columns, paint).slice(0, Math.max(1, Math.floor((rows - 9) / 3)));
  const room = rows - head.length - links.length - 2 - minLogRows;
  const pools = poolTable(state, columns, Math.max(2, room), paint);
  const logRows = rows - head.length - pools.length - links.length - 2;
  const log =
    logRows > 1
      ? [paint('heading', cut('What happens', columns)), ...logLines(state.lines, columns, logRows - 1, paint)]
      : [];
  const body = [...head, ...pools, '', ...log];
  const blank = Array.from({ length: Math.max(0, rows - body.length - links.length) }, () => '');
  return [...body, ...blank, ...links].slice(0, rows);
}

function heading({ now }: ViewState, columns: number, paint: Paint): string {
  const title = 'AKS Node Image Keeper';
  const time = `${now.toISOString().slice(11, 19)} UTC`;
  const hint = 'on a simulated AKS; q or Ctrl-C stops it';
  const middle = columns - title.length - time.length - 4;
  return `${paint('title', title)}  ${paint('faint', fit(hint, middle))}  ${time}`;
}

function logLines(lines: readonly ShownLine[], columns: number, rows: number, paint: Paint): readonly string[] {
  const shown: string[] = [];
  for (const { at, text, isProblem } of lines.toReversed()) {
    const time = at.toISOString().slice(11, 19);
    const left = rows - shown.length;
    if (left === 0) break;
    const wrapped = wrap(`${time}  ${harmless(text)}`, columns, Math.min(3, left), ' '.repeat(10));
    const painted = wrapped.map((row, index) => {
      const said = index === 0 ? row.slice(time.length) : row;
      return (index === 0 ? paint('faint', time) : '') + (isProblem ? paint('bad', said) : said);
    });
    shown.unshift(...painted);
  }
  return shown;
}

/** A link that does not fit is left out: half a URL leads nowhere. */
function linkRows(links: readonly Link[], columns: number, paint: Paint): readonly string[] {
  const width = Math.max(0, ...links.map(({ label }) => label.length)) + 2;
  return links
    .filter(({ target }) => width + target.length <= columns)
    .map(({ label, target }) => `${paint('faint', label.padEnd(width))}${paint('link', target)}`);
}
