// What callers put where a name belongs: nothing of it is a failure of ours, be it that no key of storage can hold it.
import { beforeAll, describe, expect, it } from 'vitest';
import { handler as deleteApproval } from '../../functions/deleteApproval.ts';
import { handler as deleteHold } from '../../functions/deleteHold.ts';
import { handler as getApprovals } from '../../functions/getApprovals.ts';
import { handler as getDecisions } from '../../functions/getDecisions.ts';
import { handler as getHealth } from '../../functions/getHealth.ts';
import { handler as getHistory } from '../../functions/getHistory.ts';
import { handler as getHolds } from '../../functions/getHolds.ts';
import { handler as getNodeImage } from '../../functions/getNodeImage.ts';
import { handler as getNodePools } from '../../functions/getNodePools.ts';
import { handler as getPlan } from '../../functions/getPlan.ts';
import { handler as getPolicyVersions } from '../../functions/getPolicyVersions.ts';
import { handler as getWindows } from '../../functions/getWindows.ts';
import { handler as postPreflight } from '../../functions/postPreflight.ts';
import { handler as verifyHistory } from '../../functions/verifyHistory.ts';
import { call, composeAt, subscription } from './request.ts';

const hostile = [
  ...['\0', '\u0001', '#', '?', '\\', '/', '\u007f', '\u0085', '|', ' ', '\n', "'"].map((one) => `a${one}b`),
  ...['a', 'İ', '%', '😀'].map((one) => one.repeat(3000)),
  'İ'.repeat(90),
  'x'.repeat(600),
  '..',
  '__proto__',
];

const managedClusters = 'providers/Microsoft.ContainerService/managedClusters';
const ids = hostile.flatMap((one) => [
  `/subscriptions/${subscription}/resourceGroups/${one}/${managedClusters}/shop`,
  `/subscriptions/${one}/resourceGroups/rg/${managedClusters}/shop`,
  `/subscriptions/${subscription}/resourceGroups/rg/${managedClusters}/${one}`,
]);

const lists = [
  [
    'history',
    getHistory,
    ['subscription', 'resourceGroup', 'cluster', 'nodePool', 'image', 'release', 'kind', 'since'],
  ],
  ['history/verify', verifyHistory, ['subscription', 'resourceGroup', 'cluster']],
  ['nodepools', getNodePools, ['cluster', 'nodePool']],
  ['plan', getPlan, ['cluster', 'nodePool', 'at']],
  ['windows', getWindows, ['cluster', 'count', 'timeZone']],
] as const;

beforeAll(() => {
  composeAt('2026-11-21T12:00:00Z');
});

describe.each(lists)('GET /api/%s', (path, handler, names) => {
  it.each(names)('answers whatever %s is', async (name) => {
    for (const value of [...hostile, ...ids]) {
      const { status } = await call(handler, `/api/${path}?${name}=${encodeURIComponent(value)}`);
      expect([value, [200, 400, 404].includes(status)]).toEqual([value, true]);
    }
  });
});

it('reads the parts of a path by what Azure takes in names', async () => {
  const good = { subscription, resourceGroup: 'rg', cluster: 'shop', nodePool: 'apps' };
  expect((await decisions(good)).status).toBe(404);
  for (const name of Object.keys(good)) {
    for (const value of hostile) {
      const { status, body } = await decisions({ ...good, [name]: value });
      if (value === '..' || value === '__proto__') expect(status).toBe(404);
      else expect([status, body['detail']]).toEqual([400, expect.stringContaining('give a name as Azure has it')]);
    }
  }
});

it('does not mind what else a host calls a parameter', async () => {
  const params = { subscription, resourceGroup: 'rg', cluster: 'shop', nodePool: 'apps', sys: '{}' };
  expect((await decisions(params)).status).toBe(404);
});

const decisions = (params: Record<string, string>) =>
  call(getDecisions, '/api/nodepools/a/b/c/d/decisions', { params });

it.each([
  ['holds', deleteHold],
  ['approvals', deleteApproval],
])('DELETE /api/%s/{id} knows no odd id', async (path, handler) => {
  for (const id of hostile) {
    const answer = await call(handler, `/api/${path}/x?author=ada`, { method: 'DELETE', params: { id } });
    expect([id, answer.status]).toEqual([id, 404]);
  }
});

it('GET /api/images/{nodeImageVersion} is no image', async () => {
  for (const nodeImageVersion of hostile) {
    expect((await call(getNodeImage, '/api/images/x', { params: { nodeImageVersion } })).status).toBe(400);
  }
});

it('POST /api/preflight names no cluster', async () => {
  for (const name of [...hostile, ...ids, '\ud800']) {
    for (const body of [{ cluster: name }, { cluster: 'shop', nodePool: name }]) {
      const { status } = await call(postPreflight, '/api/preflight', { body });
      expect([name, [400, 404].includes(status)]).toEqual([name, true]);
    }
  }
});

const cursors = [
  1e300,
  -1,
  null,
  '1e300',
  '\ud800',
  '000000000000001\ud800',
  '0'.repeat(15),
  '000000000000001|a|b|c',
  `000000000000001|a|b|${'c'.repeat(600)}|000000000000001`,
  '000000000000001|a|b#|c|000000000000001',
  '000000000000001|a|b|\ud800|000000000000001',
  'version|1',
  'current',
  'active|1',
  ...hostile,
];

it.each([
  ['history', getHistory, '998200000000000|a|b|c|999999999999998'],
  ['holds', getHolds, '001790000000000|a-b'],
  ['holds?lifted=true', getHolds, 'lifted|998200000000000|a-b'],
  ['approvals', getApprovals, '001790000000000|a-b'],
  ['policy/versions', getPolicyVersions, 'version|999999999999998'],
])('GET /api/%s refuses cursors that it did not give', async (path, handler, given) => {
  const at = (key: unknown) => {
    const cursor = Buffer.from(JSON.stringify({ key })).toString('base64url');
    return call(handler, `/api/${path}${path.includes('?') ? '&' : '?'}cursor=${cursor}`);
  };
  expect((await at(given)).status).toBe(200);
  for (const key of cursors) {
    const { status, body } = await at(key);
    expect([key, status, body['detail']]).toEqual([key, 400, expect.stringContaining('follow nextLink')]);
  }
});

it('GET /api/history?cursor goes on from any time', async () => {
  for (const time of ['0'.repeat(15), '9'.repeat(15), '747000000000000']) {
    const key = `${time}|a|b|c|${'9'.repeat(15)}`;
    const cursor = Buffer.from(JSON.stringify({ key })).toString('base64url');
    expect((await call(getHistory, `/api/history?cursor=${cursor}`)).status).toBe(200);
  }
});

it.each([
  ['0000-01-01T00:00:00Z', 200],
  ['9999-12-31T23:59:59.999Z', 200],
  ['9999-12-31T23:59:59-14:00', 400],
  ['+275760-09-13T00:00:00Z', 400],
  [`2026-11-21T00:00:00.${'1'.repeat(200)}Z`, 400],
  ['2026-02-30T00:00:00Z', 400],
])('instants: %s is %i', async (instant, status) => {
  expect((await call(getHistory, `/api/history?until=${instant}`)).status).toBe(status);
});

it('GET /api/health takes no parameters', async () => {
  expect((await call(getHealth, '/api/health?x=1')).status).toBe(400);
});
