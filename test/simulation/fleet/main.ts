// npm run simulate:fleet: how many pools of a fleet are started in one shared window, and what that takes. `--json`: every figure.
import { messageOf } from '../../../shared/domain/text/messageOf.ts';
import { figuresOf, linesOf } from './fleetFigures.ts';
import { parseFleetOptions, usage } from './fleetOptions.ts';
import { runFleet } from './runFleet.ts';

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(usage);
    return 0;
  }
  let parsed: ReturnType<typeof parseFleetOptions>;
  try {
    parsed = parseFleetOptions(args);
  } catch (error) {
    console.error(`${messageOf(error)}\n${usage}`);
    return 2;
  }
  const figures = figuresOf(await runFleet(parsed.options));
  if (parsed.isJson) console.log(JSON.stringify(figures, undefined, 2));
  else for (const line of linesOf(figures)) console.log(line);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
