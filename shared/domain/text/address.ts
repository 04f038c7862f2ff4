// Addresses in the app settings: where keys and tokens are sent, so never by http: beyond this machine. Called by config.ts.
import { z } from 'zod';

/** Takes what others append a path to. Its errors don't repeat it. */
export const address = (what: string, example: string) => {
  const give = `give ${what}, for example ${example}`;
  const parts = (text: string) => (URL.canParse(text) ? new URL(text) : undefined);
  return z
    .string()
    .refine((text) => /^https?:$/.test(parts(text)?.protocol ?? ''), { error: `is no URL; ${give}`, abort: true })
    .refine((text) => isPrivateOnTheWay(text), {
      error: `begins with http:, and whoever is on the way could read what is sent; ${give}`,
    })
    .refine((text) => !parts(text)?.username && !parts(text)?.password && !/[?#]/.test(text), {
      error: `has a user, a query or a fragment, which may hold a secret; ${give}`,
    });
};

/** By https, or within this machine: the local run and the tests. */
function isPrivateOnTheWay(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || isLoopback(hostname);
}

export function isLoopback(hostname: string): boolean {
  return /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i.test(hostname);
}

/** Of a connection string: Azurite is reached by http, on this machine only. */
export function areEndpointsPrivate(connection: string): boolean {
  const fields = connection.split(';').map((field) => field.split(/=(.*)/s).map((text) => text.trim()));
  const urls = fields.flatMap(([, value = '']) => (/^http:/i.test(value) ? [value] : []));
  const given = new Map(fields.map(([name = '', value = '']) => [name.toLowerCase(), value]));
  const areAllGiven = ['blobendpoint', 'queueendpoint', 'tableendpoint'].every((name) => given.has(name));
  const isByHttp = given.get('defaultendpointsprotocol')?.toLowerCase() === 'http' && !areAllGiven;
  return !isByHttp && urls.every((url) => URL.canParse(url) && isPrivateOnTheWay(url));
}

export const optionalAddress = (what: string, example: string) =>
  z.preprocess((text) => (text === '' ? undefined : text), address(what, example).optional());
