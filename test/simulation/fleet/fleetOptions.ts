// What a run of the fleet ruler depends on. Read by main.ts from its options, and set by tests.
import { readArguments, textOption } from '../../../local/commandLine.ts';

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

/** What each is called on a command line, and what it says. */
const described: Readonly<Record<keyof FleetOptions, readonly [option: string, what: string]>> = {
  clusters: ['clusters', 'clusters in all'],
  pools: ['pools', 'pools of each, all of them due'],
  hours: ['hours', 'how long the shared window is open; 4 at least, as AKS takes no shorter one'],
  subscriptions: ['subscriptions', 'subscriptions that share the clusters'],
  regions: ['regions', 'regions in each'],
  nodes: ['nodes', 'nodes of a pool'],
  surge: ['surge', 'maxSurge'],
  secondsPerNode: ['seconds-per-node', 'how long a batch of nodes takes'],
  factsHours: ['facts-hours', 'how old the oldest facts are at the beginning; 0: no cluster was ever seen'],
  releaseHours: ['release-hours', 'how long before the opening the release became known'],
  leadHours: ['lead-hours', 'how long before the opening the run begins'],
  others: ['others', 'requests a second that somebody else takes from the same bucket'],
  instances: ['instances', 'instances of the app'],
  seed: ['seed', 'decides what comes first at one moment'],
};
const fields = Object.keys(described) as readonly (keyof FleetOptions)[];

const usage = `npm run simulate:fleet -- [options]
${fields.map((field) => `  --${described[field][0].padEnd(18)}${described[field][1]}; ${defaults[field]} when not given`).join('\n')}
  --json              every figure, by minute too`;

export function fleetOptions(overrides: Partial<FleetOptions> = {}): FleetOptions {
  return { ...defaults, ...overrides };
}

export function readFleetArguments(): { readonly options: FleetOptions; readonly isJson: boolean } {
  const texts = Object.fromEntries(fields.map((field) => [described[field][0], textOption]));
  const options = { ...texts, json: { type: 'boolean' } } as const;
  return readArguments({ script: 'npm run simulate:fleet', usage, options }, ({ values }) => {
    const given: Readonly<Record<string, unknown>> = values;
    return { options: optionsIn(given), isJson: given['json'] === true };
  });
}

/** @throws where a value is none that can be meant */
export function optionsIn(given: Readonly<Record<string, unknown>>): FleetOptions {
  const read: Record<string, number | string> = {};
  for (const field of fields) {
    const text = given[described[field][0]];
    if (typeof text === 'string') read[field] = field === 'surge' ? text : numberIn(described[field][0], text);
  }
  const options = { ...defaults, ...read };
  for (const field of ['clusters', 'pools', 'subscriptions', 'regions', 'nodes', 'instances', 'seed'] as const) {
    if (!Number.isInteger(options[field]) || options[field] < 1)
      throw new Error(`--${field} is ${options[field]}; give a whole number from 1.`);
  }
  if (options.hours < 4) throw new Error('--hours is at least 4: AKS takes no shorter window.');
  return options;
}

function numberIn(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new Error(`--${name} is "${text}"; give a number.`);
}
