// All gates by their reason, in the order of gateOrder. Asked by plan; each file of gates says what it looks at.
import * as excuses from '../rings/excuses.ts';
import { gateOrder, type RefusalReason } from './decision.ts';
import type { Gate } from './gate.ts';
import * as holdGates from './holdGates.ts';
import * as imageGates from './imageGates.ts';
import * as ringGates from './ringGates.ts';
import * as stateGates from './stateGates.ts';
import * as windowGates from './windowGates.ts';

type GateName = Exclude<RefusalReason, 'poolOrder'>;
type Gates = Readonly<Record<GateName, Gate>>;

const all: Gates = { ...excuses, ...stateGates, ...imageGates, ...holdGates, ...ringGates, ...windowGates };
const names = gateOrder.filter((reason) => reason !== 'poolOrder');

export const gates = Object.fromEntries(names.map((name) => [name, all[name]])) as Gates;
