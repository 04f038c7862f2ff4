// npm run simulate:fleet: how many pools of a fleet are started in one shared window, and what that takes.
import { figuresOf, linesOf } from './fleetFigures.ts';
import { readFleetArguments } from './fleetOptions.ts';
import { runFleet } from './runFleet.ts';

const { options, isJson } = readFleetArguments();
const figures = figuresOf(await runFleet(options));
console.log(isJson ? JSON.stringify(figures, undefined, 2) : linesOf(figures).join('\n'));
