// `npm run fuzz -- [minutes] [seed]`: windows against rrule with ever new seeds, in four time zones at once, until the time
// is over or a difference is found. Every round prints its seed; a round is repeated with `npm run fuzz -- 0 <seed>`.
import { runInTimeZone, timeZones } from './inTimeZones.ts';
import type { Comparison } from './windowsAgainstRrule.ts';

const [minutes = 5, first = Math.floor(Math.random() * 2 ** 31)] = process.argv.slice(2).map(Number);
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
console.log(`${seed - first} rounds of ${schedules} schedules, ${total} occurrences in each time zone: no difference.`);
