// What comes over the app between two kills: floods of events and requests, throttling, lost answers, people who upgrade.
// Called by main.ts.
import type { Fault } from '../../local/simulator/faults/fault.ts';
import type { Random } from '../../local/simulator/world/random.ts';
import type { Stage } from './stage.ts';

export type Counts = { events: number; refused: number; requests: number; failed: number; people: number };

type Storm = (stage: Stage, random: Random, counts: Counts) => Promise<unknown>;

export const storms: Readonly<Record<string, Storm>> = {
  'events twice, out of order, of nobody, malformed': floodEvents,
  'requests of callers': floodRequests,
  'throttling by others': throttle,
  'lost, failed and slow answers': armFaults,
  'people who upgrade': upgradeByHand,
};

const eventsAtOnce = 60;
const requestsAtOnce = 40;

export function oneOf<T>(values: readonly T[], random: Random): T {
  return values[Math.floor(random() * values.length)] as T;
}

async function floodEvents({ webhook, pools }: Stage, random: Random, counts: Counts): Promise<void> {
  const events = Array.from({ length: eventsAtOnce }, () => {
    const { cluster, nodePool } = oneOf(pools, random);
    return drawEvent(random, random() < 0.2 ? cluster.replace(/[^/]+$/, `nobody${counts.events}`) : cluster, nodePool);
  });
  const sent = [...events, ...events.slice(0, eventsAtOnce / 4)].toSorted(() => random() - 0.5);
  counts.events += sent.length;
  const headers = { 'content-type': 'application/json', 'aeg-event-type': 'Notification' };
  const post = (event: object) => fetch(webhook, { method: 'POST', headers, body: JSON.stringify([event]) });
  const answers = await Promise.all(sent.map((event) => statusOf(post(event))));
  counts.refused += answers.filter((status) => status === undefined || status >= 300).length;
}

function drawEvent(random: Random, cluster: string, nodePool: string): object {
  const event = {
    id: `storm-${random()}`,
    topic: cluster,
    subject: cluster.split('/').at(-1),
    eventType: `Microsoft.ContainerService.${oneOf(['NodePoolRollingStarted', 'NodePoolRollingSucceeded', 'NewKubernetesVersionAvailable'], random)}`,
    eventTime: new Date(Date.now() - random() * 3_600_000).toISOString(),
    data: { nodePoolName: nodePool },
    dataVersion: '1.0',
    metadataVersion: '1',
  };
  if (random() < 0.7) return event;
  return {
    ...event,
    [oneOf(['topic', 'data', 'eventTime', 'subject'], random)]: oneOf([null, 7, '#?\\\n', {}], random),
  };
}

async function floodRequests({ url, key }: Stage, random: Random, counts: Counts): Promise<void> {
  const paths = [
    'history',
    'history?format=csv',
    'nodepools',
    'plan',
    'windows',
    'report',
    'health/details',
    'nothing',
  ];
  counts.requests += requestsAtOnce;
  const ask = () => fetch(`${url}/api/${oneOf(paths, random)}`, { headers: { 'x-functions-key': key } });
  const answers = await Promise.all(Array.from({ length: requestsAtOnce }, () => statusOf(ask())));
  counts.failed += answers.filter((status) => status === undefined || status >= 500).length;
}

async function throttle({ simulator, pools }: Stage, random: Random): Promise<void> {
  const { cluster } = oneOf(pools, random);
  const request = {
    method: 'GET',
    url: `${cluster}?api-version=2025-05-01`,
    headers: { authorization: 'Bearer other' },
  };
  for (let sent = 0; sent < 300 && simulator.handle(request).status !== 429; sent++);
}

async function armFaults({ simulator }: Stage, random: Random): Promise<void> {
  const on = { path: 'upgradeNodeImageVersion' };
  const faults: readonly Fault[] = [
    { kind: 'lostAnswer', on },
    { kind: 'lostAnswer', status: 502, on },
    { kind: 'serverError', on },
    { kind: 'serverError', times: 5 },
    { kind: 'slowAnswer', seconds: 2, times: 3 },
    { kind: 'eventLost', times: 2 },
    { kind: 'eventDoubled', times: 3 },
    { kind: 'eventReordered', times: 2 },
    { kind: 'eventLate', seconds: 5, times: 2 },
  ];
  for (let drawn = 0; drawn < 3; drawn++) simulator.inject(oneOf(faults, random));
}

async function upgradeByHand({ truth, pools }: Stage, random: Random, counts: Counts): Promise<void> {
  for (let drawn = 0; drawn < 4; drawn++) {
    const { cluster, nodePool } = oneOf(pools, random);
    if (truth.personUpgrades(cluster, nodePool)) counts.people += 1;
  }
}

/** Undefined where there was no answer, as while the host is down. */
async function statusOf(asked: Promise<Response>): Promise<number | undefined> {
  try {
    const answer = await asked;
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return undefined;
  }
}
