import { describe, expect, it } from 'vitest';
import type { ArmRequest, ArmResponse } from '../../../local/simulator/arm/armAnswer.ts';
import { preflightVerdict, verdictOf } from '../../../shared/domain/attempt/starterVerdict.ts';
import { clusterKey } from '../../../shared/domain/cluster/clusterId.ts';
import type { Row, Tables } from '../../../shared/ports/tables.ts';
import { readVerdict, updateVerdict } from '../../../shared/stores/factsStore.ts';
import { closeBudget, readClosedUntil, upgradesIn } from '../../../shared/stores/starts/budgetStore.ts';
import { getAttempt, listAttempts } from '../../../shared/stores/starts/startsStore.ts';
import { listNodePools } from '../../../shared/usecases/ask/listNodePools.ts';
import { recordObservation } from '../../../shared/usecases/observe/recordObservation.ts';
import { startAttempt } from '../../../shared/usecases/start/startAttempt.ts';
import { createTestWorld } from '../../world.ts';
import { clusterId, fleetOf, managedCluster, newImage, oldImage, poolProfile, subscription } from '../fleets.ts';

type Intercept = (request: ArmRequest, answer: () => ArmResponse) => ArmResponse;

const inWindow = '2026-11-03T12:30:00Z';
const message = { clusterId, nodePool: 'apps', expiresAt: '2026-11-03T15:00:00Z' };
const isPost = (request: ArmRequest) => request.method === 'POST';

const refuse = (status: number, code: string, headers: Record<string, string> = {}): Intercept => {
  return (request, answer) =>
    isPost(request)
      ? {
          status,
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify({ error: { code, message: 'It says no.' } }),
        }
      : answer();
};

/** A world inside the window, whose ledger knows the cluster. */
async function worldWith(intercept?: Intercept) {
  const world = await createTestWorld({
    fleet: fleetOf(managedCluster()),
    start: inWindow,
    subscriptions: [subscription],
    ...(intercept ? { intercept } : {}),
  });
  await recordObservation(world.dependencies, { clusterId });
  return world;
}

const decisionOf = async (world: Awaited<ReturnType<typeof worldWith>>) =>
  (await listNodePools(world.dependencies, {}))[0]?.decision;

describe('a refusal', () => {
  it('409: another operation: waits inside the window and tries again', async () => {
    let refusals = 2;
    const world = await worldWith((request, answer) =>
      isPost(request) && refusals-- > 0 ? refuse(409, 'OperationNotAllowed')(request, answer) : answer(),
    );
    await world.pass();
    expect(await listAttempts(world.dependencies.tables)).toEqual([]);
    await world.pass();
    expect(await decisionOf(world)).toMatchObject({ reason: 'clusterBusy', nextEligibleAt: '2026-11-03T12:35:00Z' });
    await world.run(40);
    expect(await world.history()).toMatchObject([{ to: newImage, cause: 'keeper' }]);
    expect(world.posts()).toHaveLength(3);
  });

  it('429: not before Retry-After', async () => {
    const world = await worldWith(refuse(429, 'Throttled', { 'retry-after': '900' }));
    await world.pass();
    await world.run(14);
    expect(world.posts()).toHaveLength(1);
    expect(await decisionOf(world)).toMatchObject({ reason: 'retryLater', nextEligibleAt: '2026-11-03T12:45:00Z' });
    // The whole subscription waits, and leaves room for the requests of a start.
    expect((await decisionOf(world))?.also).toMatchObject([
      { reason: 'budget', sentence: expect.stringContaining('2026-11-03T12:45:00Z') as unknown },
    ]);
    await world.run(6);
    expect(world.posts()).toHaveLength(2);
  });

  it('403: half an hour later, with what ARM said', async () => {
    const world = await worldWith(refuse(403, 'AuthorizationFailed'));
    await world.pass();
    await world.pass();
    expect((await decisionOf(world))?.sentence).toContain('403 AuthorizationFailed');
    await world.run(29);
    expect(world.posts()).toHaveLength(1);
  });
});

describe('an answer that is lost', () => {
  it.each([
    ['500 after ARM took it', (answer: () => ArmResponse) => ({ ...answer(), status: 500, body: '' })],
    [
      'a reset after ARM took it',
      (answer: () => ArmResponse): ArmResponse => {
        answer();
        throw new Error('ECONNRESET');
      },
    ],
  ])('%s: one request, one transition, the keeper’s when the Activity Log confirms it', async (_what, lose) => {
    const world = await worldWith((request, answer) => (isPost(request) ? lose(answer) : answer()));
    await world.pass();
    expect((await getAttempt(world.dependencies.tables, clusterId))?.attempt.state).toBe('unclear');
    await world.run(60);
    expect(world.posts()).toHaveLength(1);
    expect(await world.history()).toMatchObject([
      { from: oldImage, to: newImage, cause: 'keeper', evidence: 'confirmed', outcome: 'succeeded' },
    ]);
    const [entry] = (await world.ledger(clusterId)).filter(({ kind }) => kind === 'transition');
    // Not guessed: so it was recorded.
    expect(entry).toMatchObject({ cause: 'unknown' });
    expect(await listAttempts(world.dependencies.tables)).toEqual([]);
  });

  it('before ARM took it: not started, by the eTag, and tried again in the same window', async () => {
    let lost = 0;
    const world = await worldWith((request, answer) => {
      if (!isPost(request) || lost > 0) return answer();
      lost += 1;
      throw new Error('ECONNREFUSED');
    });
    await world.pass();
    await world.run(60);
    expect((await world.history()).map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ['transition', 'succeeded'],
      ['rolled', 'notStarted'],
    ]);
    expect(world.posts()).toHaveLength(2);
  });
});

describe('moments before the request', () => {
  it('a message that comes too late starts nothing', async () => {
    const world = await worldWith();
    expect(await startAttempt(world.dependencies, { ...message, expiresAt: inWindow })).toEqual({ kind: 'expired' });
    expect(world.requests).toHaveLength(1);
  });

  it('the same message again starts nothing more', async () => {
    const world = await worldWith();
    await world.pass();
    expect(world.posts()).toHaveLength(1);
    const results = await Promise.all([
      startAttempt(world.dependencies, message),
      startAttempt(world.dependencies, message),
    ]);
    expect(results.map(({ kind }) => kind)).toEqual(['notStarted', 'notStarted']);
    expect(world.posts()).toHaveLength(1);
  });

  it('two instances with the same message and no attempt yet: one claims the cluster', async () => {
    const world = await worldWith();
    const results = await Promise.all([1, 2, 3].map(() => startAttempt(world.dependencies, message)));
    expect(results.filter(({ kind }) => kind === 'sent')).toHaveLength(1);
    expect(world.posts()).toHaveLength(1);
  });

  it.each([
    ['31 s ahead of ARM', 31],
    ['31 s behind ARM', -31],
  ])('a clock %s starts nothing and says so', async (_what, seconds) => {
    const world = await worldWith((_request, answer) => {
      const answered = answer();
      const date = new Date(Date.parse(answered.headers['date'] ?? '') - seconds * 1000).toUTCString();
      return { ...answered, headers: { ...answered.headers, date } };
    });
    await world.pass();
    expect(world.posts()).toHaveLength(0);
    expect(await decisionOf(world)).toMatchObject({ verdict: 'blocked', reason: 'clockSkew' });
  });

  it('an answer without a Date starts nothing', async () => {
    const world = await worldWith((_request, answer) => {
      const answered = answer();
      const { date: _date, ...headers } = answered.headers;
      return { ...answered, headers };
    });
    await world.pass();
    expect(world.posts()).toHaveLength(0);
    expect(await decisionOf(world)).toMatchObject({ reason: 'clockSkew' });
  });

  it('a read of the window that fails starts nothing', async () => {
    let reads = 0;
    const world = await worldWith((request, answer) => {
      if (!request.url.includes('maintenanceConfigurations')) return answer();
      reads += 1;
      return reads === 1 ? answer() : { status: 500, headers: {}, body: '' };
    });
    await world.pass();
    expect(world.posts()).toHaveLength(0);
    expect(await decisionOf(world)).toMatchObject({ reason: 'readFailed' });
  });

  it('a slow write of the intent starts nothing: the decision is stale by then', async () => {
    const world = await worldWith();
    const { tables } = world.dependencies;
    const slow: Tables = {
      ...tables,
      write: async (table, partition, changes) => {
        const written = await tables.write(table, partition, changes);
        if (table === 'Starts' && changes[0]?.kind === 'insert') world.advance({ seconds: 21 });
        return written;
      },
    };
    expect(await startAttempt({ ...world.dependencies, tables: slow }, message)).toMatchObject({ kind: 'notStarted' });
    expect(world.posts()).toHaveLength(0);
    expect(await listAttempts(tables)).toEqual([]);
  });

  it('an attempt that ends between our reads and our intent is not followed by a second one in its window', async () => {
    // The roll fails and leaves the pool as it was.
    const world = await worldWith((request, answer) => {
      const answered = answer();
      if (request.url.includes('/operations/'))
        return { ...answered, body: answered.body.replace('Succeeded', 'Failed') };
      const isCluster = request.method === 'GET' && new URL(request.url).pathname === clusterId;
      return isCluster ? { ...answered, body: answered.body.replace(newImage, oldImage) } : answered;
    });
    await world.pass();
    expect(world.posts()).toHaveLength(1);
    world.advance({ minutes: 20 });
    const { tables } = world.dependencies;
    let ended = false;
    const racing: Tables = {
      ...tables,
      async *query(table, partition, range) {
        const rows: Row[] = [];
        for await (const row of tables.query(table, partition, range)) rows.push(row);
        if (table === 'Ledger' && !ended) {
          ended = true;
          await world.follow();
          expect(await listAttempts(tables)).toEqual([]);
        }
        yield* rows;
      },
    };
    const result = await startAttempt({ ...world.dependencies, tables: racing }, message);
    expect(result).toEqual({ kind: 'notStarted', decision: undefined });
    expect(world.posts()).toHaveLength(1);
    expect(await listAttempts(tables)).toEqual([]);
  });
});

/** The tables, with a moment right after one starter's own reads: before its intent is written. */
function beforeIntent(tables: Tables, meanwhile: () => Promise<void>): Tables {
  let isOver = false;
  return {
    ...tables,
    write: async (table, partition, changes) => {
      if (table === 'Starts' && changes[0]?.kind === 'insert' && !isOver) {
        isOver = true;
        await meanwhile();
      }
      return tables.write(table, partition, changes);
    },
  };
}

describe('two starters, of which one is refused between the reads and the intent of the other', () => {
  it.each([
    ['429 with Retry-After', 429, 'Throttled', { 'retry-after': '114' }],
    ['429 without', 429, 'Throttled', {}],
    ['409 with Retry-After', 409, 'OperationNotAllowed', { 'retry-after': '114' }],
    ['409 without', 409, 'OperationNotAllowed', {}],
    ['409 for a lock', 409, 'ScopeLocked', {}],
    ['403', 403, 'AuthorizationFailed', {}],
  ])('%s: the other respects it', async (_what, status, code, headers) => {
    let refusals = 1;
    const world = await worldWith((request, answer) =>
      isPost(request) && refusals-- > 0 ? refuse(status, code, headers)(request, answer) : answer(),
    );
    const { tables } = world.dependencies;
    const racing = beforeIntent(tables, async () => {
      expect(await startAttempt(world.dependencies, message)).toMatchObject({ answer: { kind: 'refused' } });
      // Within what a decision may wait for its request.
      world.advance({ seconds: 11 });
    });
    const result = await startAttempt({ ...world.dependencies, tables: racing }, message);
    expect(result).toEqual({ kind: 'notStarted', decision: undefined });
    expect(world.posts()).toHaveLength(1);
    expect(await listAttempts(tables)).toEqual([]);
    // It is put off, not given up.
    await world.run(40);
    expect(world.posts()).toHaveLength(2);
    expect(await world.history()).toMatchObject([{ to: newImage, cause: 'keeper' }]);
  });

  it('429 on another cluster of the subscription: the other respects it', async () => {
    const [one, two] = [managedCluster(), managedCluster(undefined, { name: 'two' })];
    const world = await createTestWorld({
      fleet: fleetOf(one, two),
      start: inWindow,
      subscriptions: [subscription],
      intercept: (request, answer) =>
        isPost(request) && request.url.includes('/two/agentPools')
          ? refuse(429, 'Throttled', { 'retry-after': '114' })(request, answer)
          : answer(),
    });
    for (const { id } of [one, two]) await recordObservation(world.dependencies, { clusterId: id });
    const racing = beforeIntent(world.dependencies.tables, async () => {
      await startAttempt(world.dependencies, { ...message, clusterId: two.id });
    });
    const result = await startAttempt({ ...world.dependencies, tables: racing }, message);
    expect(result).toEqual({ kind: 'notStarted', decision: undefined });
    expect(world.posts().map(({ url }) => /managedClusters\/(\w+)/.exec(url)?.[1])).toEqual(['two']);
    expect(world.lines.at(-1)).toContain('ARM asked to be left alone until 2026-11-03T12:31:54Z');
  });

  it('a preflight that was read before is no reason to try sooner', async () => {
    const { tables, clock } = (await worldWith()).dependencies;
    const key = clusterKey(clusterId);
    const told = verdictOf(
      'apps',
      { status: 429, code: 'Throttled', message: '', retryAfterSeconds: 3600 },
      undefined,
      clock.now(),
    );
    const now = clock.now();
    await updateVerdict(tables, key, 'apps', now, () => told);
    const sooner = preflightVerdict('apps', 'No quota.', undefined, now, now.add({ hours: 5 }));
    await updateVerdict(tables, key, 'apps', now, () => sooner);
    expect(await readVerdict(tables, key, 'apps')).toEqual({ value: told });
  });

  it('a budget row that others keep changing is closed all the same', async () => {
    const { tables, clock } = (await worldWith()).dependencies;
    let contended = 12;
    const busy: Tables = {
      ...tables,
      write: async (...change) => (contended-- > 0 ? 'conflict' : tables.write(...change)),
    };
    const budget = upgradesIn(subscription, 'westeurope', 10);
    await closeBudget(busy, budget, 114, clock.now());
    const closed = await readClosedUntil(tables, budget, clock.now());
    expect('value' in closed && String(closed.value)).toBe('2026-11-03T12:31:54Z');
  });
});

describe('once an occurrence', () => {
  it('an attempt that failed is not repeated in the same occurrence; the other pools go on', async () => {
    const world = await createTestWorld({
      fleet: fleetOf(managedCluster([poolProfile('apps'), poolProfile('jobs')])),
      start: inWindow,
      subscriptions: [subscription],
      intercept: (request, answer) => {
        const answered = answer();
        if (request.method === 'GET' && /operations\//.test(request.url)) {
          return { ...answered, body: answered.body.replace('"Succeeded"', '"Failed"') };
        }
        return answered;
      },
    });
    await world.pass();
    await world.run(60);
    const names = world.posts().map(({ url }) => /agentPools\/(\w+)/.exec(url)?.[1]);
    expect(names).toEqual(['apps', 'jobs']);
    expect((await world.history()).map(({ outcome }) => outcome)).toEqual(['failed', 'failed']);
  });
});
