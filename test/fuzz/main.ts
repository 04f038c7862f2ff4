// npm run fuzz: drawn requests, events and windows; exit 1 at the first that is not as it must be.
import { readArguments, readWhole } from '../../local/commandLine.ts';
import { runInTimeZone, timeZones } from './inTimeZones.ts';
import type { FuzzHost } from './requests/fuzzHost.ts';
import type { Comparison } from './windowsAgainstRrule.ts';

const usage = `npm run fuzz
  requests, events and windows, one after the other
npm run fuzz -- requests [count] [seed]
  requests to the whole app in the local host; 5000 when not given
npm run fuzz -- events [count] [seed]
  hostile events to the webhook of Event Grid; 1000 when not given
npm run fuzz -- minutes [seed]
  windows against rrule in four time zones, with one seed after another, until the time is over or a difference is found
A run prints its seed, any when not given. The same count and seed draw the same again; of windows, 0 and the seed.`;

const command = { script: 'npm run fuzz', usage, options: {}, allowPositionals: true } as const;
const { what, numbers } = readArguments(command, ({ positionals }) => {
  const [first, ...rest] = positionals;
  const what = first === undefined || first === 'requests' || first === 'events' ? (first ?? 'all') : 'windows';
  const texts = what === 'windows' ? positionals : rest;
  if (texts.length > 2) throw new Error(`"${texts.slice(2).join(' ')}" is too much.`);
  const amount = what === 'windows' ? 'minutes' : 'count';
  return { what, numbers: texts.map((text, index) => readWhole(index === 0 ? amount : 'seed', text)) };
});
const anySeed = () => Math.floor(Math.random() * 2 ** 31);
if (what !== 'windows') {
  const [count, seed = anySeed()] = numbers;
  // One host a process, loaded where it is asked for: it is the whole app.
  const { startFuzzHost } = await import('./requests/fuzzHost.ts');
  const fuzzed = await startFuzzHost({ events: true });
  try {
    if (what !== 'events') await sendRequests(fuzzed, count ?? 5000, seed);
    if (what !== 'requests') await sendEvents(fuzzed, count ?? 1000, seed);
  } finally {
    await fuzzed.host.stop();
  }
}
if (what === 'all' || what === 'windows') {
  const [minutes = 5, seed = anySeed()] = numbers;
  await compareWindows(minutes, seed);
}

async function sendRequests(fuzzed: FuzzHost, count: number, seed: number): Promise<void> {
  const { fuzzRequests } = await import('./requests/fuzzRequests.ts');
  const { byStatus, slowestMilliseconds, written } = await fuzzRequests(fuzzed, count, seed);
  const statuses = Object.entries(byStatus).map(([status, times]) => `${status}: ${times}`);
  const kept = Object.entries(written).map(([name, times]) => `${times} ${name}`);
  console.log(
    `${count} requests (${statuses.join(', ')}), slowest ${slowestMilliseconds} ms, kept ${kept.join(', ')}, seed ${seed}: no failure of ours, nothing lost.`,
  );
}

/** Some at a time, as evidence of a cluster is bounded in ten minutes; what they ask for is done in between. */
async function sendEvents({ host, world }: FuzzHost, count: number, seed: number): Promise<void> {
  const { fuzzEvents } = await import('./events.ts');
  const most = 1000;
  const { tables, clock } = world.dependencies;
  const url = `${host.url}/runtime/webhooks/eventgrid?functionName=onClusterEvent&code=${host.keys.eventGrid}`;
  const send = async (body: string) =>
    (await fetch(url, { method: 'POST', headers: { 'aeg-event-type': 'Notification' }, body })).status;
  let slowest = 0;
  let found = { parked: 0, evidence: 0 };
  for (let at = 0; at < count; at += most) {
    const { slowestMilliseconds, ...left } = await fuzzEvents(
      { send, tables, now: () => clock.now().toString() },
      Math.min(most, count - at),
      seed + at / most,
    );
    slowest = Math.max(slowest, slowestMilliseconds);
    found = left;
    await world.run(15);
  }
  console.log(
    `${count} events, slowest batch ${slowest} ms, ${found.parked} parked, ${found.evidence} kept as evidence, seed ${seed}: each batch was taken, nothing lost.`,
  );
}

async function compareWindows(minutes: number, first: number): Promise<void> {
  const schedules = 400;
  const script = new URL('windowsAgainstRrule.ts', import.meta.url);
  const end = Date.now() + minutes * 60_000;
  let total = 0;
  let seed = first;
  do {
    console.log(`seed ${seed}`);
    const found = await Promise.all(
      timeZones.map(([timeZone]) => runInTimeZone<Comparison>(script, timeZone, seed, schedules)),
    );
    if (new Set(found.map(({ digest }) => digest)).size > 1) throw new Error(`Time zones differ at seed ${seed}.`);
    total += found[0]?.occurrences ?? 0;
    seed++;
  } while (Date.now() < end);
  console.log(
    `${seed - first} rounds of ${schedules} schedules, ${total} occurrences in each time zone: no difference.`,
  );
}
