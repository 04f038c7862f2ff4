// Can the app do its work, and does it? Called by getHealth.
import type { Temporal } from 'temporal-polyfill';
import { messageOf } from '../../domain/text/messageOf.ts';
import type { Log } from '../../ports/log.ts';
import { type Pass, readPass } from '../../stores/passStore.ts';
import type { Dependencies } from '../dependencies.ts';

const maxSilence = 60 * 60_000;
/** A pass from further ahead was dated by a wrong clock, and would count as recent until that time comes. */
const maxAhead = 10 * 60_000;

/** Whether settings, storage and the last hour's passes are as they should be. The log says why not, the caller doesn't. */
export async function checkHealth(compose: () => Dependencies, log: Log): Promise<'healthy' | 'unhealthy'> {
  try {
    const { clock, tables, subscriptions } = compose();
    const now = clock.now();
    const judged = await Promise.all(subscriptions.map((one) => judgePass(tables, one, now)));
    const problems = judged.flatMap(({ problem }) => problem ?? []);
    for (const problem of problems) log.warn(`Unhealthy: ${problem}`);
    return problems.length > 0 ? 'unhealthy' : 'healthy';
  } catch (error) {
    log.warn(`Unhealthy: ${messageOf(error)}`);
    return 'unhealthy';
  }
}

/** The last pass of a subscription as far as it can be read, and what is wrong with it, as a sentence. */
export async function judgePass(tables: Dependencies['tables'], subscription: string, now: Temporal.Instant) {
  try {
    const read = await readPass(tables, subscription);
    if (!read) return { problem: `${subscription} was never planned.` };
    if ('problem' in read) return { problem: `${read.problem}.` };
    return { pass: read.value, problem: problemOf(subscription, read.value, now) };
  } catch (error) {
    return { problem: `When ${subscription} was last planned can't be read: ${messageOf(error)}` };
  }
}

function problemOf(subscription: string, { at }: Pass, now: Temporal.Instant): string | undefined {
  const age = now.epochMilliseconds - at.epochMilliseconds;
  if (age > maxSilence) return `${subscription} was last planned at ${at.toString()}.`;
  return age < -maxAhead ? `${subscription} was last planned at ${at.toString()}, which has not come yet.` : undefined;
}
