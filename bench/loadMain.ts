// npm run bench:load: what 50 callers who ask at once for 5,120 rows wait for, by the filters that people use, and how long the
// host's event loop is blocked. Azurite and the callers share the machine with the host; in memory the app's own cost shows.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startAzurite } from '../local/azurite.ts';
import { readArguments } from '../local/commandLine.ts';
import { clusterIdOf, imageOf, momentAt, releaseOf, rows } from './loadFleet.ts';

const usage = `npm run bench:load -- [memory|azurite]
  memory, azurite   where the rows are; in both, one after the other, when not given`;

const command = { script: 'npm run bench:load', usage, options: {}, allowPositionals: true } as const;
const only = readArguments(command, ({ positionals: [storage, ...more] }) => {
  if (more.length === 0 && [undefined, 'memory', 'azurite'].includes(storage)) return storage;
  throw new Error(`"${[storage, ...more].join(' ')}" is no storage of this script.`);
});
const callers = 50;
const rounds = 3;

const queries = [
  '',
  'outcome=failed',
  'outcome=partial',
  'cause=manual',
  'cause=unknown',
  'cause=rollback',
  'cause=keeper',
  'inWindow=false',
  'inWindow=unknown',
  'outcome=failed&cause=manual',
  `image=${imageOf(7)}`,
  `release=${releaseOf(7)}`,
  `release=${releaseOf(7).slice(0, 6)}.*`,
  'release=209901.*',
  'kind=gap',
  'kind=firstSeen,gone',
  'cluster=aks-00*',
  'cluster=aks-0?5',
  'cluster=aks-0*',
  `cluster=${clusterIdOf(42)}`,
  'nodePool=gpu',
  'resourceGroup=rg-7',
  'resourceGroup=rg-1*&outcome=failed',
  `since=${momentAt(0.5)}&until=${momentAt(0.55)}`,
  `since=${momentAt(0.9)}&outcome=failed`,
  'limit=1000',
];

const exports = ['format=csv', 'format=ndjson', 'format=ndjson&kind=ledger', 'format=csv&outcome=failed'];

for (const storage of ['memory', 'Azurite']) {
  if (only !== undefined && only !== storage.toLowerCase()) continue;
  const azurite = await startAzurite();
  const child = fork(fileURLToPath(new URL('loadHost.ts', import.meta.url)), [storage.toLowerCase()], {
    env: { ...process.env, AzureWebJobsStorage: azurite.connectionString },
  });
  try {
    await measureHost(storage, child);
  } finally {
    child.kill();
    await azurite.stop();
  }
}

async function measureHost(storage: string, child: ChildProcess): Promise<void> {
  const begun = performance.now();
  const [{ url, key }] = (await once(child, 'message')) as [{ url: string; key: string }];
  const seconds = ((performance.now() - begun) / 1000).toFixed(0);
  console.log(
    `${storage}: ${rows.toLocaleString('en')} rows, made in ${seconds} s; ${callers} callers at once. Milliseconds.`,
  );
  console.log(
    `${'query'.padEnd(60)}${['rows', 'alone', 'p50', 'p95', 'worst', 'blocked', 'CPU each'].map(cell).join('')}`,
  );
  const ask = async (path: string) => {
    const start = performance.now();
    const response = await fetch(`${url}/api/${path}`, { headers: { 'x-functions-key': key } });
    const text = await response.text();
    if (response.status >= 300) throw new Error(`${path} answered ${response.status}: ${text.slice(0, 300)}`);
    return { took: performance.now() - start, text };
  };
  await sinceLast(child);
  for (const query of queries) await measure(`history?${query}`, callers, rounds);
  for (const query of exports) await measure(`history?${query}`, 5, 1);
  await measureCheck();
  await measure(`history/verify?cluster=${clusterIdOf(42)}`, 5, 1);

  /** Until all its parts are there. */
  async function measureCheck(): Promise<void> {
    await sinceLast(child);
    const start = performance.now();
    const took: number[] = [];
    for (let isRunning = true; isRunning; ) {
      const answer = await ask('history/verify');
      took.push(answer.took);
      isRunning = answer.text.includes('"running"');
      if (isRunning) await delay(500);
      else if (!answer.text.startsWith('{"whole":true')) throw new Error(answer.text.slice(0, 500));
    }
    const { blocked, processor } = await sinceLast(child);
    const spent = [performance.now() - start, Math.max(...took), blocked, processor].map((ms) =>
      Math.round(ms).toLocaleString('en'),
    );
    console.log(
      `history/verify of all: complete after ${spent[0]}, no answer took more than ${spent[1]}; blocked ${spent[2]}, CPU ${spent[3]}`,
    );
  }

  async function measure(path: string, width: number, times: number): Promise<void> {
    const first = await ask(path);
    await sinceLast(child);
    const took: number[] = [];
    for (let round = 0; round < times; round += 1) {
      took.push(...(await Promise.all(Array.from({ length: width }, () => ask(path)))).map((answer) => answer.took));
    }
    const sorted = took.toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
    const { blocked, processor } = await sinceLast(child);
    const count = first.text.startsWith('{"value"')
      ? first.text.split('"hash":').length - 1
      : first.text.split('\n').length - 1;
    const name = decodeURIComponent(path.replaceAll(/\/subscriptions.*\//g, '…/'));
    console.log(
      `${name.padEnd(60)}${[count, first.took, at(0.5), at(0.95), at(1), blocked, processor / took.length].map(cell).join('')}`,
    );
  }
}

type Spent = { readonly blocked: number; readonly processor: number };

/** The host's longest block since the last time, and the processor time that it took. */
async function sinceLast(child: ChildProcess): Promise<Spent> {
  child.send('spent');
  const [spent] = (await once(child, 'message')) as [Spent];
  return spent;
}

function cell(value: number | string): string {
  return (typeof value === 'number' ? Math.round(value).toLocaleString('en') : value).padStart(9);
}
