// The functions of the app as the host shows them at its start. Called by startFunctionsHost.ts.
import type { Keys } from './http/keys.ts';
import type { ServedFunction } from './triggers/readFunctions.ts';

export type ListedFunction = {
  readonly name: string;
  readonly trigger: ServedFunction['trigger'];
  /** Of HTTP functions: the URL without a key. Of Event Grid functions: the webhook with its key. */
  readonly url?: string | undefined;
  readonly description: string;
};

export function listFunctions(
  functions: readonly ServedFunction[],
  host: { readonly url: string; readonly routePrefix: string; readonly keys: Keys },
): readonly ListedFunction[] {
  const prefix = host.routePrefix.replace(/^\/|\/$/g, '');
  const listed = functions.map((served): ListedFunction => {
    const { trigger, disabled, fn } = served;
    const { name } = fn.metadata;
    if (disabled) return { name, trigger, description: 'disabled' };
    if (trigger === 'http') {
      const url = [host.url, prefix, served.route.template].filter(Boolean).join('/');
      return { name, trigger, url, description: `[${served.methods.join(',')}] ${url}` };
    }
    const webhook = `${host.url}/runtime/webhooks/eventgrid?functionName=${name}&code=${host.keys.eventGrid}`;
    return { name, trigger, url: trigger === 'eventGrid' ? webhook : undefined, description: `${trigger}Trigger` };
  });
  return listed.toSorted((a, b) => a.name.localeCompare(b.name));
}
