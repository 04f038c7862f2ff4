// One run: what was drawn of a seed goes in, what happened comes out; judge/checker.ts judges it. Called by main.ts,
// bugsMain.ts and the tests.
import { type Bug, noBug } from './bugs/bug.ts';
import type { RunOptions } from './draw/drawOptions.ts';
import { createLife, type Life } from './life/life.ts';
import { collect } from './record/collect.ts';
import type { RunRecord } from './record/record.ts';
import { createWorld, type World } from './world/createWorld.ts';
import { loadCode } from './world/host/besideOld.ts';

export async function run(options: RunOptions, bug: Bug = noBug): Promise<RunRecord> {
  const other = options.beside && (await loadCode(options.beside.path));
  const world = createWorld(options, bug, (invocation) => life.disturb(invocation), other);
  const life = createLife(world);
  await safety(world, life);
  await liveness(world, life);
  return collect(world);
}

/** Anything can go wrong, and anybody can do anything: whatever happens, nothing is started wrongly, and all is recorded. */
async function safety({ options, schedule, motion, timers }: World, life: Life): Promise<void> {
  await life.begin();
  motion.watch();
  timers.begin();
  await schedule.runUntil(options.quietFrom - 1);
}

/** Nothing goes wrong from here on, and all that was broken is repaired: what is due is started in time. */
async function liveness({ options, schedule, motion }: World, life: Life): Promise<void> {
  life.leave();
  await schedule.runUntil(options.endAt);
  motion.advance();
}
