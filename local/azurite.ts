// Azurite, Azure's storage emulator, as child processes: for tests of the storage adapters and for the local run.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** The account and the key that Azurite publishes for development: no secret. https://github.com/Azure/Azurite#default-storage-account */
const account = 'devstoreaccount1';
const accountKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

const host = '127.0.0.1';
const startTimeoutMs = 30_000;
const pollMs = 50;
const stopTimeoutMs = 5_000;

const serviceNames = ['table', 'queue', 'blob'] as const;
type ServiceName = (typeof serviceNames)[number];
type Service = {
  readonly name: ServiceName;
  readonly port: number;
  readonly child: ChildProcess;
  /** The end of what it wrote to stderr. */
  readonly stderr: () => string;
};

export type Azurite = {
  readonly connectionString: string;
  readonly tableEndpoint: string;
  readonly queueEndpoint: string;
  readonly blobEndpoint: string;
  readonly stop: () => Promise<void>;
};

/**
 * Starts Azurite's table, queue and blob services on free ports of 127.0.0.1 and waits until all answer. They end with this process, however it ends.
 * @param options.dir a folder to keep the data in; without it the data is in memory
 * @throws when a service ends or does not answer within 30 s, with what it wrote to stderr
 */
export async function startAzurite(options: { readonly dir?: string } = {}): Promise<Azurite> {
  const services = await Promise.all(serviceNames.map((name) => spawnService(name, options.dir)));
  const stop = async (): Promise<void> => {
    await Promise.all(services.map(stopService));
  };
  try {
    await Promise.all(services.map(untilListening));
  } catch (error) {
    await stop();
    throw error;
  }
  const endpointOf = (name: ServiceName): string =>
    `http://${host}:${services.find((service) => service.name === name)?.port}/${account}`;
  const tableEndpoint = endpointOf('table');
  const queueEndpoint = endpointOf('queue');
  const blobEndpoint = endpointOf('blob');
  return {
    connectionString:
      `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${accountKey};` +
      `TableEndpoint=${tableEndpoint};QueueEndpoint=${queueEndpoint};BlobEndpoint=${blobEndpoint};`,
    tableEndpoint,
    queueEndpoint,
    blobEndpoint,
    stop,
  };
}

// Runs before Azurite in its process: the pipe from us closes when we end, even killed, and Azurite then saves its data and goes too.
const endWithParent = `
  process.stdin.on('end', () => {
    setTimeout(() => process.exit(), ${stopTimeoutMs}).unref();
    process.kill(process.pid, 'SIGINT');
  }).resume();`;

async function spawnService(name: ServiceName, dir: string | undefined): Promise<Service> {
  const port = await freePort();
  const main = createRequire(import.meta.url).resolve(`azurite/dist/src/${name}/main.js`);
  const child = spawn(
    process.execPath,
    [
      `--import=data:text/javascript,${encodeURIComponent(endWithParent)}`,
      main,
      `--${name}Host`,
      host,
      `--${name}Port`,
      String(port),
      ...(dir === undefined ? ['--inMemoryPersistence'] : ['--location', dir]),
      '--silent',
      '--disableTelemetry',
      '--skipApiVersionCheck',
    ],
    // Detached, Ctrl-C in a terminal reaches us alone: storage is there until we have ended.
    { stdio: ['pipe', 'ignore', 'pipe'], detached: true, windowsHide: true },
  );
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-4_000);
  });
  return { name, port, child, stderr: () => stderr };
}

/** A port that nothing listens on. Another process may take it before the service does: the service then ends, and says so. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('A TCP server has no port.');
  return address.port;
}

async function untilListening(service: Service): Promise<void> {
  for (let waitedMs = 0; waitedMs < startTimeoutMs; waitedMs += pollMs) {
    if (hasEnded(service.child))
      throw new Error(`Azurite's ${service.name} service ended while starting: ${service.stderr()}`);
    if (await answers(service.port)) return;
    await delay(pollMs);
  }
  throw new Error(`Azurite's ${service.name} service did not answer within ${startTimeoutMs} ms: ${service.stderr()}`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    const end = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
}

/** Ends a service as the end of this process would, and kills it when it does not go. */
async function stopService({ child }: Service): Promise<void> {
  if (hasEnded(child)) return;
  const exit = once(child, 'exit');
  const kill = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  child.stdin?.end();
  await exit;
  clearTimeout(kill);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
