import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
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

/** Runs one of the npm scripts to its end. */
function run(script: string, ...args: readonly string[]) {
  const path = fileURLToPath(new URL(`../../local/${script}`, import.meta.url));
  return spawnSync(process.execPath, [path, ...args], { encoding: 'utf8', timeout: 20_000, env: {} });
}

it.each(['main.ts', 'hostMain.ts', 'simulatorMain.ts'])('%s --help tells its options', (script) => {
  const { status, stdout, stderr } = run(script, '--help');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^npm (?:start|run \w+) -- \[--.*--port/s);
});

it.each([
  ['main.ts', '--prot', /Unknown option '--prot'.*npm start -- \[--/s],
  ['simulatorMain.ts', '--events=htp://x', /--events is "htp:\/\/x"; give/],
])('%s %s is refused', (script, option, message) => {
  const { status, stderr } = run(script, option);
  expect(stderr).toMatch(message);
  expect(status).toBe(2);
});
