// HTML templates that escape every value, except HTML. Called by the files that render the report.
import type { Group } from '../../domain/report/compliance.ts';

export type Html = { readonly text: string };
export type Value = Html | string | number;

const escapes: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": '#39' };

export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { text: parts.reduce((text, part, index) => text + textOf(values[index - 1]) + part) };
}

export function joined(parts: readonly Html[]): Html {
  return { text: parts.map(({ text }) => text).join('') };
}

function textOf(value: Value = ''): string {
  if (typeof value === 'object') return value.text;
  return String(value).replaceAll(/[&<>"']/g, (character) => `&${escapes[character]};`);
}

type Column<Row> = readonly [name: string, cell: (row: Row) => Value];

/** Rows by columns; each cell carries its column's name, for narrow screens. */
export function table<Row>(
  caption: string,
  rows: readonly Row[],
  empty: string,
  columns: readonly [Column<Row>, ...Column<Row>[]],
): Html {
  if (rows.length === 0) return html`<p class="empty">${empty}</p>`;
  const head = columns.map(([name]) => html`<th scope="col">${name}</th>`);
  const [[, nameOf], ...others] = columns;
  const body = rows.map((row) => {
    const cells = others.map(([name, cell]) => html`<td data-name="${name}"><div>${cell(row)}</div></td>`);
    return html`<tr><th scope="row">${nameOf(row)}</th>${joined(cells)}</tr>\n`;
  });
  return html`<table><caption>${caption}</caption><thead><tr>${joined(head)}</tr></thead>
<tbody>${joined(body)}</tbody></table>`;
}

export function poolName({ cluster, nodePool }: { readonly cluster: string; readonly nodePool: string }): Html {
  return html`${clusterName(cluster)}/<wbr>${nodePool}`;
}

export function clusterName(cluster: string): Html {
  return html`<span title="${cluster}">${cluster.slice(cluster.lastIndexOf('/') + 1)}</span>`;
}

/** Shows two images; of the second only what differs, within a family. */
export function change(from = 'unknown', to = 'unknown'): Html {
  const short = to.slice(to.lastIndexOf('-') + 1);
  const isSameFamily = to.includes('-') && from.startsWith(to.slice(0, to.lastIndexOf('-') + 1));
  if (from === to) return html`<code>${from}</code>`;
  return html`<code>${from}</code> → <code title="${to}">${isSameFamily ? short : to}</code>`;
}

export function percent({ share }: Pick<Group, 'share'>): string {
  return share === undefined ? '–' : `${Math.round(share * 1000) / 10} %`;
}

export function moment(iso: string): Html {
  return html`<time class="time" datetime="${iso}">${time(iso)}</time>`;
}

export function time(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}
