// A fleet file under npm start: a pool whose scale set keeps three deallocated machines on the old image beside its two nodes.
import { expect, it } from 'vitest';
import { ask } from '../../e2e/ask.ts';
import { startProcess } from '../../e2e/startProcess.ts';

type Decisions = { readonly value: readonly { readonly nodePool: string; readonly reason: string }[] };
type Rows = { readonly value: readonly { readonly kind: string }[] };

it('scaleDownMode Deallocate: the plan calls the pool up to date, and its roll 2 of 2, succeeded', async () => {
  const start = startProcess('local/main.ts', [
    '--port',
    '0',
    '--quiet',
    '--fleet',
    'test/local/fleet/deallocatedFleet.json',
  ]);
  const [, plan = ''] = await start.says(/plan {8}(http:\S+)/, 60_000);
  const [, history = ''] = await start.says(/history {5}(http:\S+)/);
  const read = async <T>(url: string) => (await (await ask(url)).json()) as T;
  const rolls = async () => (await read<Rows>(history)).value.filter(({ kind }) => kind === 'transition');
  await expect
    .poll(rolls, { timeout: 60_000, interval: 1000 })
    .toMatchObject([{ outcome: 'succeeded', proof: 'instances', nodes: { total: 2, upToDate: 2 } }]);
  const apps = async () => (await read<Decisions>(plan)).value.find(({ nodePool }) => nodePool === 'apps');
  await expect.poll(apps, { timeout: 60_000, interval: 1000 }).toMatchObject({ verdict: 'skip', reason: 'upToDate' });
  expect(await start.stop()).toBe(0);
}, 200_000);
