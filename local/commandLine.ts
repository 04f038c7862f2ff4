// What the command lines of main.ts, hostMain.ts and simulatorMain.ts have in common: help, ports, and options that npm took.

/** Says what is wrong, and ends. */
export function refuse(message: string): never {
  console.error(message);
  process.exit(2);
}

/** With --help or -h: the usage, and the end. */
export function answerHelp(usage: string, args: readonly string[] = process.argv.slice(2)): void {
  if (!args.includes('--help') && !args.includes('-h')) return;
  console.log(usage);
  process.exit(0);
}

/**
 * Without `--` before them npm takes a script's options for its own, and hands on what is left; what it took stands in
 * the environment. Undefined: it took none.
 * @param script as it is run, for example "npm start"
 * @param options their names; not those that npm itself has, which anyone may have set
 */
export function npmTook(
  script: string,
  options: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const taken = options.filter((option) => environment[`npm_config_${option}`] !== undefined);
  if (taken.length === 0) return undefined;
  const names = taken.map((option) => `--${option}`).join(' and ');
  return `npm took ${names} for its own. Put -- before the script's options: ${script} -- --${taken[0]} …`;
}

/** @throws with what to give */
export function readPort(text: string | undefined, highest = 65_535): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= highest) return port;
  throw new Error(`--port is "${text}"; give a number from 0 to ${highest}.`);
}
