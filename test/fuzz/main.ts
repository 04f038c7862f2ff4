// `npm run fuzz -- requests [count] [seed]`: requests to the whole app in the local host, 5,000 unless said otherwise; a run
// is repeated with its count and its seed.
// `npm run fuzz -- [minutes] [seed]`: windows against rrule with ever new seeds, in four time zones at once, until the time
// is over or a difference is found. Every round prints its seed; a round is repeated with `npm run fuzz -- 0 <seed>`.
// `npm run fuzz`: both.
import { runInTimeZone, timeZones } from './inTimeZones.ts';
import { startFuzzHost } from './requests/fuzzHost.ts';
import { fuzzRequests } from './requests/fuzzRequests.ts';
import type { Comparison } from './windowsAgainstRrule.ts';

const given = process.argv.slice(2);
const anySeed = () => Math.floor(Math.random() * 2 ** 31);
if (given[0] === 'requests' || given.length === 0) {
  const [count = 5000, seed = anySeed()] = given.slice(1).map(Number);
  await sendRequests(count, seed);
}
if (given[0] !== 'requests') {
  const [minutes = 5, seed = anySeed()] = given.map(Number);
  await compareWindows(minutes, seed);
}

async function sendRequests(count: number, seed: number): Promise<void> {
  const fuzzed = await startFuzzHost();
  try {
    const { byStatus, slowestMilliseconds, written } = await fuzzRequests(fuzzed, count, seed);
    const statuses = Object.entries(byStatus).map(([status, times]) => `${status}: ${times}`);
    const kept = Object.entries(written).map(([what, times]) => `${times} ${what}`);
    console.log(
      `${count} requests (${statuses.join(', ')}), slowest ${slowestMilliseconds} ms, kept ${kept.join(', ')}, seed ${seed}: no failure of ours, nothing lost.`,
    );
  } finally {
    await fuzzed.host.stop();
  }
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
