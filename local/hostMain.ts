// npm run host: the functions host in a process of its own. Runs an app's folder with app settings alone, from a
// local.settings.json and the environment; nothing of the app is replaced.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openAppFolder } from './appFolder.ts';
import { answerHelp, npmTook, readPort, refuse } from './commandLine.ts';
import type { Settings } from './functionsHost/settings/resolveSettings.ts';
import { startFunctionsHost } from './functionsHost/startFunctionsHost.ts';
import { readLocalSettings } from './localSettings.ts';

const usage = `npm run host -- [--port N] [--settings file] [--app folder] [--main files] [--key key]
  --port       where it listens; the file's Host.LocalHttpPort or 7071 when not given, 0 for any free port
  --settings   app settings, as func's local.settings.json; the app's local.settings.json, if there is one, when not
               given. The environment comes before the file
  --app        the folder with the app's host.json and package.json; the current folder when not given
  --main       the files to run instead of package.json's "main", e.g. "functions/*.ts" to run from source
  --key        the host key, master key and Event Grid key, for callers that must know it beforehand; random ones when
               not given`;

const given = readArguments();
const folder = resolve(given.app ?? '.');
const file = await readSettingsFile();
const settings = { ...file.values, ...environment() };
const runtime = settings['FUNCTIONS_WORKER_RUNTIME'] ?? 'node';
if (runtime !== 'node') refuse(`FUNCTIONS_WORKER_RUNTIME is "${runtime}"; this host runs "node" alone.`);

const app = await openAppFolder(folder, given.main).catch((error: Error) => refuse(error.message));
// As the worker does.
process.chdir(folder);
const host = await startFunctionsHost({
  ...app,
  settings,
  port: given.port ?? file.port ?? 7071,
  appFolder: folder,
  ...(given.key !== undefined && { keys: { default: given.key, master: given.key, eventGrid: given.key } }),
  log: (line) => console.log(line),
}).catch((error: Error) => refuse(error.message));
for (const { name, trigger, url } of host.functions) {
  if (trigger === 'eventGrid' && url !== undefined) console.log(`Webhook of ${name}: ${url}`);
}
console.log(`Host key: ${host.keys.default}  Master key: ${host.keys.master}`);
console.log(`Listening on ${host.url}`);

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stopping) process.exit(1);
    stopping = true;
    // What the app left running (a timed-out function, say) ends with the process, as it does with Azure's worker.
    host.stop().then(
      () => process.exit(0),
      (error: Error) => {
        console.error(error.message);
        process.exit(1);
      },
    );
  });
}

async function readSettingsFile() {
  const path = resolve(given.settings ?? `${folder}/local.settings.json`);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => error);
  if (text instanceof Error) {
    if (text.code === 'ENOENT' && given.settings === undefined) return { values: {}, port: undefined };
    return refuse(`The settings can't be read: ${text.message}.`);
  }
  try {
    return readLocalSettings(text);
  } catch (error) {
    return refuse(`${path} can't be used: ${(error as Error).message}.`);
  }
}

function environment(): Settings {
  const set = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(set);
}

function readArguments() {
  answerHelp(usage);
  try {
    const took = npmTook('npm run host', ['port', 'settings', 'app', 'main']);
    if (took) throw new Error(took);
    const text = { type: 'string' } as const;
    const { values } = parseArgs({ options: { port: text, settings: text, app: text, main: text, key: text } });
    return { ...values, port: readPort(values.port) };
  } catch (error) {
    return refuse(`${(error as Error).message}\n\n${usage}`);
  }
}
