// The terminal view: what it draws at which size.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderView } from '../../../local/view/renderView.ts';
import type { ShownPool, ViewState } from '../../../local/view/viewState.ts';
import { id, latest, now, old, pool } from './shownPool.ts';

const at = (time: string) => new Date(`2026-11-21T${time}Z`);

const opens = (nextEligibleAt: string) => ({ decision: { verdict: 'wait', reason: 'outsideWindow', nextEligibleAt } });

const state: ViewState = {
  now,
  pools: [
    pool('dev', 'apps', 'wait', 'attemptInFlight', { provisioningState: 'UpgradingNodeImageVersion' }),
    pool('dev', 'system', 'wait', 'poolOrder'),
    pool('staging', 'system', 'wait', 'outsideWindow', opens('2026-11-21T02:16:00Z')),
    pool('staging', 'aksmanagedap', 'skip', 'unsupportedPool'),
    pool('production', 'system', 'wait', 'outsideWindow', opens('2026-11-27T02:14:00Z')),
    pool('production', 'win', 'skip', 'upToDate', {
      current: 'AKSWindows-2022-containerd-gen2-20348.4294.251112',
      latest: 'AKSWindows-2022-containerd-gen2-20348.4294.251112',
    }),
    pool('a-cluster-with-a-name-of-many-letters', 'system', 'blocked', 'noWindow'),
    pool('stopped', 'system', 'wait', 'clusterStopped', { powerState: 'Stopped' }),
  ],
  rolls: [{ cluster: id('DEV'), nodePool: 'apps', nodesDone: 2, nodes: 5 }],
  lines: [
    { at: at('02:15:12'), text: 'First seen: dev/apps on AKSUbuntu-2204gen2containerd-202510.19.1.', isProblem: false },
    {
      at: at('02:15:14'),
      text: `Started: dev/apps from ${old} to ${latest}, attempt b6f2871a-55b5-4a39-9b5a-0f6d4a8d9f10`,
      isProblem: false,
    },
    { at: at('02:15:21'), text: 'AKS: dev/apps has 1 of 5 nodes on the new image.', isProblem: false },
    {
      at: at('02:15:25'),
      text: 'Event Grid: the webhook answered 500 \u001b[31mred\u001b[0m\u0007\nEND',
      isProblem: true,
    },
    { at: at('02:15:29'), text: 'AKS: dev/apps has 2 of 5 nodes on the new image.', isProblem: false },
  ],
  links: [
    { label: 'history', target: 'http://localhost:7071/api/history?code=abcdefgh' },
    { label: 'node pools', target: 'http://localhost:7071/api/nodepools?code=abcdefgh' },
    { label: 'plan', target: 'http://localhost:7071/api/plan?code=abcdefgh' },
    { label: 'health', target: 'http://localhost:7071/api/health' },
    { label: 'faults', target: 'npm run simulator -- fault … --to http://127.0.0.1:37327' },
  ],
};

describe('the view', () => {
  const sizes = [60, 80, 120].flatMap((columns) => [15, 24, 50].map((rows) => [columns, rows] as const));

  it.each(sizes)('at %i x %i', (columns, rows) => {
    expect(renderView(state, { columns, rows }).join('\n')).toMatchSnapshot();
  });

  it('waits for the first pass', () => {
    const lines = renderView({ ...state, pools: undefined, rolls: [], lines: [] }, { columns: 80, rows: 24 });
    expect(lines[2]).toBe('Waiting for the first pass over the fleet.');
    expect(lines).toHaveLength(24);
  });

  it('never exceeds the terminal, whatever its size', () => {
    const many = Array.from({ length: 40 }, (_, index) => pool(`c${index}`, 'system', 'wait', 'outsideWindow'));
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 80 }),
        fc.boolean(),
        (columns, rows, large) => {
          const lines = renderView(large ? { ...state, pools: many } : state, { columns, rows });
          expect(lines.length).toBe(rows);
          expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
          expect(lines.join('')).not.toMatch(/\p{Cc}/u);
        },
      ),
    );
  });

  it('puts colour on text that is cut already', () => {
    const plain = renderView(state, { columns: 70, rows: 24 });
    const painted = renderView(state, { columns: 70, rows: 24 }, (role, text) => `<${role}>${text}</>`);
    expect(painted.map((line) => line.replace(/<[^>]*>/g, ''))).toEqual(plain);
    expect(painted.join('\n')).toContain('<bad>no window</>');
  });
});

describe('an upgrade under way', () => {
  const rolling = (upgrade: ShownPool['upgrade']): ViewState => ({
    ...state,
    pools: [pool('dev', 'apps', 'wait', 'attemptInFlight', { ...(upgrade && { upgrade }) })],
  });
  const row = (columns: number, upgrade: ShownPool['upgrade']) =>
    renderView(rolling(upgrade), { columns, rows: 24 })[3]?.replace(/^dev .*? {2}(?=█)/, '');
  const expectedEnd = '2026-11-21T02:31:00Z';
  const nodes = { total: 6, done: 2, cordoned: 1, notReady: 1, pendingPods: 3 };

  it.each([
    ['of nobody we know', 100, undefined, '██████████░░░░░░░░░░░░░░ 2/5 nodes'],
    ['whose nodes nobody counted', 100, { expectedEnd }, '██████████░░░░░░░░░░░░░░ 2/5 nodes, until 02:31'],
    ['on a wide terminal', 150, { expectedEnd, nodes }, /nodes, 1 cordoned, 1 not ready, 3 pods wait, until 02:31$/],
    ['on a narrow one', 80, { expectedEnd, nodes }, /^███░░░░░ 2\/5 nodes, .*…$/],
    [
      'with a node put aside',
      150,
      { expectedEnd, nodes: { total: 1, done: 0, quarantined: 1, pendingPods: 1 } },
      /, 1 put aside, 1 pod waits, until/,
    ],
  ])('%s', (_what, columns, upgrade, expected) => {
    const shown = row(columns, upgrade);
    if (typeof expected === 'string') expect(shown).toBe(expected);
    else expect(shown).toMatch(expected);
  });
});
