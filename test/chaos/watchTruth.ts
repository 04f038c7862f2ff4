// Notes what truly happens in the simulator: every roll and who began it, every request for one. Called by stage.ts.
import { Temporal } from 'temporal-polyfill';
import type { ArmRequest, ArmResponse } from '../../local/simulator/arm/armAnswer.ts';
import type { Simulator } from '../../local/simulator/simulator.ts';
import type { Roll } from '../../local/simulator/world/world.ts';
import type { TruePost, TrueRoll } from './judge.ts';

const upgrade = /^(?<cluster>\/subscriptions\/.*)\/agentPools\/(?<nodePool>[^/]+)\/upgradeNodeImageVersion$/i;

export function watchTruth(simulator: Simulator) {
  const begun = new Map<Roll, TrueRoll['by']>();
  const posts: TruePost[] = [];
  let onPost: () => void = () => undefined;

  /** What began since the last look was begun by them. */
  function look(by: TrueRoll['by']): void {
    for (const roll of simulator.world().rolls) if (!begun.has(roll)) begun.set(roll, by);
  }

  const byIn = (cluster: string, nodePool: string) =>
    [...begun].find(([roll]) => {
      const isOf = roll.cluster.resource.id.toLowerCase() === cluster.toLowerCase();
      return isOf && roll.pool.profile.name === nodePool && simulator.world().rolls.includes(roll);
    })?.[1];

  function handle(request: ArmRequest): ArmResponse {
    const { cluster = '', nodePool = '' } = upgrade.exec(request.url.split('?')[0] ?? '')?.groups ?? {};
    if (request.method !== 'POST' || nodePool === '') return simulator.handle(request);
    const at = Temporal.Now.instant();
    const correlationId = request.headers['x-ms-correlation-request-id'];
    posts.push({ cluster, nodePool, at, during: byIn(cluster, nodePool), correlationId });
    const answer = simulator.handle(request);
    look('keeper');
    onPost();
    return answer;
  }

  return {
    simulator: { ...simulator, handle },
    personUpgrades: (cluster: string, nodePool: string): boolean => {
      const isTaken = simulator.personUpgrades(cluster, nodePool);
      look('person');
      return isTaken;
    },
    /** Resolves when the keeper's next request for an upgrade has come. */
    nextPost: () =>
      new Promise<void>((resolve) => {
        onPost = resolve;
      }),
    posts: (): readonly TruePost[] => posts,
    /** Those that have ended. */
    rolls: (): readonly TrueRoll[] =>
      [...begun]
        .filter(([roll]) => roll.operation.status === 'Succeeded')
        .map(([{ cluster, pool, from, to, startedAt }, by]) => ({
          cluster: cluster.resource.id,
          nodePool: pool.profile.name,
          from,
          to,
          by,
          startedAt,
        })),
    isRolling: () => simulator.world().rolls.length > 0,
  };
}
