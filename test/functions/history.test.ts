import { Temporal } from 'temporal-polyfill';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { handler } from '../../functions/getHistory.ts';
import { clusterKey } from '../../shared/domain/cluster/clusterId.ts';
import type { EntryBody } from '../../shared/domain/ledger/ledger.ts';
import type { Tables } from '../../shared/ports/tables.ts';
import { writePass } from '../../shared/stores/passStore.ts';
import { aTransition } from '../builders.ts';
import { record } from '../ledgers.ts';
import { clusterIdOf } from '../usecases/fleets.ts';
import { call, callText, composeAt, subscription } from './request.ts';

const shop = clusterIdOf('shop');
const bank = clusterIdOf('bank');
const at = (day: number) => `2026-11-${String(day).padStart(2, '0')}T10:00:00Z`;
const seen = (cluster: string): EntryBody => ({
  kind: 'firstSeen',
  cluster,
  nodePool: 'apps',
  nodeImageVersion: 'AKSUbuntu-2204gen2containerd-202610.05.0',
  observedAt: at(1),
});
const rolled = (cluster: string, day: number, fields: Partial<EntryBody> = {}) =>
  aTransition({ cluster, completedAt: at(day), observedAt: at(day), ...(fields as object) });

let tables: Tables;

beforeEach(async () => {
  tables = composeAt('2026-11-21T12:00:00Z');
  await record(tables, [
    seen(shop),
    rolled(shop, 3, { cause: 'keeper', attempt: 'a-1' }),
    rolled(shop, 5, { outcome: 'failed', error: { code: 'PodDrainFailure', message: '=cmd("x"),\r\n-1' } }),
  ]);
  await record(tables, [seen(bank), rolled(bank, 4)]);
});

const get = (query: string) => call(handler, `/api/history${query}`);

const text = (query: string) => callText(handler, `/api/history${query}`);

const days = (rows: unknown) =>
  (rows as { completedAt?: string }[]).map((row) => Number(row.completedAt?.slice(8, 10)));

describe('GET /api/history', () => {
  it('answers the newest first, a hundred rows when no limit is given', async () => {
    const { status, body } = await get('');
    expect([status, days(body['value'])]).toEqual([200, [5, 4, 3]]);
    expect(body['nextLink']).toBeUndefined();
  });

  it('leads on by links that hold no key and keep what was asked', async () => {
    const first = await get('?limit=1&code=secret&cluster=shop&kind=transition');
    const link = new URL(String(first.body['nextLink']), 'https://keeper.example');
    expect(link.searchParams.has('code')).toBe(false);
    expect(String(first.body['nextLink'])).not.toContain('secret');
    expect([...link.searchParams.keys()].toSorted()).toEqual(['cluster', 'cursor', 'kind', 'limit']);
    const second = await get(link.search);
    expect([days(first.body['value']), days(second.body['value'])]).toEqual([[5], [3]]);
    expect(second.body['nextLink']).toBeUndefined();
  });

  it.each<[string, number[]]>([
    ['?outcome=failed', [5]],
    ['?cause=keeper', [3]],
    ['?inWindow=unknown&cluster=b*', [4]],
    ['?inWindow=true', []],
    ['?kind=transition,rolled', [5, 4, 3]],
    ['?kind=rolled', []],
    ['?release=202601.07.0&nodePool=apps', [5, 4, 3]],
    ['?image=AKSUbuntu-2204gen2containerd-202601.07.0', [5, 4, 3]],
    ['?resourceGroup=rg-shop&since=2026-11-04T00:00:00Z', [5, 4]],
    ['?subscription=11111111-2222-4333-8444-555555555555&until=2026-11-04T00:00:00%2B02:00', [3]],
  ])('understands %s', async (query, expected) => {
    expect(days((await get(query)).body['value'])).toEqual(expected);
  });

  it('shows where the record begins', async () => {
    expect((await get('?kind=firstSeen,gone')).body['value']).toMatchObject([
      { kind: 'firstSeen', cluster: bank },
      { kind: 'firstSeen', cluster: shop },
    ]);
  });

  it.each<[string, string[], RegExp]>([
    ['?limit=1&limit=2', ['limit'], /limit is given more than once/],
    ['?cluster=a&nodePool=b&cluster=a&nodePool=c', ['cluster', 'nodePool'], /cluster is given more than once/],
    ['?limit=0', ['limit'], /from 1 to 1000/],
    ['?limit=1,2', ['limit'], /from 1 to 1000/],
    ['?outcome=good', ['outcome'], /give one of succeeded, partial, failed/],
    ['?cause=me', ['cause'], /give one of keeper, aksAutoUpgrade/],
    ['?inWindow=yes', ['inWindow'], /give one of true, false, unknown/],
    ['?kind=transition,x', ['kind'], /transition, rolled, firstSeen, gap, gone/],
    ['?kind=amendment', ['kind'], /or ledger alone/],
    ['?kind=ledger,gone&format=ndjson', ['kind'], /or ledger alone/],
    ['?kind=ledger', ['format'], /as ndjson alone/],
    ['?kind=ledger&format=ndjson&nodePool=a&since=2026-11-01T00:00:00Z', ['nodePool', 'since'], /whole chains/],
    ['?format=xml', ['format'], /json, csv, ndjson/],
    ['?subscription=mine', ['subscription'], /a GUID/],
    ['?subscription=', ['subscription'], /a GUID/],
    ['?cluster=/subscriptions/x', ['cluster'], /ARM id/],
    ['?image=', ['image'], /is empty/],
    ['?since=yesterday&until=2026-11', ['since', 'until'], /ISO 8601/],
    ['?since=2026-11-02T00:00:00Z&until=2026-11-02T00:00:00Z', ['until'], /not after since/],
    ['?pool=apps', ['pool'], /no parameter/],
    ['?cursor=xx', ['cursor'], /follow nextLink/],
  ])('names what is wrong with %s', async (query, parameters, message) => {
    const { status, body } = await get(query);
    expect(status).toBe(400);
    expect((body['errors'] as { parameter: string }[]).map(({ parameter }) => parameter)).toEqual(parameters);
    expect(body['detail']).toMatch(message);
  });

  it('takes the caller’s key twice, which is the host’s to judge', async () => {
    expect((await get('?code=a&code=b')).status).toBe(200);
  });
});

describe('GET /api/history as a stream', () => {
  it('is ndjson: a row a line, the same as in the list', async () => {
    const { headers, text: body, status } = await text('?format=ndjson');
    expect([status, headers.get('content-type')]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
    expect(body.endsWith('\n')).toBe(true);
    const rows = body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.pop()).toEqual({ kind: 'end', rows: 3 });
    expect(rows).toEqual((await get('')).body['value']);
  });

  it('tells the gaps in observation where they are asked for', async () => {
    const gap: EntryBody = {
      kind: 'gap',
      cluster: shop,
      observedAt: at(9),
      unseenFrom: at(8),
      unseenTo: at(9),
      reason: 'No pass listed the subscription.',
    };
    await record(tables, [gap]);
    const csv = (await text('?format=csv&kind=gap')).text.split('\r\n');
    expect(csv).toHaveLength(4);
    expect(csv[1]).toMatch(
      new RegExp(
        `^[^,]*,gap,${shop},,.*,No pass listed the subscription\\..*,${at(8)},${at(9)},{12}shop,rg-shop,${subscription},,,$`,
      ),
    );
    expect((await text('?format=ndjson&kind=gap&cluster=shop&nodePool=apps')).text).toContain(
      `"unseenFrom":"${at(8)}"`,
    );
    expect((await get('?kind=gap&image=*')).body['value']).toEqual([]);
    expect((await get('?cluster=shop')).body['value']).toHaveLength(2);
  });

  it('says up to when the record speaks', async () => {
    const sources = { clusterEvents: 'never heard', resourceEvents: 'never heard', scheduledEvents: 'never heard' };
    expect((await get('')).body['coverage']).toEqual({ subscriptions: [], sources });
    const [listed, failed] = [Temporal.Instant.from(at(19)), Temporal.Instant.from(at(20))];
    const pass = { subscription, at: failed, clusters: 0, problem: '403', listedAt: listed };
    await writePass(tables, pass);
    await writePass(tables, { subscription: 'another', at: Temporal.Instant.from(at(18)), clusters: 2 });
    expect((await get('')).body['coverage']).toEqual({
      subscriptions: [
        { subscription, listedAt: at(19), problem: '403' },
        { subscription: 'another', listedAt: at(18) },
      ],
      sources,
    });
  });

  it('is CSV with a fixed header, and no formula', async () => {
    const { headers, text: body } = await text('?format=csv&kind=transition,firstSeen&cluster=shop');
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(headers.get('content-disposition')).toBe('attachment; filename="history.csv"');
    const lines = body.split('\r\n');
    expect(lines[0]).toBe(
      'id,kind,cluster,nodePool,from,to,startedAt,startedAfter,startedNotAfter,completedAt,observedAt,recordedAt,cause,' +
        'inWindow,windowOpensAt,windowClosesAt,outcome,proof,nodesTotal,nodesUpToDate,nodesReady,attempt,errorCode,' +
        'errorMessage,actorKind,actorName,correlationId,reason,sequence,amendedBy,previousHash,hash,unseenFrom,unseenTo,timedBy,evidence,' +
        'target,imageNote,failureClass,remedy,nodesLeft,ring,policyVersion,approvalId,approvedBy,clusterName,resourceGroup,subscription,' +
        'direction,proofProblem,windowName',
    );
    expect(body).toContain(`PodDrainFailure,"'=cmd(""x""),\r\n-1",`);
    expect(body).toContain(`${clusterKey(shop)}|1,firstSeen,${shop},apps,,AKSUbuntu-2204gen2containerd-202610.05.0,`);
    const commas = (line: string | undefined) => line?.split(',').length;
    expect(commas(lines.at(-2))).toBe(commas(lines[0]));
    expect(lines.at(-2)).toMatch(/^,end,,.*,3 rows,/);
  });

  it.each([
    ['?format=csv&outcome=notStarted', 2],
    ['?format=ndjson&outcome=notStarted', 1],
    ['?format=csv&limit=2', 4],
    ['?format=ndjson&limit=1', 2],
  ])('%s has %i lines, the end and the header included', async (query, expected) => {
    const { text: body } = await text(query);
    // A line end in a quoted cell does not end a record.
    expect(body.replaceAll(/"[^"]*"/g, '').split('\n')).toHaveLength(expected + 1);
  });

  it('is not begun when its first rows can’t be read', async () => {
    const query: Tables['query'] = () => {
      throw new Error('storage is away');
    };
    composeAt('2026-11-21T12:00:00Z', { ...tables, query });
    await expect(text('?format=ndjson')).rejects.toThrow('storage is away');
  });

  const formats = ['format=csv', 'format=ndjson', 'format=ndjson&kind=ledger'];

  /** Storage that fails, or hangs, after so many rows of a query. */
  async function storageAfter(most: number, then: () => Promise<never>): Promise<void> {
    const many = Array.from({ length: 300 }, (_, index) => rolled(shop, 6, { attempt: `a-${index}` }));
    for (let start = 0; start < many.length; start += 50) await record(tables, many.slice(start, start + 50));
    const query: Tables['query'] = async function* (...asked) {
      let rows = 0;
      for await (const row of tables.query(...asked)) {
        rows += 1;
        if (rows > most) await then();
        yield row;
      }
    };
    composeAt('2026-11-21T12:00:00Z', { ...tables, query });
  }

  it.each(formats)('of %s ends as incomplete, and never as ended, when storage is gone half-way', async (query) => {
    await storageAfter(200, async () => {
      throw new Error('storage is away');
    });
    expectIncomplete(await text(`?${query}`));
  });

  it.each(formats)('of %s ends as incomplete when storage does not answer half-way', async (query) => {
    await storageAfter(200, () => new Promise(() => {}));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const reading = text(`?${query}`);
    const seconds = async () => {
      for (let second = 0; second < 30; second += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        await vi.advanceTimersByTimeAsync(1000);
      }
      throw new Error('The export has not ended within 30 s.');
    };
    expectIncomplete(await Promise.race([reading, seconds()]));
  });

  function expectIncomplete({ status, text: body }: { readonly status: number; readonly text: string }): void {
    expect(status).toBe(200);
    const last = body.trimEnd().split('\n').at(-1);
    expect(last).toMatch(
      /^(\{"kind":"incomplete","problem":"The answer breaks off|,incomplete,.*,The answer breaks off)/,
    );
    expect(body).not.toMatch(/"kind":"end"|,end,|storage/);
  }
});
