// Closes the HTTP servers that the library opens and never closes: on Azure the worker process ends with them.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Server } from 'node:http';
import { isObject } from '../../../shared/domain/text/anyValue.ts';

const channel = 'tracing:net.server.listen:asyncStart';

export async function closingServers<T>(run: () => Promise<T>) {
  const servers = new Set<Server>();
  const note = (message: unknown) => {
    const server = isObject(message) ? message['server'] : undefined;
    if (server instanceof Server) servers.add(server);
  };
  subscribe(channel, note);
  try {
    const result = await run();
    const close = () => {
      for (const server of servers) server.close().closeAllConnections();
    };
    return { result, close };
  } finally {
    unsubscribe(channel, note);
  }
}
