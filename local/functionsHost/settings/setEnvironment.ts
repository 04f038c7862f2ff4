// The environment of the worker, which holds the app settings. Called by startFunctionsHost.ts.
import type { Settings } from './resolveSettings.ts';

/** Sets environment variables. Answers how to put back what was there. */
export function setEnvironment(settings: Settings): () => void {
  const before = Object.keys(settings).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, settings);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}
