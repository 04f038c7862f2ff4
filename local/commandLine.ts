// What the npm scripts share: reading a command line, refusing it, ending.
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { messageOf } from '../shared/domain/text/messageOf.ts';

export const textOption = { type: 'string' } as const;

export function refuse(message: string): never {
  console.error(message);
  process.exit(2);
}

/** With --help prints the usage and ends; refuses what can't be read. @param read throws with what is wrong */
export function readArguments<const Config extends ParseArgsConfig & { readonly options: object }, Result>(
  { script, usage, ...config }: Config & { readonly script: string; readonly usage: string },
  read: (parsed: ReturnType<typeof parseArgs<Config>>) => Result,
): Result {
  if (process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) {
    console.log(usage);
    process.exit(0);
  }
  try {
    const took = npmTook(script, Object.keys(config.options));
    if (took) throw new Error(took);
    return read(parseArgs(config as unknown as Config));
  } catch (error) {
    return refuse(`${messageOf(error)}\n\n${usage}`);
  }
}

/** Options that npm has too: anyone may have set them. */
const npmOptions = ['ca', 'key', 'quiet', 'verbose'];

/** What to tell the user when npm kept options: without `--` it takes a script's options and leaves them in the environment. */
export function npmTook(
  script: string,
  options: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const taken = options.filter((name) => !npmOptions.includes(name) && environment[`npm_config_${name}`] !== undefined);
  if (taken.length === 0) return undefined;
  const names = taken.map((option) => `--${option}`).join(' and ');
  return `npm took ${names} for its own. Put -- before the script's options: ${script} -- --${taken[0]} …`;
}

/** @param name as the user knows it, e.g. `--seeds` @throws naming it, where it is no whole number or a smaller one */
export function readWhole(name: string, text: string, least = 0): number {
  if (/^\d{1,10}$/.test(text) && Number(text) >= least) return Number(text);
  throw new Error(`${name} is "${text}"; give a whole number${least > 0 ? ` from ${least}` : ''}.`);
}

export function readPort(text: string | undefined, highest = 65_535): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= highest) return port;
  throw new Error(`--port is "${text}"; give a number from 0 to ${highest}.`);
}

/** The first Ctrl-C stops and ends, the second ends at once. Gives what Ctrl-C does. */
export function onStopSignal(stop: () => Promise<unknown>): () => void {
  let stopping = false;
  const end = () => {
    if (stopping) process.exit(1);
    stopping = true;
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(messageOf(error));
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end);
  return end;
}
