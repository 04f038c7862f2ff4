// The functions of the app as the host shows them at its start. Called by startFunctionsHost.ts.
import type { Keys } from './http/keys.ts';
import type { ServedFunction } from './triggers/readFunctions.ts';

export type ListedFunction = {
  readonly name: string;
  readonly trigger: ServedFunction['trigger'];
  /** Of HTTP functions: the URL without a key. Of Event Grid functions: the webhook with its key. */
  readonly url?: string;
  readonly description: string;
};

export function listFunctions(
  functions: readonly ServedFunction[],
  host: { readonly url: string; readonly routePrefix: string; readonly keys: Keys },
): readonly ListedFunction[] {
  return functions.map((served) => list(served, host)).toSorted((a, b) => a.name.localeCompare(b.name));
}

function list(served: ServedFunction, host: Parameters<typeof listFunctions>[1]): ListedFunction {
  const { trigger, fn } = served;
  const { name } = fn.metadata;
  if (served.disabled) return { name, trigger, description: 'disabled' };
  if (trigger === 'http') {
    const url = [host.url, host.routePrefix.replace(/^\/|\/$/g, ''), served.route.template].filter(Boolean).join('/');
    return { name, trigger, url, description: `[${served.methods.join(',')}] ${url}` };
  }
  const description = `${trigger}Trigger`;
  if (trigger !== 'eventGrid') return { name, trigger, description };
  const url = `${host.url}/runtime/webhooks/eventgrid?functionName=${name}&code=${host.keys.eventGrid}`;
  return { name, trigger, url, description };
}
