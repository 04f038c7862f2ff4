// Resolves the app settings that bindings name: %NAME% in a value, and the name of a storage connection.
import { connectionProblem } from '../triggers/queueStorage.ts';

export type Settings = Readonly<Record<string, string>>;

/** Replaces each `%NAME%` by that app setting. @param what names the value in errors. @throws when one is not set */
export function resolveSettings(value: string, settings: Settings, what: string): string {
  return value.replace(/%([^%]+)%/g, (_match, name: string) => {
    const setting = settings[name];
    if (!setting) {
      throw new Error(
        `${what} "${value}" needs the app setting ${name}, which is not set. Add ${name} to Values in local.settings.json.`,
      );
    }
    return setting;
  });
}

/** True when the app setting `AzureWebJobs.<function>.Disabled` says true or 1. Names in any case, as in the real host. */
export function isDisabled(functionName: string, settings: Settings): boolean {
  const name = `AzureWebJobs.${functionName}.Disabled`.toLowerCase();
  return Object.entries(settings).some(([key, value]) => key.toLowerCase() === name && /^(?:true|1)$/i.test(value));
}

/** As the real host finds it: with AzureWebJobs before the name, or as it is; AzureWebJobsStorage when none is named. */
export function resolveConnection(connection: string | undefined, settings: Settings): string {
  const name = connection || 'AzureWebJobsStorage';
  const setting = settings[`AzureWebJobs${name}`] ? `AzureWebJobs${name}` : name;
  const found = settings[setting];
  if (found) {
    const problem = connectionProblem(found);
    if (problem === undefined) return found;
    throw new Error(
      `the app setting ${setting} is no storage connection string (${problem}). Give one, e.g. "UseDevelopmentStorage=true" for Azurite, or "DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…;EndpointSuffix=core.windows.net".`,
    );
  }
  throw new Error(
    Object.keys(settings).some((key) => key.startsWith(`${name}__`))
      ? `the connection "${name}" is an identity-based one (${name}__…), which the local host can't use. Set ${name} to a connection string, e.g. "UseDevelopmentStorage=true" for Azurite.`
      : `the connection "${name}" is not set. Add the app setting ${name} with a storage connection string, e.g. "UseDevelopmentStorage=true" for Azurite.`,
  );
}

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
