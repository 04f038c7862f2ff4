// The tables of a week's report. Called by reportHtml.
import type { Group } from '../../domain/report/compliance.ts';
import type { WeekReport } from '../../domain/report/weekReport.ts';
import { change, clusterName, type Html, html, moment, percent, poolName, table, time, type Value } from './html.ts';

export function groups(caption: string, some: readonly Group[]): Html {
  return table(caption, some, `${caption}: no pools.`, [
    ['Name', ({ name }) => name],
    ['Compliant', percent],
    ['Pools', ({ pools }) => pools],
    ['Latest', ({ latest }) => latest],
    ['Within policy', ({ withinPolicy }) => withinPolicy],
    ['Stale', ({ stale }) => stale],
    ['Out of support', ({ outOfSupport }) => outOfSupport],
    ['Unknown', ({ unknown }) => unknown],
  ]);
}

const states = { stale: 'stale', outOfSupport: 'out of support', unknown: 'unknown' } as const;

export function outOfPolicy({ outOfPolicy: rows }: WeekReport): Html {
  return table('Node pools out of policy', rows, 'No pool is out of policy.', [
    ['Pool', poolName],
    ['State', ({ status }) => html`<span class="bad">${states[status]}</span>`],
    ['Image', ({ current, latest }) => change(current, latest)],
    ['Age', ({ ageDays }) => (ageDays === undefined ? '' : `${ageDays} days`)],
    ['Behind for', ({ staleDays }) => (staleDays === undefined ? '' : `${staleDays} days`)],
    ['Reason', ({ sentence, hold }) => (hold && hold !== sentence ? html`${sentence}<br>${hold}` : sentence)],
    ['Next window', ({ nextWindow }) => (nextWindow === undefined ? 'none' : moment(nextWindow))],
  ]);
}

export function rolls(rows: WeekReport['transitions'], empty: string): Html {
  return table('Rolls, by when they ended', rows, empty, [
    ['Pool', poolName],
    ['Ended', ({ completedAt }) => moment(completedAt)],
    ['Image', imagesOf],
    ['Cause', causeOf],
    ['Direction', ({ direction }) => direction ?? ''],
    ['In window', ({ inWindow }) => ({ true: 'yes', false: 'no', unknown: 'unknown' })[String(inWindow) as 'true']],
    ['Outcome', outcomeOf],
  ]);
}

type Roll = WeekReport['transitions'][number];

function imagesOf({ from, to, imageNote }: Roll): Html {
  return imageNote === undefined ? change(from, to) : html`${change(from, to)}<br>${imageNote}`;
}

function causeOf(roll: Roll): Value {
  const { ring, policyVersion, approval } = roll;
  const basis = [
    ring !== undefined && `ring ${ring}`,
    policyVersion !== undefined && `policy version ${policyVersion}`,
    approval && `approved by ${approval.approvedBy}`,
  ].filter(Boolean);
  return basis.length === 0 ? whoDidIt(roll) : html`${whoDidIt(roll)}<br>Judged on ${basis.join(', ')}`;
}

/** Nobody is to read a name that only an event gave as proven. */
function whoDidIt({ cause, actor, evidence }: Roll): string {
  if (evidence === 'notInActivityLog') return `${cause} (who was named is not in the Activity Log)`;
  if (!actor && evidence === undefined) return cause;
  const said = evidence === 'confirmed' ? 'confirmed by the Activity Log' : 'reported, not confirmed';
  return `${[cause, actor?.name].filter(Boolean).join(', ')} (${said})`;
}

function outcomeOf({ outcome, error, failure }: Roll): Value {
  const what = error ? html`${outcome}: <code>${error.code}</code> ${error.message}` : outcome;
  if (!failure) return what;
  const left = failure.nodesLeft === undefined ? '' : html`<br>${failure.nodesLeft}`;
  return html`${what}<br>${failure.class}: ${failure.remedy}${left}`;
}

export function missed({ missedWindows }: WeekReport): Html {
  return table('Windows in which a due pool was not started', missedWindows, 'No window was missed.', [
    ['Pool', poolName],
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

export function patches({ timeToPatch: rows }: WeekReport): Html {
  const spent = (hours: number) => (hours < 48 ? `${hours} hours` : `${Math.round(hours / 2.4) / 10} days`);
  return table('From the first pool that it was offered to, to the last that got it', rows, 'No release was offered.', [
    ['Release', ({ nodeImageVersion }) => html`<code>${nodeImageVersion}</code>`],
    ['First seen', ({ availableAt }) => moment(availableAt)],
    ['Pools', ({ patched, pools }) => `${patched} of ${pools}`],
    ['Time', ({ hours }) => (hours === undefined ? 'not yet' : spent(hours))],
  ]);
}

export function comeAndGone({ newPools, gone }: WeekReport): Html {
  const rows = [
    ...newPools.map((row) => ({ ...row, what: 'new', detail: row.nodeImageVersion })),
    ...gone.map((row) => ({ ...row, nodePool: row.nodePool ?? '(the cluster)', what: 'gone', detail: row.reason })),
  ].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return table('Pools and clusters that came and went', rows, 'Nothing came, nothing went.', [
    ['Pool', poolName],
    ['What', ({ what }) => what],
    ['Seen', ({ at }) => moment(at)],
    ['Detail', ({ detail }) => detail],
  ]);
}

export function withoutWindow({ withoutWindow: rows }: WeekReport): Html {
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

export function sources({ sources: heard }: WeekReport): Html {
  return table('Sources of events', Object.entries(heard), '', [
    ['Source', ([name]) => sourceNames[name as keyof typeof sourceNames] ?? name],
    ['Last heard', ([, at]) => (at === 'never heard' ? at : time(at))],
  ]);
}
