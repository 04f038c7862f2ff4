import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { npmTook, readPort } from '../../local/commandLine.ts';
import { serve } from '../../local/simulatorServer/serve.ts';

describe('npm, without -- before the options', () => {
  it.each([
    ['a value of its own', { npm_config_port: '3' }, 'npm took --port for its own.'],
    ['a value that it hands on', { npm_config_fleet: 'true', npm_config_port: 'true' }, '--fleet and --port'],
  ])('takes %s: said, with what to write', (_what, environment, message) => {
    const took = npmTook('npm start', ['fleet', 'port'], environment);
    expect(took).toContain(message);
    expect(took).toContain('npm start -- --');
  });

  it('has taken none of ours', () => {
    expect(npmTook('npm start', ['fleet', 'port'], { npm_config_cache: '/root/.npm' })).toBeUndefined();
  });
});

it.each([
  ['7071', 7071],
  ['0', 0],
  [undefined, undefined],
])('port %j is %j', (text, port) => {
  expect(readPort(text)).toBe(port);
});

it.each(['', 'http', '-1', '1e3', ' 80', '65536'])('port %j is refused', (text) => {
  expect(() => readPort(text)).toThrow(`--port is "${text}"; give a number from 0 to 65535.`);
});

it('a port of the simulator in use is named', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve));
  const address = other.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  await expect(serve(port, [])).rejects.toThrow(`port ${port} is in use`);
  await new Promise((resolve) => other.close(resolve));
});

// Each loads all that its script loads, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

/** The npm scripts of ours that end by themselves or take options: all others are a tool's own. */
const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};
const ours = Object.entries(scripts).flatMap(([name, command]) =>
  command.startsWith('node ') ? [[name, command.slice('node '.length)] as const] : [],
);

/** Runs one of them to its end, in a folder that shows what it left there. */
function run(script: string, ...args: readonly string[]) {
  const path = fileURLToPath(new URL(`../../${script}`, import.meta.url));
  const cwd = mkdtempSync(join(tmpdir(), 'keeper-cli-'));
  const ended = spawnSync(process.execPath, [path, ...args], { encoding: 'utf8', timeout: 60_000, env: {}, cwd });
  const left = readdirSync(cwd);
  rmSync(cwd, { recursive: true });
  return { ...ended, left };
}

it.each(ours)('npm run %s -- --help tells how to call it, and does nothing', (name, script) => {
  const { status, stdout, stderr, left } = run(script, '--help');
  expect({ status, stderr, left }).toEqual({ status: 0, stderr: '', left: [] });
  expect(stdout.startsWith(name === 'start' ? 'npm start' : `npm run ${name}`)).toBe(true);
});

it.each([
  ['local/simulatorMain.ts', ['--events=htp://x'], /--events is "htp:\/\/x"; give/],
  ['local/main.ts', ['--prot'], /Unknown option '--prot'.*npm start -- \[--/s],
  ['build.ts', ['--halp'], /Unknown option '--halp'.*npm run build -- \[folder\]/s],
  ['bench/main.ts', ['windows'], /Unexpected argument 'windows'.*npm run bench\n/s],
  ['bench/loadMain.ts', ['disk'], /"disk" is no storage.*npm run bench:load -- \[memory/s],
  ['test/fuzz/main.ts', ['events', '10', 'x'], /seed is "x"; give a whole number.*npm run fuzz/s],
  ['test/simulation/main.ts', ['--seeds', '0'], /--seeds is "0"; give a whole number from 1/],
  ['test/simulation/bugs/bugsMain.ts', ['--bug', 'none'], /--bug is "none", which is no bug.*Bugs: /s],
  ['build.ts', ['a', 'b'], /Give one folder.*npm run build -- \[folder\]/s],
])('%s %j is refused', (script, args, message) => {
  const { status, stderr, left } = run(script, ...args);
  expect(stderr).toMatch(message);
  expect({ status, left }).toEqual({ status: 2, left: [] });
});

it('a build into a folder that holds more than a build leaves it as it is', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keeper-build-'));
  writeFileSync(join(folder, 'notes.md'), 'mine');
  const { status, stderr } = run('build.ts', folder);
  expect([status, readdirSync(folder)]).toEqual([2, ['notes.md']]);
  expect(stderr).toContain(`${folder} holds notes.md, which no build made`);
  rmSync(folder, { recursive: true });
});
