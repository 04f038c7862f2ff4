// npm run chaos: the app in a process of its own, which is killed, as its storage is, while upgrades roll and storms come
// over it; in the end the record must equal the simulator's truth.
import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Temporal } from 'temporal-polyfill';
import { readArguments, readWhole, textOption as text } from '../../local/commandLine.ts';
import { type Random, seededRandom } from '../../local/simulator/world/random.ts';
import { withDays } from '../../local/simulator/world/relativeTime.ts';
import { laterRelease } from './chaosFleet.ts';
import { differences } from './judge.ts';
import { hold, readRecord } from './readRecord.ts';
import { openStage, type Stage, type Victim } from './stage.ts';
import { type Counts, oneOf, storms } from './storms.ts';

const usage = `npm run chaos -- [--kills N] [--seed N] [--log file]
  --kills   how often the host or its storage is killed; 30 when not given
  --seed    draws victims, moments and storms; any when not given. The processes' own speed is never the same twice
  --log     where what the hosts wrote goes; nowhere when not given`;

const options = { kills: text, seed: text, log: text };
const given = readArguments({ script: 'npm run chaos', usage, options }, ({ values }) => ({
  kills: readWhole('--kills', values.kills ?? '30'),
  seed: readWhole('--seed', values.seed ?? String(Math.floor(Math.random() * 2 ** 31))),
  log: values.log,
}));
const quietSeconds = 20;
const maxCalmSeconds = 60;
/** A request without an answer is settled when its pool has been idle for 5 minutes; a message that a killed host had taken comes again after 10. */
const maxSettleSeconds = 720;

const random = seededRandom(given.seed);
const counts: Counts = { events: 0, refused: 0, requests: 0, failed: 0, people: 0 };
const killed: Record<Victim, number> = { host: 0, storage: 0 };
const began = Date.now();
const seconds = () => Math.round((Date.now() - began) / 1000);
let ragedFor = 0;
let killedWhileRolling = 0;
const stage = await openStage(seededRandom(given.seed + 1));
try {
  // What was before the first look is in no record.
  await delay(12_000);
  await rage(stage);
  const problems = await settle(stage);
  await report(stage, problems);
  process.exitCode = problems.length > 0 ? 1 : 0;
} finally {
  if (given.log !== undefined) await writeFile(given.log, stage.log());
  await stage.stop();
}

async function rage(on: Stage): Promise<void> {
  for (let kill = 1; kill <= given.kills; kill++) {
    if (kill === Math.ceil(given.kills / 2)) on.simulator.release(withDays(laterRelease, Temporal.Now.instant()));
    const storm = oneOf(Object.values(storms), random)(on, random, counts);
    await moment(on.truth, random);
    if (on.truth.isRolling()) killedWhileRolling += 1;
    const victim = random() < 0.5 ? 'host' : 'storage';
    await on.kill(victim);
    killed[victim] += 1;
    await delay(500 + random() * 1500);
    await on.start(victim);
    await storm;
  }
  on.simulator.inject({ kind: 'clear' });
  await hold(on);
  ragedFor = seconds();
}

/** Any while upgrades roll, or right after a request for one has come. */
async function moment(truth: Stage['truth'], draw: Random): Promise<void> {
  const [milliseconds, afterPost, isAtPost] = [draw() * 6000, draw() * 200, draw() < 0.4];
  for (let waited = 0; waited < maxCalmSeconds * 4 && !truth.isRolling(); waited++) await delay(250);
  await Promise.race([delay(milliseconds), ...(isAtPost ? [truth.nextPost().then(() => delay(afterPost))] : [])]);
}

/** Waits until nothing rolls or starts any more, then until the record is as it should be, or for too long. */
async function settle(on: Stage): Promise<readonly string[]> {
  const end = Date.now() + maxSettleSeconds * 1000;
  for (let quiet = 0, posts = 0; quiet < quietSeconds && Date.now() < end; quiet++) {
    const { length } = on.truth.posts();
    if (on.truth.isRolling() || length > posts) quiet = 0;
    posts = length;
    await delay(1000);
  }
  for (;;) {
    const found = await judge(on).catch((error: Error) => [error.message]);
    if (found.length === 0 || Date.now() > end) return found;
    await delay(5000);
  }
}

async function judge(on: Stage): Promise<readonly string[]> {
  const { ledger, rows, problems } = await readRecord(on);
  const truth = { rolls: on.truth.rolls(), posts: on.truth.posts(), open: on.open };
  return [...problems, ...differences(truth, rows, ledger)];
}

async function report(on: Stage, problems: readonly string[]): Promise<void> {
  const { entries, poisoned, rows } = await readRecord(on);
  const rolls = on.truth.rolls();
  const by = (who: 'keeper' | 'person') => rolls.filter((roll) => roll.by === who).length;
  const withCause = (cause: string) => rows.filter((row) => row.kind === 'transition' && row.cause === cause).length;
  console.log(
    [
      `${given.kills} kills (${killed.host} of the host, ${killed.storage} of storage; ${killedWhileRolling} while upgrades rolled), ${given.kills} storms, seed ${given.seed}; ${ragedFor} s, and the record was judged at ${seconds()} s`,
      `${on.events()} events of AKS, ${counts.events} of storms (${counts.refused} refused while something was down); ${counts.requests} requests of callers (${counts.failed} failed while something was down)`,
      `${rolls.length} upgrades: ${by('keeper')} by the keeper in ${on.truth.posts().length} requests, ${by('person')} by people`,
      `${entries} entries; causes: ${withCause('keeper')} keeper, ${withCause('manual')} manual, ${withCause('unknown')} unknown; ${poisoned} messages given up`,
      `${problems.length} differences between the record and the truth`,
      ...problems.map((problem) => `  ${problem}`),
    ].join('\n'),
  );
}
