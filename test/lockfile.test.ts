// What `npm ci` installs: all of it by hashes of the lockfile, the Node that npm scripts run on included.
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

type Package = {
  readonly version: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly optional?: boolean;
  readonly os?: string | readonly string[];
  readonly cpu?: string | readonly string[];
  readonly bin?: Readonly<Record<string, string>>;
};

const read = (file: string) => readFile(new URL(`../${file}`, import.meta.url), 'utf8');
const { packages } = JSON.parse(await read('package-lock.json')) as { packages: Readonly<Record<string, Package>> };
const installed = Object.entries(packages).filter(([path]) => path !== '');

it('has a hash of every package, and names no registry', () => {
  expect(installed.length).toBeGreaterThan(100);
  expect(installed.filter(([, one]) => !one.integrity?.startsWith('sha512-')).map(([path]) => path)).toEqual([]);
  expect(installed.filter(([, one]) => one.resolved !== undefined).map(([path]) => path)).toEqual([]);
});

it('has one Node for each platform, which npm installs there alone', () => {
  const nodes = installed.filter(([, one]) => one.bin?.['node'] !== undefined);
  const platforms = nodes.map(
    ([, { os, cpu, optional }]) => `${String(os)} ${String(cpu)} ${optional ? 'optional' : ''}`,
  );
  expect(platforms.toSorted()).toEqual(
    ['darwin arm64', 'darwin x64', 'linux arm64', 'linux x64', 'win32 arm64', 'win32 x64'].map(
      (one) => `${one} optional`,
    ),
  );
});

it("runs no package's install script, which could fetch more", async () => {
  expect(await read('.npmrc')).toMatch(/^ignore-scripts=true$/m);
});
