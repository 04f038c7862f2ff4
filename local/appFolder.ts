// What a function app's folder says about it: host.json, and the files that `main` in package.json names.
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export type AppFolder = {
  readonly host: unknown;
  readonly load: () => Promise<void>;
};

/** @param main files instead of package.json's: a path or a glob. @throws when the folder is no function app */
export async function openAppFolder(folder: string, main?: string): Promise<AppFolder> {
  const host = await readJson(folder, 'host.json');
  const pattern = main ?? mainOf(await readJson(folder, 'package.json'));
  if (pattern === undefined) {
    throw new Error(`${join(folder, 'package.json')} has no "main", which names the files of the functions.`);
  }
  const files: string[] = [];
  for await (const file of glob(pattern, { cwd: folder })) files.push(file);
  if (files.length === 0) {
    throw new Error(`No file in ${folder} matches "${pattern}". Build the app, or name its files with --main.`);
  }
  const load = async () => {
    for (const file of files.toSorted()) await import(pathToFileURL(join(folder, file)).href);
  };
  return { host, load };
}

function mainOf(json: unknown): string | undefined {
  const main = typeof json === 'object' && json !== null && 'main' in json ? json.main : undefined;
  return typeof main === 'string' ? main : undefined;
}

async function readJson(folder: string, name: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(join(folder, name), 'utf8'));
  } catch (cause) {
    throw new Error(`${folder} is no function app: its ${name} can't be read (${(cause as Error).message}).`, {
      cause,
    });
  }
}
