// A week's report as one self-contained page, for light and dark screens, phones and paper. Called by getReport.
import type { Group } from '../../domain/report/compliance.ts';
import type { WeekReport } from '../../domain/report/weekReport.ts';
import { type Html, html, joined, percent, time } from './html.ts';
import { reportStyle } from './reportStyle.ts';
import { comeAndGone, groups, missed, outOfPolicy, patches, rolls, sources, withoutWindow } from './reportTables.ts';
import { trendChart } from './reportTrend.ts';

export function reportHtml(report: WeekReport): string {
  const { week, from, to, generatedAt, compliance, thresholds } = report;
  const { all, rings, subscriptions, teams } = compliance;
  const lastDay = new Date(Date.parse(to) - 1).toISOString().slice(0, 10);
  const standing = `Pools as they stood on ${time(generatedAt)}. Stale: a newer image for more than ${thresholds.staleDays} days. Out of support: an image older than ${thresholds.supportDays} days, or of a retired OS.`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Node images, ${week}</title>
<style>${reportStyle}</style>
</head>
<body>
<header>
<h1>Node images, week ${week}</h1>
<p>${from.slice(0, 10)} to ${lastDay}, UTC.${report.final ? '' : html` <strong>Preliminary: this report is not kept.</strong>`} ${standing}</p>
</header>
<main>
${figures(all, report)}
${section('Compliance', [
  groups('By ring', rings),
  groups('By subscription', subscriptions),
  ...(teams ? [groups('By team', teams)] : []),
])}
${section('Out of policy', [outOfPolicy(report)])}
${section('Transitions', [rolls(report.transitions, 'No image changed in this week.')])}
${section('Failures', [rolls(report.failures, 'Nothing failed.')])}
${section('Missed windows', [missed(report)])}
${section('Time to patch', [patches(report)])}
${section('Trend', [trendChart(report.trend)])}
${section('New and gone', [comeAndGone(report)])}
${section('Clusters without a window', [withoutWindow(report)])}
${section('What this report heard', [sources(report)])}
</main>
</body>
</html>
`.text;
}

function figures(all: Group, report: WeekReport): Html {
  const figure = (value: string | number, name: string, tone = '') =>
    html`<li class="${tone}"><strong>${value}</strong> ${name}</li>`;
  const out = all.stale + all.outOfSupport + all.unknown;
  const missedCount = report.missedWindows.reduce((sum, row) => sum + row.windows.length, 0);
  return html`<ul class="figures" aria-label="The week in figures">
${figure(percent(all), 'compliant', out > 0 ? 'bad' : all.pools > 0 ? 'good' : '')}
${figure(all.pools, 'node pools')}
${figure(out, 'out of policy', out > 0 ? 'bad' : '')}
${figure(report.transitions.length, 'transitions')}
${figure(report.failures.length, 'failures', report.failures.length > 0 ? 'bad' : '')}
${figure(missedCount, 'missed windows', missedCount > 0 ? 'bad' : '')}
</ul>`;
}

function section(title: string, parts: readonly Html[]): Html {
  return html`<section><h2>${title}</h2>
${joined(parts)}</section>`;
}
