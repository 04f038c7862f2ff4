// Azurite, Azure's storage emulator, as a child process: for tests of the storage adapters and for the local run.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';

/** The account and the key that Azurite publishes for development: no secret. https://github.com/Azure/Azurite#default-storage-account */
const account = 'devstoreaccount1';
const accountKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

const startTimeoutMs = 30_000;
const stopTimeoutMs = 5_000;

const serviceNames = ['blob', 'queue', 'table'] as const;
type ServiceName = (typeof serviceNames)[number];

export type Azurite = Awaited<ReturnType<typeof startAzurite>>;

type AzuriteOptions = {
  /** Keeps the data. */
  readonly dir?: string;
  /** Those of an Azurite before; any free ones when not given. */
  readonly ports?: Readonly<Record<ServiceName, string>>;
};

/** Its services end with this process, however it ends. */
export async function startAzurite(options: AzuriteOptions = {}) {
  const child = spawn(
    process.execPath,
    [
      `--import=data:text/javascript,${encodeURIComponent(endWithParent)}`,
      createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js'),
      ...serviceNames.map((name) => `--${name}Port=${options.ports?.[name] ?? 0}`),
      ...(options.dir === undefined ? ['--inMemoryPersistence'] : [`--location=${options.dir}`]),
      '--silent',
      '--disableTelemetry',
      '--skipApiVersionCheck',
    ],
    // Detached, Ctrl-C in a terminal reaches us alone: storage is there until we have ended.
    { stdio: ['pipe', 'pipe', 'pipe'], detached: true, windowsHide: true },
  );
  const stop = () => stopProcess(child);
  const addresses = await untilListening(child).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const endpointOf = (name: ServiceName) => `${addresses[name]}/${account}`;
  const [blobEndpoint, queueEndpoint, tableEndpoint] = [endpointOf('blob'), endpointOf('queue'), endpointOf('table')];
  return {
    connectionString:
      `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${accountKey};` +
      `TableEndpoint=${tableEndpoint};QueueEndpoint=${queueEndpoint};BlobEndpoint=${blobEndpoint};`,
    tableEndpoint,
    queueEndpoint,
    blobEndpoint,
    ports: { blob: portOf(blobEndpoint), queue: portOf(queueEndpoint), table: portOf(tableEndpoint) },
    stop,
    /** Cuts all connections, whatever runs, and ends it; what it has acknowledged is kept, as Azure keeps it. */
    cut: () => cutProcess(child),
  };
}

// Runs before Azurite in its process: the pipe from us closes when we end, even killed, and Azurite then saves its data and goes too.
// A kill would be too much for a cut: Azurite saves every five seconds, and forgets what Azure would not.
const endWithParent = `
  import { subscribe } from 'node:diagnostics_channel';
  const sockets = new Set();
  subscribe('net.server.socket', ({ socket }) => sockets.add(socket.once('close', () => sockets.delete(socket))));
  process.stdin.on('data', () => sockets.forEach((socket) => socket.destroy())).on('end', () => {
    setTimeout(() => process.exit(), ${stopTimeoutMs}).unref();
    process.kill(process.pid, 'SIGINT');
  }).resume();`;

function untilListening(child: ChildProcessWithoutNullStreams): Promise<Readonly<Record<ServiceName, string>>> {
  return new Promise((resolve, reject) => {
    const addresses: Partial<Record<ServiceName, string>> = {};
    let said = '';
    const fail = (what: string) => {
      const name = serviceNames.find((one) => addresses[one] === undefined);
      reject(new Error(`Azurite's ${name} service ${what}: ${said}`));
    };
    const timeout = setTimeout(fail, startTimeoutMs, `did not answer within ${startTimeoutMs} ms`);
    for (const output of [child.stdout, child.stderr]) {
      output.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-4_000);
        for (const [, name = '', address = ''] of said.matchAll(
          /Azurite (\w+) service is successfully listening at (\S+)\n/g,
        )) {
          addresses[name.toLowerCase() as ServiceName] = address;
        }
        const { blob, queue, table } = addresses;
        if (!blob || !queue || !table) return;
        clearTimeout(timeout);
        resolve({ blob, queue, table });
      });
    }
    child.once('close', () => {
      clearTimeout(timeout);
      fail('ended while starting');
    });
  });
}

function portOf(endpoint: string): string {
  return new URL(endpoint).port;
}

async function cutProcess(child: ChildProcessWithoutNullStreams): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.stdin.end('cut');
  await exit;
}

async function stopProcess(child: ChildProcessWithoutNullStreams): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  const kill = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  child.stdin.end();
  await exit;
  clearTimeout(kill);
}
