// Deliberate bugs in the gates of rings and approvals. Part of the list in bugs.ts.
import { parseNodeImageVersion } from '../../../shared/domain/image/nodeImageVersion.ts';
import type { Gate, PoolContext } from '../../../shared/domain/plan/gate.ts';
import { gates } from '../../../shared/domain/plan/gates.ts';
import { ringHealth } from '../../../shared/domain/rings/ringHealth.ts';
import type { RingState } from '../../../shared/domain/rings/ringState.ts';
import { type Bug, noBug } from './bug.ts';
import { during, on } from './wrap.ts';

const honest = { ...gates };

/** The honest gate, shown other rings than there are. */
const waitingFor =
  (change: (state: RingState, context: PoolContext) => Pick<RingState, 'ring' | 'pools'>): Gate =>
  (context) => {
    // A start has the rings as the pass counted them, with this bug: it trusts that.
    if (context.facts.armDate) return undefined;
    const rings = context.rings.map((state) => {
      const { ring, pools } = change(state, context);
      const healthOf: RingState['healthOf'] = (release) => ringHealth(ring, pools, release, context.now);
      return { ...state, pools, healthOf };
    });
    return honest.ringWaiting({ ...context, rings });
  };

/** Without the pools that speak against what ARM would install here. */
const without = (kind: 'unhealthy' | 'behind') =>
  waitingFor((state, { latest, now }) => {
    const release = 'problem' in latest ? undefined : parseNodeImageVersion(latest.value ?? '');
    if (!release) return state;
    return {
      ...state,
      pools: state.pools.filter((pool) => ringHealth(state.ring, [pool], release, now).kind !== kind),
    };
  });

const soakIgnored = waitingFor(({ ring, pools }) => ({ ring: { ...ring, ringSoakHours: 0 }, pools }));

/** Whatever a ring before ran long enough is proof of what ARM would install here. */
const anyFamilyCounts: Gate = (context) => {
  const refusal = honest.ringWaiting(context);
  const index = context.rings.findIndex(({ ring }) => ring.name === context.ring?.name);
  const before = context.rings[index - 1];
  const isSoaked = before?.pools.some(({ head }) => {
    const release = parseNodeImageVersion(head?.nodeImageVersion ?? '');
    return release !== undefined && before.healthOf(release).kind === 'soaked';
  });
  return isSoaked ? undefined : refusal;
};

const isNews = (partition: string, rowKey: string) => partition === 'rings' && rowKey.startsWith('news|');

/** A start takes the pass's word for it, whatever has come to light since. */
const newsNotRead = during(
  ['startUpgrade'],
  on(
    'tables',
    'query',
    (query) =>
      async function* (table, partition, range) {
        for await (const row of query(table, partition, range)) if (!isNews(partition, row.rowKey)) yield row;
      },
  ),
);

/** News is noted when it is in the ledger: whoever looks in between finds neither news nor a new count. */
const newsAfterAppend = on('tables', 'write', (write) => {
  let late: (() => Promise<unknown>) | undefined;
  return async (table, partition, changes) => {
    if (changes.some(({ kind, rowKey }) => kind !== 'delete' && isNews(partition, rowKey))) {
      late = () => write(table, partition, changes);
      return 'written';
    }
    const result = await write(table, partition, changes);
    if (table === 'Ledger') await late?.();
    return result;
  };
});

/** An approval by whoever wrote the policy is as good as any. */
const byTheAuthor: Gate = (context) => {
  const { approvals: _approvals, ...policy } = context.policy.policy;
  return honest.approvalNeeded({ ...context, policy: { ...context.policy, policy } });
};

const modeOfThePolicy: Gate = (context) => honest.observeOnly({ ...context, ring: undefined });

const ringsOrNot: Gate = (context) => {
  const { rings: _rings, ...policy } = context.policy.policy;
  return honest.notSelected({ ...context, policy: { ...context.policy, policy } });
};

/** The hold that failures made of a ring excuses those very failures. */
const excusedByFailures = waitingFor((state, { policy }) => {
  const isHeld = (policy.holds ?? []).some(
    (hold) => hold.scope === 'ring' && hold.failures && hold.ring === state.ring.name,
  );
  return isHeld ? { ...state, pools: state.pools.map((pool) => ({ ...pool, isExcused: true })) } : state;
});

export const ringBugs: readonly Bug[] = [
  { ...noBug, name: 'ring soak ignored', gates: { ringWaiting: soakIgnored } },
  { ...noBug, name: 'unhealthy pools of a ring ignored', gates: { ringWaiting: without('unhealthy') } },
  { ...noBug, name: 'pools behind in a ring ignored', gates: { ringWaiting: without('behind') } },
  { ...noBug, name: 'a ring held for its failures excused', gates: { ringWaiting: excusedByFailures } },
  { ...noBug, name: 'evidence of another image family', gates: { ringWaiting: anyFamilyCounts } },
  { ...noBug, name: 'news of other clusters not read by a start', dependencies: newsNotRead },
  { ...noBug, name: 'news noted after the append', dependencies: newsAfterAppend },
  { ...noBug, name: "approvals by the policy's author counted", gates: { approvalNeeded: byTheAuthor } },
  { ...noBug, name: "a ring's own mode ignored", gates: { observeOnly: modeOfThePolicy } },
  { ...noBug, name: 'pools in no ring started', gates: { notSelected: ringsOrNot } },
];
