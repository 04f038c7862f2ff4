// The code of another checkout, to run beside the code of now as in a rolling deployment. Called by run.ts where
// `npm run simulate -- --beside PATH` asks for it.
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Code } from './code.ts';

/** Where each part stands by now, under shared/. Before issue 14 the folders of adapters/ and usecases/ had no rooms. */
const files: Readonly<Record<Exclude<keyof Code, 'confirmEvidence'>, string>> = {
  createArm: 'adapters/arm/arm.ts',
  createCapacity: 'adapters/arm/capacity.ts',
  createKubernetes: 'adapters/kubernetes/kubernetes.ts',
  readEvent: 'adapters/eventGrid/eventGrid.ts',
  receiveEvent: 'usecases/observe/receiveEvent.ts',
  ObserveMessage: 'usecases/messages.ts',
  ProjectMessage: 'usecases/messages.ts',
  StartMessage: 'usecases/messages.ts',
  recordObservation: 'usecases/observe/recordObservation.ts',
  followLedger: 'usecases/observe/projectLedger.ts',
  runPass: 'usecases/plan/runPass.ts',
  startAttempt: 'usecases/start/startAttempt.ts',
  followAttempts: 'usecases/follow/followAttempts.ts',
  checkWeekly: 'usecases/report/checkWeekly.ts',
};
/** What the use cases were called before issue 14. */
const oldNames: Readonly<Partial<Record<string, string>>> = {
  recordObservation: 'observeCluster',
  followLedger: 'projectCluster',
  runPass: 'planUpgrades',
  startAttempt: 'startUpgrade',
  followAttempts: 'followUpgrades',
};
const placesOf = (name: string, file: string) => {
  const old = file.replace(/^(\w+)\/.*\//, '$1/').replace(/\w+(?=\.ts$)/, (base) => oldNames[name] ?? base);
  return [file, old];
};

const loaded = new Map<string, Promise<Code>>();

export function loadCode(path: string): Promise<Code> {
  const code = loaded.get(path) ?? load(path);
  loaded.set(path, code);
  return code;
}

async function load(path: string): Promise<Code> {
  useOwnPackages(path);
  const parts = Object.entries(files).map(async ([name, file]) => {
    const places = placesOf(name, file).map((one) => join(path, 'shared', one));
    const found = places.find(existsSync);
    if (found === undefined) throw new Error(`There is neither ${places.join(' nor ')}.`);
    const parts = (await import(pathToFileURL(found).href)) as Record<string, unknown>;
    const part = parts[name] ?? parts[oldNames[name] ?? ''];
    if (part === undefined) throw new Error(`${found} exports no ${name}.`);
    return [name, part] as const;
  });
  // Code of a time when it did the same by the same signatures; where it did not, the runs fail. What asks the Activity Log is
  // younger: code without it asks nothing.
  const younger = join(path, 'shared/usecases/observe/confirmEvidence.ts');
  const { confirmEvidence = async () => undefined } = (
    existsSync(younger) ? await import(pathToFileURL(younger).href) : {}
  ) as Partial<Code>;
  return { ...(Object.fromEntries(await Promise.all(parts)) as Code), confirmEvidence };
}

/** One copy of each package serves both, so that an instant of one is an instant of the other; the checkout needs none. */
function useOwnPackages(path: string): void {
  const root = `${pathToFileURL(path).href}/`;
  registerHooks({
    resolve: (specifier, context, next) => {
      const isPackage = !/^(\.|\/|file:|node:)/.test(specifier);
      const isOther = context.parentURL?.startsWith(root) === true && !context.parentURL.includes('/node_modules/');
      return next(specifier, isPackage && isOther ? { ...context, parentURL: import.meta.url } : context);
    },
  });
}
