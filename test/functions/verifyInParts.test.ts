// GET /api/history/verify of many clusters: a check that messages make, whoever asks, and never whole before all of it is there.
import { Temporal } from 'temporal-polyfill';
import { beforeEach, describe, expect, it } from 'vitest';
import { handler } from '../../functions/verifyHistory.ts';
import { createMemoryDocuments } from '../../shared/adapters/storage/memoryDocuments.ts';
import { createMemoryTables } from '../../shared/adapters/storage/memoryTables.ts';
import { replaceParts } from '../../shared/composition.ts';
import { clusterKey } from '../../shared/domain/cluster/clusterId.ts';
import type { Tables } from '../../shared/ports/tables.ts';
import { readLastCheck } from '../../shared/stores/views/checkStore.ts';
import { checkPart, followCheck } from '../../shared/usecases/history/checkInParts.ts';
import type { CheckMessage } from '../../shared/usecases/messages.ts';
import { record } from '../ledgers.ts';
import { clusterIdOf, oldImage } from '../usecases/fleets.ts';
import { call, composeAt, subscription } from './request.ts';

const fleet = Array.from({ length: 60 }, (_, index) => clusterIdOf(`c${String(index).padStart(2, '0')}`));
const [first = ''] = fleet;

let tables: Tables;
let now: Temporal.Instant;
let sent: CheckMessage[];
const parts = () => ({
  tables,
  digests: createMemoryDocuments(),
  clock: { now: () => now },
  subscriptions: [subscription],
  queues: {
    countPoisoned: async () => 0,
    send: async (_queue: string, message: unknown) => void sent.push(message as CheckMessage),
  },
});
const later = (minutes: number) => {
  now = now.add({ minutes });
};
const verify = (query = '') => call(handler, `/api/history/verify${query}`);

/** Works off what is in the queue; `lost`: parts whose message never comes. */
async function work(lost: readonly number[] = []): Promise<void> {
  for (const message of sent.splice(0)) if (!lost.includes(message.part)) await checkPart(parts(), message);
}

async function forge(cluster: string): Promise<void> {
  const row = await tables.get('Ledger', clusterKey(cluster), 'log|999999999999998');
  const value = { ...(row?.value as object), nodePool: 'forged' };
  await tables.write('Ledger', clusterKey(cluster), [{ kind: 'upsert', rowKey: 'log|999999999999998', value }]);
}

describe('GET /api/history/verify of many clusters', () => {
  beforeEach(async () => {
    composeAt('2026-11-21T12:00:00Z');
    tables = createMemoryTables();
    now = Temporal.Instant.from('2026-11-21T12:00:00Z');
    sent = [];
    replaceParts(parts());
    for (const cluster of fleet) {
      const seen = { kind: 'firstSeen', cluster, nodePool: 'apps', nodeImageVersion: oldImage } as const;
      await record(tables, [{ ...seen, observedAt: '2026-11-03T10:00:00Z' }]);
    }
  });

  it('begins a check, says how far it is, and answers when all of it is there', async () => {
    expect(await verify()).toMatchObject({
      status: 202,
      body: { whole: 'unknown', clusters: 0, running: { startedAt: '2026-11-21T12:00:00Z', done: 0, of: 3 } },
    });
    expect(sent).toHaveLength(3);
    const [one, ...others] = sent.splice(0);
    await checkPart(parts(), one as CheckMessage);
    const { body } = await verify();
    expect(body).toMatchObject({ whole: 'unknown', running: { done: 1, of: 3 } });
    expect(body['clusters']).toBeGreaterThan(0);
    expect(await readLastCheck(tables)).toBeUndefined();
    later(3);
    sent.push(...others);
    await work();
    const whole = await verify();
    expect(whole).toMatchObject({
      status: 200,
      body: { whole: true, clusters: 60, entries: 60, checkedAt: '2026-11-21T12:00:00Z' },
    });
    expect((whole.body['value'] as { cluster: string }[]).map(({ cluster }) => cluster)).toEqual(fleet);
    expect(await readLastCheck(tables)).toMatchObject({ broken: [] });
  });

  it('is one check, however many ask at once, and whoever', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => verify()));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    await followCheck(parts());
    expect(sent).toHaveLength(3);
  });

  it('names what breaks, before and after it is complete, and keeps it', async () => {
    await forge(first);
    await verify();
    const [one, ...others] = sent.splice(0);
    sent.push(...others);
    await work();
    await checkPart(parts(), one as CheckMessage);
    const firstBreak = { cluster: first, sequence: 1, problem: 'Entry 1 does not match its hash.' };
    expect((await verify()).body).toMatchObject({ whole: false, clusters: 60, firstBreak });
    expect((await readLastCheck(tables))?.broken).toEqual([
      { cluster: first, problem: 'Entry 1 does not match its hash.' },
    ]);
  });

  it('is false as soon as a part is', async () => {
    for (const cluster of fleet) await forge(cluster);
    await verify();
    await work([1, 2]);
    expect(await verify()).toMatchObject({ status: 202, body: { whole: false, running: { done: 1 } } });
  });

  it('is used for ten minutes, then made anew', async () => {
    await verify();
    await work();
    later(9);
    expect((await verify()).status).toBe(200);
    later(2);
    expect((await verify()).status).toBe(202);
    expect(await readLastCheck(tables)).toMatchObject({ broken: [] });
    await work();
    expect((await verify()).body).toMatchObject({ checkedAt: '2026-11-21T12:11:00Z' });
  });

  it('is never whole without a part that was lost, and begins anew', async () => {
    await verify();
    const [late] = sent;
    await work([0]);
    later(14);
    expect(await verify()).toMatchObject({ status: 202, body: { whole: 'unknown', running: { done: 2, of: 3 } } });
    expect(sent).toHaveLength(0);
    later(16);
    const { body } = await verify();
    expect(body).toMatchObject({
      whole: 'unknown',
      running: { done: 0, lost: expect.stringContaining('lacks 1 of 3') },
    });
    // The part that was lost comes after all, and is of no use any more.
    await checkPart(parts(), late as CheckMessage);
    expect((await verify()).body).toMatchObject({ running: { done: 0 } });
    await work();
    expect((await verify()).body).toMatchObject({ whole: true, clusters: 60 });
  });

  it('does the same part twice without counting it twice', async () => {
    await verify();
    sent.push(...sent);
    await work();
    expect((await verify()).body).toMatchObject({ whole: true, clusters: 60, entries: 60 });
  });

  it('answers at once of a few, and of many out of the check of all', async () => {
    expect(await verify('?cluster=c1*')).toMatchObject({ status: 200, body: { whole: true, clusters: 10 } });
    expect(sent).toHaveLength(0);
    expect((await verify('?cluster=c*')).status).toBe(202);
    await work();
    expect(await verify('?cluster=none*')).toMatchObject({ status: 404 });
    expect((await verify('?cluster=c??')).body).toMatchObject({ whole: true, clusters: 60 });
  });
});
