// The trend chart of the report: a bar a week, and the same in words for screen readers. Called by reportHtml.
import type { TrendPoint } from '../../domain/report/reportFacts.ts';
import { type Html, html, joined } from './html.ts';

const size = { width: 720, height: 190, top: 24, bottom: 30 } as const;

export function trendChart(points: readonly TrendPoint[]): Html {
  const step = size.width / Math.max(points.length, 4);
  const base = size.height - size.bottom;
  const bars = points.map((point, index) => {
    const share = point.pools === 0 ? undefined : (point.latest + point.withinPolicy) / point.pools;
    const height = Math.round((base - size.top) * (share ?? 0));
    const middle = Math.round(step * (index + 0.5));
    const label = share === undefined ? 'no pools' : `${Math.round(share * 100)} %`;
    const top = base - height;
    return html`<rect class="bar" x="${Math.round(step * index + step * 0.2)}" y="${top}" width="${Math.round(step * 0.6)}" height="${height}"/>
<text x="${middle}" y="${top - 6}" text-anchor="middle">${label}</text>
<text x="${middle}" y="${size.height - 10}" text-anchor="middle">${point.week.slice(5)}</text>
`;
  });
  const words = points.map(({ week, latest, withinPolicy, pools, transitions }) => {
    return `${week} ${latest + withinPolicy} of ${pools}, ${transitions} transitions`;
  });
  return html`<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="Compliant pools by week: ${words.join('; ')}">
<line class="axis" x1="0" x2="${size.width}" y1="${base}" y2="${base}"/>
${joined(bars)}</svg>`;
}
