// What a run of the fleet ruler depends on. Read by main.ts from its options, and set by tests.
import { parseArgs } from 'node:util';

export type FleetOptions = {
  readonly clusters: number;
  readonly pools: number;
  /** How long the shared window is open. */
  readonly hours: number;
  readonly subscriptions: number;
  readonly regions: number;
  readonly nodes: number;
  readonly surge: string;
  readonly secondsPerNode: number;
  /** How old the oldest facts are when the run begins, in hours; 0: there are none, and no cluster was ever seen. */
  readonly factsHours: number;
  /** How long before the opening the release became known, in hours. */
  readonly releaseHours: number;
  /** How long before the opening the run begins, in hours. */
  readonly leadHours: number;
  /** Requests a second that somebody else takes from the bucket "all else" of each subscription and region. */
  readonly others: number;
  readonly instances: number;
  readonly seed: number;
};

const defaults: FleetOptions = {
  clusters: 1000,
  pools: 5,
  hours: 4,
  subscriptions: 1,
  regions: 1,
  nodes: 3,
  surge: '1',
  secondsPerNode: 180,
  factsHours: 24,
  releaseHours: 20,
  leadHours: 1,
  others: 0,
  instances: 1,
  seed: 1,
};

const names: Readonly<Record<string, keyof FleetOptions>> = {
  clusters: 'clusters',
  pools: 'pools',
  hours: 'hours',
  subscriptions: 'subscriptions',
  regions: 'regions',
  nodes: 'nodes',
  surge: 'surge',
  'seconds-per-node': 'secondsPerNode',
  'facts-hours': 'factsHours',
  'release-hours': 'releaseHours',
  'lead-hours': 'leadHours',
  others: 'others',
  instances: 'instances',
  seed: 'seed',
};

export const usage = `npm run simulate:fleet -- [--json] ${Object.entries(names)
  .map(([name, field]) => `[--${name} ${defaults[field]}]`)
  .join(' ')}`;

export function fleetOptions(overrides: Partial<FleetOptions> = {}): FleetOptions {
  return { ...defaults, ...overrides };
}

/** @throws where an option is unknown or no number that can be meant */
export function parseFleetOptions(args: readonly string[]): {
  readonly options: FleetOptions;
  readonly isJson: boolean;
} {
  const strings = Object.fromEntries(Object.keys(names).map((name) => [name, { type: 'string' } as const]));
  const parsed = parseArgs({ args: [...args], options: { ...strings, json: { type: 'boolean' } } });
  const values: Readonly<Record<string, unknown>> = parsed.values;
  const read: Record<string, number | string> = {};
  for (const [name, field] of Object.entries(names)) {
    const text = values[name];
    if (typeof text !== 'string') continue;
    read[field] = field === 'surge' ? text : numberIn(name, text);
  }
  const options = { ...defaults, ...read };
  for (const field of ['clusters', 'pools', 'subscriptions', 'regions', 'nodes', 'instances', 'seed'] as const) {
    if (!Number.isInteger(options[field]) || options[field] < 1)
      throw new Error(`--${field} is a whole number from 1.`);
  }
  if (options.hours < 4) throw new Error('--hours is at least 4: AKS takes no shorter window.');
  return { options, isJson: values['json'] === true };
}

function numberIn(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new Error(`--${name} is a number, not "${text}".`);
  return value;
}
