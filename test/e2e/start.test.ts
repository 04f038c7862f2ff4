// npm start when nobody looks at a terminal: plain lines when piped, URLs alone when quiet. The screen is in test/local/view/screen.test.ts.
import { describe, expect, it } from 'vitest';
import { ask } from './ask.ts';
import { startProcess } from './startProcess.ts';

describe('npm start', () => {
  it('piped, tells what happens in lines, and ends when it is told to', async () => {
    const start = startProcess('local/main.ts', ['--port', '0']);
    const [, url = ''] = await start.says(/history {5}(http:\S+)/, 40_000);
    expect((await ask(url)).status).toBe(200);
    await start.says(/^\d\d:\d\d:\d\d {2}First seen: dev\/apps/m, 30_000);
    await start.says(/^\d\d:\d\d:\d\d {2}Started: dev\/apps/m, 30_000);
    expect(await start.stop()).toBe(0);
    expect(start.output()).toContain('Stopping.');
    // Nothing that a terminal would obey.
    expect(start.output()).not.toContain('\u001b');
  }, 120_000);

  it('quiet, prints the URLs and nothing else', async () => {
    const start = startProcess('local/main.ts', ['--port', '0', '--quiet']);
    const [, url = ''] = await start.says(/node pools {2}(http:\S+)/, 40_000);
    const pools = async () => ((await (await ask(url)).json()) as { readonly value: readonly object[] }).value.length;
    await expect.poll(pools, { timeout: 30_000 }).toBeGreaterThan(5);
    expect(await start.stop()).toBe(0);
    expect(
      start
        .output()
        .trim()
        .split('\n')
        .map((line) => line.split('  ')[0]),
    ).toEqual(['history', 'node pools', 'windows', 'plan', 'told', 'faults', 'health']);
  }, 120_000);
});
