// Azurite, Azure's storage emulator, as child processes: for tests of the storage adapters and for the local run.
import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { listen } from './http/listen.ts';

/** The account and the key that Azurite publishes for development: no secret. https://github.com/Azure/Azurite#default-storage-account */
const account = 'devstoreaccount1';
const accountKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

const startTimeoutMs = 30_000;
const stopTimeoutMs = 5_000;

const serviceNames = ['table', 'queue', 'blob'] as const;
type Service = {
  readonly child: ChildProcess;
  readonly endpoint: string;
  readonly listening: Promise<void>;
};

export type Azurite = {
  readonly connectionString: string;
  readonly tableEndpoint: string;
  readonly queueEndpoint: string;
  readonly blobEndpoint: string;
  readonly stop: () => Promise<void>;
};

/** Its services listen on free ports and end with this process, however it ends. @param options.dir keeps the data */
export async function startAzurite(options: { readonly dir?: string } = {}): Promise<Azurite> {
  const services = await Promise.all(serviceNames.map((name) => startService(name, options.dir)));
  const stop = async (): Promise<void> => {
    await Promise.all(services.map(stopService));
  };
  try {
    await Promise.all(services.map(({ listening }) => listening));
  } catch (error) {
    await stop();
    throw error;
  }
  const [tableEndpoint = '', queueEndpoint = '', blobEndpoint = ''] = services.map(({ endpoint }) => endpoint);
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

async function startService(name: (typeof serviceNames)[number], dir: string | undefined): Promise<Service> {
  const port = await freePort();
  const main = createRequire(import.meta.url).resolve(`azurite/dist/src/${name}/main.js`);
  const child = spawn(
    process.execPath,
    [
      `--import=data:text/javascript,${encodeURIComponent(endWithParent)}`,
      main,
      `--${name}Port=${port}`,
      ...(dir === undefined ? ['--inMemoryPersistence'] : [`--location=${dir}`]),
      '--silent',
      '--disableTelemetry',
      '--skipApiVersionCheck',
    ],
    // Detached, Ctrl-C in a terminal reaches us alone: storage is there until we have ended.
    { stdio: ['pipe', 'pipe', 'pipe'], detached: true, windowsHide: true },
  );
  return { child, endpoint: `http://127.0.0.1:${port}/${account}`, listening: untilListening(child, name) };
}

/** Another process may take the port before the service does: the service then ends, and says so. */
async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server, 0, 'No port is free.');
  server.close();
  await once(server, 'close');
  return port;
}

function untilListening(child: ChildProcessWithoutNullStreams, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    const fail = (what: string) => reject(new Error(`Azurite's ${name} service ${what}: ${said}`));
    const timeout = setTimeout(fail, startTimeoutMs, `did not answer within ${startTimeoutMs} ms`);
    const end = (settle: () => void) => {
      clearTimeout(timeout);
      settle();
    };
    for (const output of [child.stdout, child.stderr]) {
      output.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-4_000);
        if (/successfully (?:started|listens) on/.test(said)) end(resolve);
      });
    }
    child.once('close', () => end(() => fail('ended while starting')));
  });
}

/** Ends a service as the end of this process would, and kills it when it does not go. */
async function stopService({ child }: Service): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  const kill = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  child.stdin?.end();
  await exit;
  clearTimeout(kill);
}
