// The trend chart of the report: a bar a week, and the same in words for screen readers. Called by reportHtml.
import type { TrendPoint } from '../../domain/report/reportFacts.ts';
import { type Html, html, joined } from './html.ts';

const size = { width: 720, height: 190, top: 24, bottom: 30 } as const;

export function trendChart(points: readonly TrendPoint[]): Html {
  const step = size.width / Math.max(points.length, 4);
  const room = size.height - size.top - size.bottom;
  const bars = points.map((point, index) => {
    const share = shareOf(point);
    const height = Math.round(room * (share ?? 0));
    const middle = String(Math.round(step * (index + 0.5)));
    const label = share === undefined ? 'no pools' : `${Math.round(share * 100)} %`;
    const top = size.height - size.bottom - height;
    return html`<rect class="bar" x="${String(Math.round(step * index + step * 0.2))}" y="${String(top)}" width="${String(Math.round(step * 0.6))}" height="${String(height)}"/>
<text x="${middle}" y="${String(top - 6)}" text-anchor="middle">${label}</text>
<text x="${middle}" y="${String(size.height - 10)}" text-anchor="middle">${point.week.slice(5)}</text>
`;
  });
  const base = String(size.height - size.bottom);
  return html`<svg viewBox="0 0 ${String(size.width)} ${String(size.height)}" role="img" aria-label="Compliant pools by week: ${inWords(points)}">
<line class="axis" x1="0" x2="${String(size.width)}" y1="${base}" y2="${base}"/>
${joined(bars)}</svg>`;
}

function shareOf({ pools, latest, withinPolicy }: TrendPoint): number | undefined {
  return pools === 0 ? undefined : (latest + withinPolicy) / pools;
}

function inWords(points: readonly TrendPoint[]): string {
  return points
    .map(
      (point) =>
        `${point.week} ${point.latest + point.withinPolicy} of ${point.pools}, ${point.transitions} transitions`,
    )
    .join('; ');
}
