import { describe, expect, it } from 'vitest';
import { type Activity, holdAgainstLog, takeBack } from '../../../shared/domain/evidence/activity.ts';
import { attribute } from '../../../shared/domain/evidence/attribute.ts';
import type { OperationEvidence } from '../../../shared/domain/evidence/changeEvidence.ts';
import { amendmentOf, isKnown, type News } from '../../../shared/domain/ledger/amendment.ts';
import { fold } from '../../../shared/domain/ledger/historyRow.ts';
import { after, aRollEntry, clusterId } from '../../builders.ts';

const provider = 'Microsoft.ContainerService/managedClusters';
const upgrade = `${provider}/agentPools/upgradeNodeImageVersion/action`;
const bob = { kind: 'person', name: 'bob@contoso.com', correlationId: 'c-1' } as const;
const iso = (minutes: number) => after(minutes).toString();

const reported = (fields: Partial<OperationEvidence> = {}): OperationEvidence => ({
  kind: 'operation',
  id: 'event',
  cluster: clusterId,
  nodePool: 'apps',
  at: after(0),
  operation: upgrade,
  status: 'succeeded',
  actor: bob,
  ...fields,
});

const activity = (minutes: number, status: Activity['status'], fields: Partial<Activity> = {}): Activity => ({
  cluster: clusterId,
  nodePool: 'apps',
  operation: upgrade,
  status,
  at: after(minutes),
  correlationId: 'c-1',
  actor: bob,
  ...fields,
});

const logged = [activity(-8, 'accepted'), activity(-8, 'accepted'), activity(0, 'succeeded')];
const read = (minutes: number, from = -24 * 60) => ({ from: after(from), at: after(minutes) });

describe('what an event says', () => {
  it('is confirmed by the same operation, with the times of the log', () => {
    const [judged, ...rest] = holdAgainstLog([reported()], logged, read(10));
    expect(rest).toEqual([]);
    expect(judged).toMatchObject({ id: 'event', actor: bob, logged: { from: after(-8), to: after(0) } });
  });

  it.each<[string, Partial<OperationEvidence>, Partial<Activity>]>([
    ['in whatever case', { nodePool: 'APPS', operation: upgrade.toUpperCase() }, { correlationId: 'C-1' }],
    ['by its time, where it names nobody', { actor: undefined }, {}],
  ])('is confirmed %s', (_how, fields, inLog) => {
    const activities = logged.map((one) => ({ ...one, ...inLog }));
    expect(holdAgainstLog([reported(fields)], activities, read(10))).toMatchObject([
      { id: 'event', logged: {}, actor: bob },
    ]);
  });

  it('has the name that the log has, whoever the event named', () => {
    const mallory = { ...bob, name: 'Mallory' };
    expect(holdAgainstLog([reported({ actor: mallory })], logged, read(10))).toMatchObject([
      { id: 'event', actor: bob },
    ]);
  });

  it.each<[string, Partial<OperationEvidence>]>([
    ['of another correlation id', { actor: { ...bob, correlationId: 'c-2' } }],
    ['on another pool', { nodePool: 'system' }],
    ['of another kind', { operation: `${provider}/agentPools/write` }],
    ['at another time', { at: after(-120) }],
  ])('%s is not in the log, when an hour went by', (_what, fields) => {
    const event = reported(fields);
    const late = (event.at.since(after(0)).total('minutes') || 0) + 61;
    const judged = holdAgainstLog([event], logged, read(late)).filter(({ id }) => id === 'event');
    expect(judged).toEqual([{ ...event, isUnlogged: true }]);
    expect(holdAgainstLog([event], logged, read(late - 2)).filter(({ id }) => id === 'event')).toEqual([]);
  });

  it('is not taken for unknown where the log was not read from so far back', () => {
    expect(holdAgainstLog([reported()], [], read(90, 0))).toEqual([]);
    expect(holdAgainstLog([reported()], [], read(90, -11))).toMatchObject([{ isUnlogged: true }]);
  });

  it('waits for the end to be in the log, for an hour', () => {
    const begun = logged.slice(0, 2);
    expect(holdAgainstLog([reported()], begun, read(30))).toEqual([]);
    expect(holdAgainstLog([reported()], begun, read(60))).toMatchObject([{ status: 'succeeded', logged: {} }]);
  });

  it('has failed where the log says so, and explains nothing any more', () => {
    const failed = [activity(-8, 'accepted'), activity(0, 'failed')];
    const [judged] = holdAgainstLog([reported()], failed, read(10));
    expect(judged).toMatchObject({ status: 'failed' });
  });

  it('that explains no roll is not held against it, and what is judged is judged once', () => {
    const odd = reported({ operation: `${provider}/abort/action` });
    expect(holdAgainstLog([odd], [], read(90))).toEqual([]);
    const judged = holdAgainstLog([reported()], logged, read(10));
    expect(holdAgainstLog(judged, logged, read(90))).toEqual([]);
  });
});

describe('what only the log says', () => {
  it('is evidence as well, once it has ended, and once', () => {
    expect(holdAgainstLog([], logged.slice(0, 2), read(10))).toEqual([]);
    const told = holdAgainstLog([], logged, read(10));
    expect(told).toMatchObject([{ isFromLog: true, actor: bob, nodePool: 'apps', status: 'succeeded', logged: {} }]);
    expect(holdAgainstLog(told, logged, read(15))).toEqual([]);
  });

  it('is evidence where it failed: whoever asked for it rolled the pool', () => {
    const failed = [activity(-8, 'started'), activity(-8, 'accepted'), activity(0, 'failed')];
    expect(holdAgainstLog([], failed, read(10))).toMatchObject([{ status: 'failed', actor: bob, isFromLog: true }]);
    expect(holdAgainstLog([], [failed[0], failed[2]] as Activity[], read(10))).toMatchObject([{ status: 'failed' }]);
    expect(holdAgainstLog([], [activity(0, 'failed')], read(10))).toMatchObject([{ status: 'failed' }]);
  });

  it('is left out where ARM refused it, or where it rolls nothing', () => {
    expect(holdAgainstLog([], [activity(0, 'started'), activity(0, 'failed')], read(10))).toEqual([]);
    const credential = activity(0, 'succeeded', {
      operation: `${provider}/listClusterUserCredential/action`,
      nodePool: undefined,
    });
    expect(holdAgainstLog([], [credential], read(10))).toEqual([]);
  });
});

describe('who is named for a roll that failed', () => {
  const row = aRollEntry({ completedAt: iso(0), startedBetween: [iso(-30), iso(-20)], outcome: 'failed' });
  const failed = reported({ status: 'failed' });
  const told = () => {
    const news = attribute({ row, folded: row }, [{ row, folded: row }], [failed]);
    return { ...amendmentOf(row, news as News, iso(1)), sequence: 3, recordedAt: iso(1), previousHash: '', hash: '' };
  };

  it('is taken back when the Activity Log shows that ARM refused the request', () => {
    const said = told();
    const [judged] = holdAgainstLog([failed], [activity(0, 'started'), activity(0, 'failed')], read(10));
    const folded = fold(row, [said]);
    expect(folded).toMatchObject({ actor: bob, evidence: 'reported' });
    expect(attribute({ row, folded }, [{ row, folded }], judged ? [judged] : [])).toBeUndefined();
    expect(takeBack({ row, folded }, [said], judged ? [judged] : [])).toMatchObject({ evidence: 'notInActivityLog' });
  });

  it('is confirmed when the Activity Log shows that ARM took it', () => {
    const folded = fold(row, [told()]);
    const log = [activity(-25, 'started'), activity(-25, 'accepted'), activity(0, 'failed')];
    const judged = holdAgainstLog([failed], log, read(10));
    expect(attribute({ row, folded }, [{ row, folded }], judged)).toMatchObject({ actor: bob, evidence: 'confirmed' });
  });
});

describe('what was attributed', () => {
  const row = aRollEntry({ completedAt: iso(0), startedBetween: [iso(-10), iso(-7)], inWindow: 'unknown' });
  const numbered = (sequence: number, news: News | undefined) => ({
    ...amendmentOf(row, news as News, iso(sequence)),
    sequence,
    recordedAt: iso(sequence),
    previousHash: 'a'.repeat(64),
    hash: 'b'.repeat(64),
  });
  const known = (...amendments: ReturnType<typeof numbered>[]) => ({ row, folded: fold(row, amendments) });
  const said = numbered(3, attribute(known(), [known()], [reported()]));

  it('is taken back when the log does not know it, and the row is as it was, but for the reason', () => {
    const [refuted] = holdAgainstLog([reported()], [], read(90));
    const news = takeBack(known(said), [said], refuted ? [refuted] : []);
    const { folded } = known(said, numbered(4, news));
    const { actor, cause, inWindow, evidence, reason } = folded;
    expect({ actor, cause, inWindow }).toEqual({ actor: undefined, cause: row.cause, inWindow: row.inWindow });
    expect(evidence).toBe('notInActivityLog');
    expect(reason).toMatch(/resourceEvents event is taken back/);
    expect(takeBack({ row, folded }, [said, numbered(4, news)], refuted ? [refuted] : [])).toBeUndefined();
  });

  it.each<[string, readonly OperationEvidence[]]>([
    ['while nothing is judged', [reported()]],
    ['where its evidence is no longer kept', []],
    ['when the log confirms it', holdAgainstLog([reported()], logged, read(10))],
  ])('stands %s', (_when, evidence) => {
    expect(takeBack(known(said), [said], evidence)).toBeUndefined();
  });

  it('once confirmed is not changed by another event', () => {
    const confirmed = numbered(
      4,
      attribute(known(said), [known(said)], holdAgainstLog([reported()], logged, read(10))),
    );
    expect(confirmed.evidence).toBe('confirmed');
    const forged = reported({ id: 'forged', at: after(1), actor: { ...bob, name: 'Mallory', correlationId: 'c-2' } });
    expect(attribute(known(said, confirmed), [known(said, confirmed)], [forged])).toBeUndefined();
  });

  it('is said again where what was said in between did not hold', () => {
    const other = numbered(4, {
      ...said,
      actor: { ...bob, name: 'Mallory' },
      source: { name: 'resourceEvents', id: 'forged' },
    });
    const { sequence: _a, recordedAt: _b, previousHash: _c, hash: _d, ...again } = said;
    expect(isKnown([said], again)).toBe(true);
    expect(isKnown([said, other], again)).toBe(false);
    expect(isKnown([said, other, { ...said, sequence: 5 }], again)).toBe(true);
  });
});

describe('the keeper', () => {
  const own = 'd0000000-0000-4000-8000-00000000000d';
  const identity = { kind: 'application', name: own, correlationId: 'attempt-1' } as const;
  const inLog = logged.map((one) => ({ ...one, correlationId: 'attempt-1', actor: identity }));
  const newsOf = (attempt: string | undefined, evidence: readonly OperationEvidence[], ownIds = [own]) => {
    const row = aRollEntry({ completedAt: iso(0), startedBetween: [iso(-10), iso(-7)], attempt });
    const before = aRollEntry({
      sequence: 1,
      kind: 'rolled',
      outcome: 'notStarted',
      attempt: 'attempt-1',
      completedAt: iso(-9),
    });
    const rolls = [before, row].map((one) => ({ row: one, folded: one }));
    return attribute({ row, folded: row }, rolls, evidence, ownIds);
  };
  const event = reported({ actor: identity });
  const confirmed = holdAgainstLog([event], inLog, read(10));

  it.each([
    ['its own attempt', 'attempt-1'],
    ['an attempt that was settled before', undefined],
  ])('did what the log confirms under the id of %s', (_whose, attempt) => {
    expect(newsOf(attempt, confirmed)).toMatchObject({ cause: 'keeper', evidence: 'confirmed', actor: identity });
    expect(newsOf(attempt, confirmed, [])).toMatchObject({ cause: 'keeper' });
  });

  it('may have done what an event alone says under that id: unknown', () => {
    const news = newsOf('attempt-1', [event]);
    expect(news?.cause).toBeUndefined();
    expect(news).toMatchObject({
      evidence: 'reported',
      reason: expect.stringMatching(/^By the keeper's identity, as its attempt attempt-1/),
    });
  });

  it.each([
    ['reported', [reported({ actor: { ...identity, correlationId: 'c-9' } })]],
    [
      'confirmed',
      holdAgainstLog(
        [],
        inLog.map((one) => ({ ...one, correlationId: 'c-9', actor: { ...identity, correlationId: 'c-9' } })),
        read(10),
      ),
    ],
  ])('has no record of what its identity did under another id: unknown, never manual, %s', (evidence, some) => {
    const news = newsOf(undefined, some);
    expect(news?.cause).toBeUndefined();
    expect(news).toMatchObject({
      evidence,
      reason: expect.stringMatching(/^By the keeper's identity, without its record: /),
    });
  });

  it('did not do what the log confirms of another application, though it had sent a request', () => {
    const pipeline = {
      kind: 'application',
      name: 'e0000000-0000-4000-8000-00000000000e',
      correlationId: 'c-7',
    } as const;
    const theirs = holdAgainstLog(
      [],
      logged.map((one) => ({ ...one, correlationId: 'c-7', actor: pipeline })),
      read(10),
    );
    expect(newsOf('attempt-2', theirs)).toMatchObject({ cause: 'manual', actor: pipeline });
    expect(newsOf('attempt-2', theirs, [])?.cause).toBeUndefined();
    expect(newsOf('attempt-2', [reported({ actor: pipeline })])?.cause).toBeUndefined();
  });
});

it.each(['Microsoft.ContainerService', 'AKS (7319c514-987d-4e9b-ac3d-d38c4f427f4c)'])('AKS is known by %s', (name) => {
  const row = aRollEntry({ completedAt: iso(0), startedBetween: [iso(-10), iso(-7)] });
  const aks = holdAgainstLog(
    [],
    logged.map((one) => ({ ...one, actor: { kind: 'application', name } })),
    read(10),
  );
  expect(attribute({ row, folded: row }, [{ row, folded: row }], aks)).toMatchObject({
    cause: 'aksAutoUpgrade',
    actor: { kind: 'aks', name: 'AKS' },
    source: { name: 'activityLog' },
  });
});
