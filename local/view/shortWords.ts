// Says decisions, states and times in few words. Used by renderView.ts.
import type { ShownPool } from './viewState.ts';

const reasons: Readonly<Record<string, string>> = {
  start: 'starts',
  attemptInFlight: 'cluster upgrades',
  autoUpgradeChannelActive: 'AKS upgrades it',
  clockSkew: 'clocks differ',
  notAllowedDate: 'not on this date',
  notSelected: 'not in the policy',
  observeOnly: 'would start; observing',
  outsideWindow: 'window closed',
  poolOrder: 'another pool first',
  readFailed: 'reading failed',
  unsupportedPool: 'AKS manages it',
};

export function decisionWords({ decision }: ShownPool, now: Date): string {
  const words = reasons[decision.reason] ?? decision.reason.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  if (decision.nextEligibleAt === undefined) return words;
  const next = timeWords(new Date(decision.nextEligibleAt), now);
  return decision.reason === 'outsideWindow' ? `opens ${next}` : `${words}, again ${next}`;
}

/** What the app knows of an upgrade under way: `, 1 cordoned, 2 pods wait, until 02:31`; nothing when it is none of its own. */
export function upgradeWords({ upgrade }: ShownPool, now: Date): string {
  if (!upgrade) return '';
  const { cordoned = 0, quarantined = 0, notReady = 0, pendingPods = 0 } = upgrade.nodes ?? {};
  const said = [
    cordoned > 0 && `${cordoned} cordoned`,
    quarantined > 0 && `${quarantined} put aside`,
    notReady > 0 && `${notReady} not ready`,
    pendingPods > 0 && `${pendingPods} ${pendingPods === 1 ? 'pod waits' : 'pods wait'}`,
    `until ${timeWords(new Date(upgrade.expectedEnd), now)}`,
  ];
  return said.flatMap((words) => (words ? [`, ${words}`] : [])).join('');
}

/** In UTC: `02:16` within a day, `Sat 02:16` within a week, else `12 Dec`. */
export function timeWords(time: Date, now: Date): string {
  const days = (time.getTime() - now.getTime()) / 86_400_000;
  const clock = time.toISOString().slice(11, 16);
  if (days < 1) return clock;
  const [weekday = '', day = '', month = ''] = time.toUTCString().split(/,? /);
  return days < 7 ? `${weekday} ${clock}` : `${Number(day)} ${month}`;
}

/** `AKSUbuntu-2204gen2containerd-202510.19.1` is of the release `202510.19.1`. */
export function releaseOf(nodeImageVersion: string | undefined): string {
  return nodeImageVersion?.slice(nodeImageVersion.lastIndexOf('-') + 1) ?? '?';
}

export function stateWords({ powerState, provisioningState }: ShownPool): string {
  if (powerState === 'Stopped') return 'stopped';
  if (provisioningState === 'Succeeded') return 'ready';
  // ARM says UpgradingNodeImageVersion, and more of the kind.
  return /^upgrading/i.test(provisioningState) ? 'upgrading' : provisioningState.toLowerCase();
}
