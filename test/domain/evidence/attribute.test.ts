import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attribute, type KnownRoll } from '../../../shared/domain/evidence/attribute.ts';
import type {
  ChangeEvidence,
  OperationEvidence,
  ScheduledEvidence,
} from '../../../shared/domain/evidence/changeEvidence.ts';
import { amendmentOf } from '../../../shared/domain/ledger/amendment.ts';
import type { Actor } from '../../../shared/domain/ledger/entryParts.ts';
import { fold } from '../../../shared/domain/ledger/historyRow.ts';
import type { Amendment, Cause, FoldedRoll, RollEntry } from '../../../shared/domain/ledger/ledger.ts';
import { after, aRollEntry, aWindow, clusterId, images } from '../../builders.ts';

const ada: Actor = { kind: 'person', name: 'ada@contoso.com', correlationId: 'c-1' };
const pipeline: Actor = { kind: 'application', name: 'pipeline' };
const provider = 'Microsoft.ContainerService/managedClusters';
const upgrade = `${provider}/agentPools/upgradeNodeImageVersion/action`;
const writePool = `${provider}/agentPools/write`;

const iso = (minutes: number) => after(minutes).toString();

function anOperation(minutes: number, overrides: Partial<OperationEvidence> = {}): OperationEvidence {
  return {
    kind: 'operation',
    id: `op ${minutes}`,
    cluster: clusterId,
    nodePool: 'apps',
    at: after(minutes),
    operation: upgrade,
    status: 'succeeded',
    actor: ada,
    ...overrides,
  };
}

function aStage(minutes: number, overrides: Partial<ScheduledEvidence> = {}): ScheduledEvidence {
  return {
    kind: 'scheduled',
    id: `stage ${minutes}`,
    cluster: clusterId,
    at: after(minutes),
    eventId: 'm-1',
    status: 'started',
    about: 'nodeImage',
    details: 'Start to upgrade security vhd',
    ...overrides,
  };
}

/** Started within ten minutes before `now`, ended at `now`. */
const aRoll = (overrides: Partial<RollEntry> = {}) => aRollEntry({ completedAt: iso(0), ...overrides });

const known = (row: RollEntry, amendments: readonly (Amendment & { sequence: number })[] = []): KnownRoll => ({
  row,
  folded: fold(row, amendments),
});

/** What the evidence says of a roll, others being there. */
function newsOf(row: RollEntry, evidence: readonly ChangeEvidence[], others: readonly RollEntry[] = []) {
  return attribute(
    known(row),
    [row, ...others].map((one) => known(one)),
    evidence,
  );
}

describe('an operation', () => {
  it.each([
    ['when the pool was last seen idle', -10],
    ['meanwhile', -5],
    ['when the roll had ended', 0],
    ['a little before, by another clock', -12],
    ['until ARM knew that it had ended', 5],
  ])('explains a roll when it was reported %s', (_when, minutes) => {
    expect(newsOf(aRoll(), [anOperation(minutes)])).toMatchObject({
      source: { name: 'resourceEvents', id: `op ${minutes}` },
      actor: ada,
      cause: 'manual',
      reason: `${upgrade} at ${iso(minutes)}`,
    });
  });

  it.each<[string, number, Partial<OperationEvidence>]>([
    ['too early', -13, {}],
    ['too late', 6, {}],
    ['on another pool', -5, { nodePool: 'system' }],
    ['on no pool', -5, { nodePool: undefined }],
    ['that failed', -5, { status: 'failed' }],
    ['that was canceled', -5, { status: 'canceled' }],
    ['that was an abort', -5, { operation: `${provider}/agentPools/abort/action` }],
    ['that wrote a maintenance configuration', -5, { operation: `${provider}/maintenanceConfigurations/write` }],
    ['that nobody knows', -5, { operation: '' }],
    ['that wrote the cluster: tags are written all the time', -5, { operation: `${provider}/write` }],
  ])('%s explains nothing', (_what, minutes, overrides) => {
    expect(newsOf(aRoll(), [anOperation(minutes, overrides)])).toBeUndefined();
  });

  it.each<[string, Partial<RollEntry>, Partial<OperationEvidence>]>([
    ['a person’s failed roll names the person: ResourceActionFailure came', { outcome: 'failed' }, {}],
    ['a little after it had ended', { outcome: 'failed' }, { at: after(5) }],
    ['a person’s canceled roll', { outcome: 'canceled' }, { status: 'canceled' }],
    ['one of which nobody knows how it ended', { outcome: 'unknown' }, {}],
    ['a PUT of the pool', { outcome: 'failed' }, { operation: writePool }],
    ['az aks upgrade, which puts the cluster', { outcome: 'failed' }, { operation: `${provider}/write` }],
  ])('that failed: %s', (_what, row, overrides) => {
    const failed = anOperation(0, { status: 'failed', ...overrides });
    expect(newsOf(aRoll(row), [failed])).toMatchObject({ actor: ada, cause: 'manual', evidence: 'reported' });
  });

  it.each<[string, Partial<RollEntry>, Partial<OperationEvidence>]>([
    ['a roll that succeeded', {}, {}],
    ['a roll that went on: ARM refused it, as the pool was busy', { outcome: 'failed' }, { at: after(-5) }],
    ['one that ARM refused', { outcome: 'failed' }, { logged: { from: after(0), to: after(0), isRefused: true } }],
    ['one that is not in the Activity Log', { outcome: 'failed' }, { isUnlogged: true }],
    ['a roll of the keeper’s', { outcome: 'failed', cause: 'keeper' }, {}],
  ])('that failed does not explain %s', (_what, row, overrides) => {
    expect(newsOf(aRoll(row), [anOperation(0, { status: 'failed', ...overrides })])).toBeUndefined();
  });

  it.each<[string, ChangeEvidence, Cause | undefined]>([
    ['by its scheduled event', aStage(0, { status: 'failed' }), 'aksAutoUpgrade'],
    [
      'by the Activity Log',
      anOperation(0, {
        status: 'failed',
        actor: { kind: 'application', name: 'Microsoft.ContainerService' },
        logged: { from: after(-9), to: after(0) },
      }),
      'aksAutoUpgrade',
    ],
    [
      'by a write of the cluster, which may be of Kubernetes',
      anOperation(0, { status: 'failed', actor: { kind: 'aks', name: 'AKS' }, operation: `${provider}/write` }),
      undefined,
    ],
  ])('AKS’s failed roll names AKS, %s', (_how, evidence, cause) => {
    const refused = anOperation(-1, { id: 'refused', status: 'failed' });
    for (const all of evidence.kind === 'scheduled' || evidence.logged
      ? [[evidence], [refused, evidence]]
      : [[evidence]]) {
      const news = newsOf(aRoll({ outcome: 'failed' }), all);
      expect(news).toMatchObject({ actor: { kind: 'aks', name: 'AKS' } });
      expect(news?.cause).toBe(cause);
    }
  });

  it('counts from a start that is known', () => {
    const row = aRoll({ startedAt: iso(-5) });
    expect(newsOf(row, [anOperation(-8)])).toBeUndefined();
    expect(newsOf(row, [anOperation(-6)])).toMatchObject({ actor: ada });
  });

  it('explains the pool in whatever case it is written', () => {
    expect(newsOf(aRoll(), [anOperation(-5, { nodePool: 'APPS', operation: upgrade.toUpperCase() })])).toBeDefined();
  });

  it('that names nobody is manual all the same, and kept as it came', () => {
    const { actor: _nobody, ...anonymous } = anOperation(-5, { raw: { claims: 7 } });
    const news = newsOf(aRoll(), [anonymous]);
    expect(news).toMatchObject({ cause: 'manual', raw: { claims: 7 } });
    expect(news?.actor).toBeUndefined();
  });

  it('explains the one roll of its pool that it lies nearest to', () => {
    const first = aRoll({ sequence: 2, completedAt: iso(0) });
    const second = aRoll({ sequence: 3, startedBetween: [iso(4), iso(9)], completedAt: iso(20) });
    expect(newsOf(first, [anOperation(5)], [second])).toBeUndefined();
    expect(newsOf(second, [anOperation(5)], [first])).toMatchObject({ actor: ada });
  });

  it('reported by a clock that is ahead is of the roll that has just ended, not of the next, which began unseen (seed 3100630)', () => {
    const first = aRoll({ sequence: 2, completedAt: iso(0) });
    const second = aRoll({ sequence: 4, startedBetween: [iso(0), iso(1300)], completedAt: iso(1304) });
    expect(newsOf(first, [anOperation(1)], [second])).toMatchObject({ actor: ada });
    expect(newsOf(second, [anOperation(1)], [first])).toBeUndefined();
  });

  it('of the keeper belongs to the keeper’s roll', () => {
    const ours = aRoll({ sequence: 2, cause: 'keeper', attempt: 'a' });
    const next = aRoll({ sequence: 3, startedBetween: [iso(1), iso(4)], completedAt: iso(10) });
    expect(newsOf(ours, [anOperation(0, { actor: pipeline })], [next])).toBeUndefined();
    expect(newsOf(next, [anOperation(0, { actor: pipeline })], [ours])).toBeUndefined();
  });

  it.each<[string, Partial<RollEntry>, Cause]>([
    ['seed 1991: backward', { from: images.new, to: images.old }, 'rollback'],
    ['to another OS', { to: 'AKSAzureLinux-V3gen2-202601.07.0' }, 'reconfiguration'],
    ['forward', {}, 'manual'],
  ])(
    'what a person did to a pool, which an attempt of unknown fate was on, is called by its step: %s',
    (_, roll, cause) => {
      expect(newsOf(aRoll({ attempt: 'a', ...roll }), [anOperation(-4, { operation: writePool })])).toMatchObject({
        cause,
        actor: ada,
      });
    },
  );

  it('of an application may be the keeper’s own, where it had sent a request: named, and no cause', () => {
    const row = aRoll({ attempt: 'a' });
    expect(newsOf(row, [anOperation(-5, { actor: pipeline })])).toMatchObject({ actor: pipeline });
    expect(newsOf(row, [anOperation(-5, { actor: pipeline })])?.cause).toBeUndefined();
    expect(newsOf(row, [anOperation(-5)])).toMatchObject({ actor: ada, cause: 'manual' });
  });
});

describe('which causes are explained by what', () => {
  it.each<[Cause, string, ChangeEvidence, string | undefined]>([
    ['rollback', 'a write of the pool', anOperation(-5, { operation: writePool }), 'ada@contoso.com'],
    ['rollback', 'an upgrade to latest', anOperation(-5), undefined],
    [
      'reconfiguration',
      'a write of the cluster',
      anOperation(-5, { operation: `${provider}/write` }),
      'ada@contoso.com',
    ],
    [
      'kubernetesUpgrade',
      'a write of the cluster',
      anOperation(-5, { operation: `${provider}/write` }),
      'ada@contoso.com',
    ],
    ['kubernetesUpgrade', 'AKS’s upgrade of Kubernetes', aStage(-5, { about: 'kubernetes' }), 'AKS'],
    ['kubernetesUpgrade', 'AKS’s upgrade of the image', aStage(-5), undefined],
    ['securityPatch', 'AKS’s upgrade of the image', aStage(-5), 'AKS'],
    ['keeper', 'an upgrade', anOperation(-5), undefined],
    ['keeper', 'AKS’s upgrade', aStage(-5), undefined],
  ])('%s by %s', (cause, _what, evidence, name) => {
    const news = newsOf(aRoll({ cause }), [evidence]);
    expect(news?.actor?.name).toBe(name);
    // What the images show stands.
    expect(news?.cause).toBeUndefined();
  });

  it('none explains what never started', () => {
    expect(newsOf(aRoll({ kind: 'rolled', outcome: 'notStarted' }), [anOperation(-5)])).toBeUndefined();
  });
});

describe('maintenance of AKS', () => {
  it.each<[string, readonly ScheduledEvidence[], Cause | undefined]>([
    ['that began meanwhile', [aStage(-5)], 'aksAutoUpgrade'],
    ['that ended meanwhile', [aStage(-1, { status: 'completed' })], 'aksAutoUpgrade'],
    ['that began before and ended later', [aStage(-60), aStage(60, { status: 'completed' })], 'aksAutoUpgrade'],
    ['that failed in the end', [aStage(-5), aStage(1, { status: 'failed' })], 'aksAutoUpgrade'],
    ['of Kubernetes', [aStage(-5, { about: 'kubernetes' })], 'kubernetesUpgrade'],
    [
      'told only by its end what it was',
      [aStage(-5, { about: 'upgrade' }), aStage(0, { status: 'completed' })],
      'aksAutoUpgrade',
    ],
  ])('%s explains a roll', (_what, stages, cause) => {
    const news = newsOf(aRoll(), stages);
    expect(news).toMatchObject({
      source: { name: 'scheduledEvents', id: 'm-1' },
      actor: { kind: 'aks', name: 'AKS', correlationId: 'm-1' },
    });
    expect(news?.cause).toBe(cause);
    expect(newsOf(aRoll(), stages.toReversed())).toEqual(news);
  });

  it.each<[string, readonly ScheduledEvidence[]]>([
    ['that was only announced', [aStage(-5, { status: 'scheduled' })]],
    ['that was called off', [aStage(-5, { status: 'canceled' })]],
    ['in a stage that nobody knows', [aStage(-5, { status: 'unknown' })]],
    ['that is no upgrade', [aStage(-5, { about: 'other' })]],
    [
      'that warns of an end of support, in stages and under the id of one that was only announced',
      [
        aStage(-5, { about: 'other' }),
        aStage(-1, { status: 'scheduled' }),
        aStage(0, { about: 'other', status: 'completed' }),
      ],
    ],
    ['that began an hour before, as far as is known', [aStage(-60)]],
    ['that ended before', [aStage(-60), aStage(-20, { status: 'completed' })]],
  ])('%s explains nothing', (_what, stages) => {
    expect(newsOf(aRoll(), stages)).toBeUndefined();
  });

  it('of nobody knows what names AKS, and no cause', () => {
    const news = newsOf(aRoll(), [aStage(-5, { about: 'upgrade' })]);
    expect(news).toMatchObject({ actor: { kind: 'aks' } });
    expect(news?.cause).toBeUndefined();
  });
});

describe('of several', () => {
  it.each<[string, readonly ChangeEvidence[], string]>([
    ['an upgrade of the pool before AKS’s maintenance', [aStage(-5), anOperation(-6)], 'ada@contoso.com'],
    ['AKS’s maintenance before a write of the pool', [aStage(-5), anOperation(-4, { operation: writePool })], 'AKS'],
    [
      'the later of two upgrades: AKS takes none while one runs',
      [anOperation(-4, { actor: pipeline }), anOperation(-8)],
      'pipeline',
    ],
  ])('it is %s', (_what, evidence, name) => {
    expect(newsOf(aRoll(), evidence)?.actor?.name).toBe(name);
  });

  it('the order does not matter, nor does it if some come later', () => {
    const some = fc.constantFrom<ChangeEvidence>(
      anOperation(-8),
      anOperation(-4, { actor: pipeline }),
      anOperation(-4, { operation: writePool, id: 'w' }),
      aStage(-7),
      aStage(-3, { about: 'upgrade', eventId: 'm-2' }),
      aStage(2, { status: 'completed' }),
      anOperation(3),
    );
    fc.assert(
      fc.property(fc.array(some, { maxLength: 7 }), fc.nat({ max: 7 }), (evidence, split) => {
        const row = aRoll();
        const whole = attribute(known(row), [known(row)], evidence);
        const first = attribute(known(row), [known(row)], evidence.slice(0, split).toReversed());
        const amended = first ? [{ ...amendmentOf(row, first, iso(30)), sequence: 3 }] : [];
        const then = attribute(known(row, amended), [known(row)], evidence.toReversed());
        const folded = fold(row, [...amended, ...(then ? [{ ...amendmentOf(row, then, iso(31)), sequence: 4 }] : [])]);
        const expected: FoldedRoll = whole ? fold(row, [{ ...amendmentOf(row, whole, iso(30)), sequence: 3 }]) : row;
        expect([folded.cause, folded.actor, folded.inWindow]).toEqual([
          expected.cause,
          expected.actor,
          expected.inWindow,
        ]);
      }),
    );
  });

  it('nothing is said twice', () => {
    const row = aRoll();
    const news = attribute(known(row), [known(row)], [anOperation(-5)]);
    const amended = news ? [{ ...amendmentOf(row, news, iso(30)), sequence: 3 }] : [];
    expect(attribute(known(row, amended), [known(row)], [anOperation(-5), anOperation(-5)])).toBeUndefined();
  });
});

describe('the window, judged on what the evidence leaves of the interval', () => {
  // aWindow opens at 01:00, half an hour before `now`.
  const judged = { maintenanceWindow: aWindow(), readAt: iso(-90) };
  const row = aRoll({ inWindow: 'unknown', window: judged, startedBetween: [iso(-60), iso(0)] });

  it.each<[string, readonly ChangeEvidence[], boolean | undefined]>([
    ['a request reported before the opening', [anOperation(-40)], false],
    ['a request reported after it may have been sent before it', [anOperation(-10)], undefined],
    ['AKS’s start in the window', [aStage(-20)], true],
    ['AKS’s start before it may have been of another pool', [aStage(-45)], undefined],
    ['AKS’s maintenance that ended before the opening', [aStage(-50), aStage(-40, { status: 'completed' })], false],
    ['AKS’s end alone tells no start', [aStage(-10, { status: 'completed' })], undefined],
    ['AKS’s own word for the start', [aStage(-10, { status: 'completed', startedAt: after(-20) })], true],
  ])('%s', (_what, evidence, inWindow) => {
    const news = newsOf(row, evidence);
    expect(news).toBeDefined();
    expect(news?.inWindow).toBe(inWindow);
  });

  it('stays unknown where the request may be the one of the roll before, seen ended a little before it was reported', () => {
    const before = aRoll({ sequence: 1, startedBetween: [iso(-100), iso(-80)], completedAt: iso(-61) });
    const next = { ...row, startedBetween: [iso(-60), iso(-57)] } as const;
    const news = newsOf(next, [anOperation(-58)], [before]);
    expect(news).toMatchObject({ actor: ada });
    expect(news?.inWindow).toBeUndefined();
  });

  it('stays as it was judged, and unknown without a window', () => {
    expect(newsOf({ ...row, inWindow: true }, [anOperation(-40)])?.inWindow).toBeUndefined();
    const { window: _none, ...without } = row;
    expect(newsOf(without, [anOperation(-40)])?.inWindow).toBeUndefined();
  });
});
