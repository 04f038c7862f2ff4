// What the record says of an upgrade that failed: which image was asked for, by which rules it was started, what its nodes run.
import { describe, expect, it } from 'vitest';
import { createMemoryDocuments } from '../../../shared/adapters/storage/memoryDocuments.ts';
import { parseIsoWeek } from '../../../shared/domain/report/isoWeek.ts';
import { historyCsv } from '../../../shared/http/render/historyCsv.ts';
import { reportCsv } from '../../../shared/http/render/reportCsv.ts';
import { reportHtml } from '../../../shared/http/render/reportHtml.ts';
import { checkRecord } from '../../../shared/usecases/history/checkRecord.ts';
import { queryHistory, readHistory } from '../../../shared/usecases/history/queryHistory.ts';
import { approveRelease } from '../../../shared/usecases/policy/approveRelease.ts';
import { changePolicy } from '../../../shared/usecases/policy/changePolicy.ts';
import { buildReport } from '../../../shared/usecases/report/buildReport.ts';
import { createTestWorld } from '../../world.ts';
import { blockDrain, fleetOf, managedCluster, newImage, oldImage, subscription } from '../fleets.ts';

const policy = {
  mode: 'enforce',
  rings: [{ name: 'prod', selectors: [{ cluster: '*' }], approval: true }],
  approvals: { byOthers: true },
  preflight: { notRun: 'warn' },
};
const left = `2 of 2 nodes do not run ${newImage}.`;
const note = `It was to bring ${newImage}; the pool still names ${oldImage}.`;

/** An upgrade to an approved release, under the second version of the policy, that fails at its first node. */
async function afterFailure() {
  const world = await createTestWorld({
    fleet: fleetOf(managedCluster()),
    start: '2026-11-03T11:50:00Z',
    subscriptions: [subscription],
    policy,
    topic: 'taking',
  });
  const { dependencies } = world;
  const change = { policy, author: 'ada', reason: 'approvals' };
  expect(await changePolicy(dependencies, change, { kind: 'any' })).toMatchObject({ stored: { version: 2 } });
  const approval = { ring: 'prod', release: '202610.26.0', reason: 'tested' };
  const approved = await approveRelease(dependencies, approval, 'grace');
  expect(approved.kind).toBe('approved');
  world.simulator.inject({ ...blockDrain, seconds: 60 });
  await world.run(60);
  const { id } = (approved as Extract<typeof approved, { kind: 'approved' }>).approval;
  return { ...world, approval: { id, approvedBy: 'grace' } };
}

describe('a failed upgrade of the keeper', () => {
  it('reads as such everywhere: what was asked for, by which rules, and which nodes do not run it', async () => {
    const { dependencies, told, lines, history, approval } = await afterFailure();
    const said = { from: oldImage, to: oldImage, target: newImage, imageNote: note };
    const basis = { ring: 'prod', policyVersion: 2, approval };
    const failure = { class: 'podDrain', remedy: expect.stringContaining('shop/checkout'), nodesLeft: left };
    const names = { subscription, resourceGroup: 'rg-shop', clusterName: 'shop' };
    const roll = { kind: 'rolled', outcome: 'failed', ...said };
    expect(await history()).toMatchObject([{ ...roll, ...basis, ...names, failure }]);

    const [header = '', line = ''] = await Array.fromAsync(historyCsv(readHistory({ ...dependencies }, {})).lines);
    const cells = cellsOf(header, line);
    const columns = { target: newImage, imageNote: note, failureClass: 'podDrain', nodesLeft: left, ...names };
    const approvedAs = { approvalId: approval.id, approvedBy: 'grace' };
    expect(cells).toMatchObject({ ...columns, ring: 'prod', policyVersion: '2', ...approvedAs });
    expect(cells['remedy']).toContain('shop/checkout');

    const report = await buildReport(dependencies, parseIsoWeek('2026-W45') as never, false);
    expect(report.failures).toMatchObject([{ ...roll, ...basis, failure }]);
    const inReport = reportCsv(report).split('\r\n');
    const failed = inReport.find((one) => one.startsWith('failure,')) ?? '';
    const { failureClass: _class, ...rest } = columns;
    expect(cellsOf(inReport[0] ?? '', failed)).toMatchObject({
      ...rest,
      failure: 'podDrain',
      ring: 'prod',
      ...approvedAs,
    });
    for (const text of [note, left, 'podDrain', 'policy version 2', 'approved by grace'])
      expect(reportHtml(report)).toContain(text);

    expect(told.find(({ type }) => type === 'AttemptStarted')?.data).toMatchObject({ to: newImage, target: newImage });
    expect(told.find(({ type }) => type === 'AttemptFailed')?.data).toMatchObject({ ...said, failure });
    expect(lines).toContainEqual(expect.stringContaining(`failed. ${note} podDrain`));
  });

  it.each([
    { release: '202610.26.0' },
    { release: '202610.26.*' },
    { image: newImage },
    { image: `${newImage.slice(0, -4)}*` },
  ])('is found by what it asked for: %j', async (filter) => {
    const { dependencies } = await afterFailure();
    const { rows } = await queryHistory(dependencies, { ...filter, limit: 10 });
    expect(rows).toMatchObject([{ outcome: 'failed', target: newImage }]);
    const { verdicts } = await checkRecord({ ...dependencies, digests: createMemoryDocuments() }, {});
    expect(verdicts).toMatchObject([{ whole: true }]);
  });
});

function cellsOf(header: string, line: string): Readonly<Record<string, string>> {
  const split = (text: string) => [...text.trimEnd().matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))/g)];
  const names = split(header).map((cell) => cell[2] ?? '');
  return Object.fromEntries(split(line).map((cell, index) => [names[index], cell[1] ?? cell[2] ?? '']));
}
