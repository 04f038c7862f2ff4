// npm run host: the functions host in a process of its own, for an app's folder with app settings alone.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { openAppFolder, readLocalSettings } from './appFolder.ts';
import { onStopSignal, readArguments, readPort, refuse, textOption as text } from './commandLine.ts';
import type { Settings } from './functionsHost/settings/resolveSettings.ts';
import { startFunctionsHost } from './functionsHost/startFunctionsHost.ts';

const usage = `npm run host -- [--port N] [--settings file] [--app folder] [--main files] [--key key]
  --port       where it listens; the file's Host.LocalHttpPort or 7071 when not given, 0 for any free port
  --settings   app settings, as func's local.settings.json; the app's local.settings.json, if there is one, when not
               given. The environment comes before the file
  --app        the folder with the app's host.json and package.json; the current folder when not given
  --main       the files to run instead of package.json's "main", e.g. "functions/main.ts" to run from source
  --key        the host key, master key and Event Grid key, for callers that must know it beforehand; random ones when
               not given`;

const options = { port: text, settings: text, app: text, main: text, key: text };
const given = readArguments({ script: 'npm run host', usage, options }, ({ values }) => ({
  ...values,
  port: readPort(values.port),
}));
const folder = resolve(given.app ?? '.');
const file = await readSettingsFile();
// Every variable of process.env is a text: one that is not set is not there.
const settings: Settings = { ...file.values, ...(process.env as Settings) };
const runtime = settings['FUNCTIONS_WORKER_RUNTIME'] ?? 'node';
if (runtime !== 'node') refuse(`FUNCTIONS_WORKER_RUNTIME is "${runtime}"; this host runs "node" alone.`);

const app = await openAppFolder(folder, given.main).catch((error: Error) => refuse(error.message));
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

// What the app left running (a timed-out function, say) ends with the process, as it does with Azure's worker.
onStopSignal(host.stop);

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
