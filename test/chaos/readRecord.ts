// The record as a caller of the API reads it: the history, the ledger, whether it is whole, and what is in flight.
// Called by main.ts.
import { setTimeout as delay } from 'node:timers/promises';
import { readStarts } from '../../shared/stores/starts/startsStore.ts';
import type { Row } from './judge.ts';
import type { Stage } from './stage.ts';

type Verification = { readonly whole: boolean; readonly entries: number; readonly firstBreak?: object };
type Details = { readonly poisoned: readonly { readonly queue: string; readonly messages?: number }[] };

export async function readRecord(stage: Stage) {
  const lines = async (query: string) => {
    const text = await (await ask(stage, `/api/history?format=ndjson${query}`)).text();
    const read = text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Row);
    const last = read.pop();
    if (last?.kind !== 'end') throw new Error(`The export is not complete: ${JSON.stringify(last)}`);
    return read;
  };
  // The ledger first: the history may follow it, and never lead.
  const ledger = await lines('&kind=ledger');
  const rows = await lines('');
  const verified = (await (await askUntilDone(stage, '/api/history/verify')).json()) as Verification;
  const { poisoned } = (await (await ask(stage, '/api/health/details')).json()) as Details;
  const { attempts, unread } = await readStarts(stage.tables);
  const problems = [
    ...(verified.whole ? [] : [`verify: the record is not whole: ${JSON.stringify(verified.firstBreak)}`]),
    ...attempts.map(({ attempt }) => `an attempt is still in flight: ${JSON.stringify(attempt)}`),
    ...unread.map((one) => `an attempt can't be read: ${JSON.stringify(one)}`),
  ];
  const given = poisoned.reduce((sum, { messages = 0 }) => sum + messages, 0);
  return { ledger, rows, problems, entries: verified.entries, poisoned: given };
}

/** Lets nothing start any more, so that a run ends. */
export async function hold(stage: Stage): Promise<void> {
  const body = JSON.stringify({ scope: 'fleet', owner: 'chaos', reason: 'The run is over', author: 'chaos' });
  await ask(stage, '/api/holds', { method: 'POST', body });
}

async function ask({ url, key }: Stage, path: string, init: RequestInit = {}): Promise<Response> {
  const answer = await fetch(new URL(path, url), { ...init, headers: { 'x-functions-key': key } });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return answer;
}

/** A check of many clusters may take a while: then it is asked for again where and when the answer says. */
async function askUntilDone(stage: Stage, path: string): Promise<Response> {
  const answer = await ask(stage, path);
  if (answer.status !== 202) return answer;
  await answer.arrayBuffer();
  await delay(Number(answer.headers.get('retry-after') ?? 1) * 1000);
  return askUntilDone(stage, answer.headers.get('location') ?? path);
}
