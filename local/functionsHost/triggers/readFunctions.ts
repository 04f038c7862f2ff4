// Turns the app's registrations into what the host has to serve, with every app setting resolved.
import { z } from 'zod';
import { parseRoute, type Route } from '../../http/routeTemplate.ts';
import { toError } from '../settings/hostLog.ts';
import { isDisabled, resolveConnection, resolveSettings, type Settings } from '../settings/resolveSettings.ts';
import type { RegisteredFunction } from '../worker/coreModule.ts';
import { triggerBinding } from '../worker/invoke.ts';
import type { QueueAddress } from './queueStorage.ts';
import { type RetryPolicy, readRetryPolicy } from './retryPolicy.ts';
import { parseSchedule, type Schedule } from './schedule.ts';

const httpTrigger = z.object({
  route: z.string().optional(),
  methods: z
    .array(z.string().toUpperCase())
    .default(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'])
    .readonly(),
  authLevel: z.enum(['anonymous', 'function', 'admin']).default('function'),
});

const timerTrigger = z.object({
  schedule: z.string(),
  runOnStartup: z.boolean().default(false),
  useMonitor: z.boolean().default(true),
});

const queue = z.object({ queueName: z.string(), connection: z.string().optional() });

export type HttpFunction = Omit<z.output<typeof httpTrigger>, 'route'> & {
  readonly trigger: 'http';
  readonly fn: RegisteredFunction;
  readonly route: Route;
};

export type TimerFunction = Omit<z.output<typeof timerTrigger>, 'schedule'> & {
  readonly trigger: 'timer';
  readonly fn: RegisteredFunction;
  readonly schedule: Schedule;
  readonly retry?: RetryPolicy | undefined;
};

export type QueueFunction = { readonly trigger: 'queue'; readonly fn: RegisteredFunction } & QueueAddress;

type EventGridFunction = { readonly trigger: 'eventGrid'; readonly fn: RegisteredFunction };

export type ServedFunction = (HttpFunction | TimerFunction | QueueFunction | EventGridFunction) & {
  /** The queue outputs by the name of their binding; `$return` is the handler's own result. */
  readonly queueOutputs: Readonly<Record<string, QueueAddress>>;
  /** By its app setting: nothing triggers it; the master key can run it. */
  readonly disabled?: boolean | undefined;
};

/** @throws one error that lists, for every function with a problem, what is wrong and what to do */
export function readFunctions(functions: readonly RegisteredFunction[], settings: Settings): readonly ServedFunction[] {
  const problems: string[] = [];
  const served: ServedFunction[] = [];
  for (const fn of functions) {
    try {
      served.push(readFunction(fn, settings));
    } catch (thrown) {
      problems.push(`Function "${fn.metadata.name}": ${describe(thrown)}`);
    }
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return served;
}

function describe(thrown: unknown): string {
  if (!(thrown instanceof z.ZodError)) return toError(thrown).message;
  return thrown.issues.map((issue) => `its ${issue.path.join('.')}: ${issue.message}`).join('; ');
}

function readFunction(fn: RegisteredFunction, settings: Settings): ServedFunction {
  const trigger = triggerBinding(fn);
  const queueOutputs: Record<string, QueueAddress> = {};
  for (const [name, binding] of Object.entries(fn.metadata.bindings)) {
    if (name === trigger.name) continue;
    const type = binding.type.toLowerCase();
    if (type === 'queue' && binding.direction === 'out') queueOutputs[name] = readQueue(binding, settings);
    else if (type !== 'http' || binding.direction !== 'out') throw unsupported(`${binding.type} binding "${name}"`);
  }
  // The real host reads the policy of every function, and follows it where the trigger supports retries: of ours, timers.
  const retry = fn.metadata.retryOptions === undefined ? undefined : readRetryPolicy(fn.metadata.retryOptions);

  const common = { fn, queueOutputs, disabled: isDisabled(fn.metadata.name, settings) };
  switch (trigger.type.toLowerCase()) {
    case 'httptrigger': {
      const { route, ...http } = httpTrigger.parse(trigger);
      const resolved = resolveSettings(route ?? fn.metadata.name, settings, 'the route');
      return { ...common, trigger: 'http', ...http, route: parseRoute(resolved) };
    }
    case 'timertrigger': {
      const { schedule, ...timer } = timerTrigger.parse(trigger);
      const resolved = resolveSettings(schedule, settings, 'the schedule');
      return { ...common, trigger: 'timer', schedule: parseSchedule(resolved), ...timer, retry };
    }
    case 'queuetrigger':
      return { ...common, trigger: 'queue', ...readQueue(trigger, settings) };
    case 'eventgridtrigger':
      return { ...common, trigger: 'eventGrid' };
    default:
      throw unsupported(trigger.type);
  }
}

function unsupported(what: string): Error {
  return new Error(
    `its ${what} is not served by the local host. Run the app with "func start" (Azure Functions Core Tools) instead.`,
  );
}

function readQueue(binding: object, settings: Settings): QueueAddress {
  const { queueName, connection } = queue.parse(binding);
  const name = resolveSettings(queueName, settings, 'the queue name');
  if (!/^[a-z0-9](?:-?[a-z0-9])*$/.test(name) || name.length < 3 || name.length > 63) {
    throw new Error(
      `the queue name "${name}" is not one. Expected 3 to 63 lower-case letters, digits and single hyphens; binding expressions in braces are not served by the local host.`,
    );
  }
  return { queueName: name, connectionString: resolveConnection(connection, settings) };
}
