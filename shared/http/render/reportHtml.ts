// A week's report as one page that needs nothing else: light and dark, narrow and wide, and on paper. Called by getReport.
import type { Group } from '../../domain/report/compliance.ts';
import type { WeekReport } from '../../domain/report/weekReport.ts';
import { type Html, html, joined } from './html.ts';
import { change, clusterName, moment, percent, poolName, table, time } from './reportCells.ts';
import { reportStyle } from './reportStyle.ts';
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
  const figure = (value: string, name: string, tone = '') =>
    html`<li class="${tone}"><strong>${value}</strong> ${name}</li>`;
  const out = all.stale + all.outOfSupport + all.unknown;
  const missedCount = report.missedWindows.reduce((sum, row) => sum + row.windows.length, 0);
  return html`<ul class="figures" aria-label="The week in figures">
${figure(percent(all), 'compliant', out > 0 ? 'bad' : all.pools > 0 ? 'good' : '')}
${figure(String(all.pools), 'node pools')}
${figure(String(out), 'out of policy', out > 0 ? 'bad' : '')}
${figure(String(report.transitions.length), 'transitions')}
${figure(String(report.failures.length), 'failures', report.failures.length > 0 ? 'bad' : '')}
${figure(String(missedCount), 'missed windows', missedCount > 0 ? 'bad' : '')}
</ul>`;
}

function section(title: string, parts: readonly Html[]): Html {
  return html`<section><h2>${title}</h2>
${joined(parts)}</section>`;
}

function groups(caption: string, some: readonly Group[]): Html {
  return table(caption, some, `${caption}: no pools.`, [
    ['Name', ({ name }) => name],
    ['Compliant', (group) => percent(group)],
    ['Pools', ({ pools }) => String(pools)],
    ['Latest', ({ latest }) => String(latest)],
    ['Within policy', ({ withinPolicy }) => String(withinPolicy)],
    ['Stale', ({ stale }) => String(stale)],
    ['Out of support', ({ outOfSupport }) => String(outOfSupport)],
    ['Unknown', ({ unknown }) => String(unknown)],
  ]);
}

const states = { stale: 'stale', outOfSupport: 'out of support', unknown: 'unknown' } as const;

function outOfPolicy({ outOfPolicy: rows }: WeekReport): Html {
  return table('Node pools out of policy', rows, 'No pool is out of policy.', [
    ['Pool', (row) => poolName(row)],
    ['State', ({ status }) => html`<span class="bad">${states[status]}</span>`],
    ['Image', ({ current, latest }) => change(current, latest)],
    ['Age', ({ ageDays }) => (ageDays === undefined ? '' : `${ageDays} days`)],
    ['Behind for', ({ staleDays }) => (staleDays === undefined ? '' : `${staleDays} days`)],
    ['Reason', ({ sentence, hold }) => (hold && hold !== sentence ? html`${sentence}<br>${hold}` : sentence)],
    ['Next window', ({ nextWindow }) => (nextWindow === undefined ? 'none' : moment(nextWindow))],
  ]);
}

function rolls(rows: WeekReport['transitions'], empty: string): Html {
  return table('Rolls, by when they ended', rows, empty, [
    ['Pool', (row) => poolName(row)],
    ['Ended', ({ completedAt }) => moment(completedAt)],
    ['Image', ({ from, to }) => change(from, to)],
    ['Cause', ({ cause, actor }) => (actor ? `${cause}, ${actor.name}` : cause)],
    ['In window', ({ inWindow }) => ({ true: 'yes', false: 'no', unknown: 'unknown' })[String(inWindow) as 'true']],
    ['Outcome', outcomeOf],
  ]);
}

function outcomeOf({ outcome, error, failure }: WeekReport['transitions'][number]): Html | string {
  const what = error ? html`${outcome}: <code>${error.code}</code> ${error.message}` : outcome;
  return failure ? html`${what}<br>${failure.remedy}` : what;
}

function missed({ missedWindows }: WeekReport): Html {
  return table('Windows in which a due pool was not started', missedWindows, 'No window was missed.', [
    ['Pool', (row) => poolName(row)],
    ['Windows', (row) => windows(row.windows)],
    ['Image', ({ current, latest }) => change(current, latest)],
    ['Decision then', ({ sentence }) => sentence],
  ]);
}

function windows(some: WeekReport['missedWindows'][number]['windows']): string {
  const [first, last] = [some[0], some.at(-1)];
  if (!first || !last) return '';
  const one = `${time(first.opensAt)} to ${time(first.closesAt).slice(11)}`;
  return some.length === 1 ? one : `${some.length}, from ${time(first.opensAt)} to ${time(last.closesAt)}`;
}

function patches({ timeToPatch: rows }: WeekReport): Html {
  const spent = (hours: number) => (hours < 48 ? `${hours} hours` : `${Math.round(hours / 2.4) / 10} days`);
  return table('From the first pool that it was offered to, to the last that got it', rows, 'No release was offered.', [
    ['Release', ({ nodeImageVersion }) => html`<code>${nodeImageVersion}</code>`],
    ['First seen', ({ availableAt }) => moment(availableAt)],
    ['Pools', ({ patched, pools }) => `${patched} of ${pools}`],
    ['Time', ({ hours }) => (hours === undefined ? 'not yet' : spent(hours))],
  ]);
}

function comeAndGone({ newPools, gone }: WeekReport): Html {
  const rows = [
    ...newPools.map((row) => ({ ...row, what: 'new', detail: row.nodeImageVersion })),
    ...gone.map((row) => ({ nodePool: '(the cluster)', ...row, what: 'gone', detail: row.reason })),
  ].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return table('Pools and clusters that came and went', rows, 'Nothing came, nothing went.', [
    ['Pool', (row) => poolName(row)],
    ['What', ({ what }) => what],
    ['Seen', ({ at }) => moment(at)],
    ['Detail', ({ detail }) => detail],
  ]);
}

function withoutWindow({ withoutWindow: rows }: WeekReport): Html {
  return table('Nothing is started on them', rows, 'Every cluster has a window.', [
    ['Cluster', ({ cluster }) => clusterName(cluster)],
    ['Why', ({ why }) => why],
  ]);
}

const sourceNames = {
  clusterEvents: 'AKS events of the clusters',
  resourceEvents: 'Resource events of the subscriptions: who did it',
  scheduledEvents: "AKS's scheduled maintenance",
} as const;

function sources({ sources: heard }: WeekReport): Html {
  return table('Sources of events', Object.entries(heard), '', [
    ['Source', ([name]) => sourceNames[name as keyof typeof sourceNames] ?? name],
    ['Last heard', ([, at]) => (at === 'never heard' ? at : time(at))],
  ]);
}
