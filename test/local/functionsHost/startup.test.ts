// What the local host refuses at its start, and what it says.
import { createServer } from 'node:http';
import { app } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { formatTimeSpan, readHostJson, timeSpan } from '../../../local/functionsHost/settings/hostJson.ts';
import { createLogFilter } from '../../../local/functionsHost/settings/hostLog.ts';
import { startFunctionsHost } from '../../../local/functionsHost/startFunctionsHost.ts';
import { readFunctions } from '../../../local/functionsHost/triggers/readFunctions.ts';
import type { RegisteredFunction } from '../../../local/functionsHost/worker/coreModule.ts';
import { startHttpServer } from '../../../local/http/httpServer.ts';

/** A registration as @azure/functions makes it. */
function registered(
  name: string,
  trigger: { readonly type: string } & Record<string, unknown>,
  others: RegisteredFunction['metadata']['bindings'] = {},
): RegisteredFunction {
  return { metadata: { name, bindings: { t: { direction: 'in', ...trigger }, ...others } }, callback: () => {} };
}

const timer = (schedule: string) => registered('planUpgrades', { type: 'timerTrigger', schedule });
const queue = (queueName: string, connection?: string) =>
  registered('observe', { type: 'queueTrigger', queueName, connection });
const http = (route: string) => registered('page', { type: 'httpTrigger', route, authLevel: 'function' });

describe('the settings that bindings name', () => {
  const storage = (account: string) => `AccountName=${account};AccountKey=aw==;QueueEndpoint=http://a/${account}`;
  const settings = {
    PLAN: '0 */5 * * * *',
    EMPTY: '',
    Mine: 'a',
    AzureWebJobsMine: `DefaultEndpointsProtocol=http;${storage('b')}`,
    AzureWebJobsStorage: `DefaultEndpointsProtocol=http;${storage('c')}`,
    AzureWebJobsWrong: 'account-key-that-is-nothing-else',
  };

  it('resolve schedules, queue names and connections', () => {
    expect(readFunctions([timer('%PLAN%')], settings)[0]).toMatchObject({ schedule: { expression: '0 */5 * * * *' } });
    expect(readFunctions([queue('work-%Mine%', 'Mine')], settings)[0]).toMatchObject({
      queueName: 'work-a',
      connectionString: settings.AzureWebJobsMine,
    });
    expect(readFunctions([queue('work')], settings)[0]).toMatchObject({
      connectionString: settings.AzureWebJobsStorage,
    });
  });

  it.each([
    [
      timer('%MISSING%'),
      'Function "planUpgrades": the schedule "%MISSING%" needs the app setting MISSING, which is not set. Add MISSING to Values in local.settings.json.',
    ],
    [timer('%EMPTY%'), 'needs the app setting EMPTY, which is not set'],
    [timer('nonsense'), 'Function "planUpgrades": the schedule "nonsense" is not NCRONTAB'],
    [queue('%Q%'), 'the queue name "%Q%" needs the app setting Q'],
    [queue('Upper'), 'the queue name "Upper" is not one'],
    [queue('a-{id}'), 'binding expressions in braces are not served'],
    [
      queue('work', 'Other'),
      'the connection "Other" is not set. Add the app setting Other with a storage connection string',
    ],
    [
      queue('work', 'Wrong'),
      'the app setting AzureWebJobsWrong is no storage connection string (Invalid URL). Give one, e.g. "UseDevelopmentStorage=true"',
    ],
    [queue('work', 'Id'), 'the connection "Id" is an identity-based one'],
    [http('a/{b'), `the route "a/{b" can't be read at "{b"`],
    [http('a/{b?}/c'), 'an optional or catch-all parameter that is not its last segment'],
    [http('a/x{*b}'), 'more than the catch-all'],
    [http('a/{b:range}'), 'the constraint "range", which the local host does not know'],
    [
      registered('blob', { type: 'blobTrigger' }),
      'its blobTrigger is not served by the local host. Run the app with "func start"',
    ],
    [registered('none', { type: 'http' }), 'The function "none" has no trigger.'],
    [registered('odd', { type: 'queueTrigger' }), 'its queueName: '],
    [
      registered('out', { type: 'timerTrigger', schedule: '* * * * * *' }, { o: { type: 'blob', direction: 'out' } }),
      'its blob binding "o" is not served',
    ],
  ])('or stop the start with a clear error (%#)', (fn, message) => {
    expect(() => readFunctions([fn], { ...settings, Id__queueServiceUri: 'https://x' })).toThrow(message);
  });

  it('all problems are named at once', () => {
    expect(() => readFunctions([timer('%A%'), queue('%B%')], {})).toThrow(/planUpgrades.*\nFunction "observe"/);
  });
});

describe('host.json', () => {
  it('has the defaults of Functions', () => {
    expect(readHostJson({ version: '2.0' }).extensions).toMatchObject({
      http: { routePrefix: 'api' },
      queues: { batchSize: 16, maxDequeueCount: 5, visibilityTimeout: 0, messageEncoding: 'base64' },
    });
  });

  it('reads time spans', () => {
    const { queues } = readHostJson({
      extensions: { queues: { visibilityTimeout: '1.00:00:30', maxPollingInterval: '00:00:00.250' } },
    }).extensions;
    expect([queues.visibilityTimeout, queues.maxPollingInterval]).toEqual([86_430_000, 250]);
  });

  it.each([
    [undefined, 1_800_000],
    ['00:05:00', 300_000],
    ['-1', null],
  ])('functionTimeout %s is %s ms', (functionTimeout, expected) => {
    expect(readHostJson(functionTimeout === undefined ? {} : { functionTimeout }).functionTimeout).toBe(expected);
  });

  it('yields to the app settings AzureFunctionsJobHost__…, in any case', () => {
    const host = { extensions: { queues: { batchSize: 4, maxDequeueCount: 2 } } };
    const read = readHostJson(host, {
      AzureFunctionsJobHost__extensions__Queues__BatchSize: '8',
      'AzureFunctionsJobHost:logging:logLevel:Function.plan': 'Debug',
      AzureFunctionsJobHost__extensions__http__routePrefix: '',
    });
    expect(read.extensions.queues).toMatchObject({ batchSize: 8, maxDequeueCount: 2 });
    expect(read.extensions.http.routePrefix).toBe('');
    expect(read.logging.logLevel).toEqual({ 'Function.plan': 'debug' });
  });

  it('takes log levels and time-outs as Azure knows them', () => {
    const host = { functionTimeout: '5m', logging: { logLevel: { default: 'Loud' } } };
    expect(() => readHostJson(host)).toThrow(
      /functionTimeout: expected a time span.*logging\.logLevel\.default: expected one of trace, debug/,
    );
    expect(() => readHostJson({ functionTimeout: '25.00:00:00' })).toThrow('expected 24 days at most');
  });

  it('names every bad field', () => {
    const host = { extensions: { queues: { batchSize: 100, visibilityTimeout: '30s' } } };
    expect(() => readHostJson(host)).toThrow(
      /^host\.json is not usable: extensions\.queues\.batchSize: .*; extensions\.queues\.visibilityTimeout: expected a time span/,
    );
    expect(() => readHostJson([])).toThrow('host.json is not usable: the document: ');
  });
});

describe('a log filter', () => {
  const shows = createLogFilter({ Default: 'warning', Function: 'error', 'function.plan.User': 'trace', Host: 'none' });

  it.each([
    ['information', 'Worker', false],
    ['warning', 'Worker', true],
    ['warning', 'Function.plan', false],
    ['error', 'Function.plan', true],
    ['trace', 'Function.plan.User', true],
    ['critical', 'Host.General', false],
  ] as const)('%s of %s: %s', (level, category, expected) => {
    expect(shows(level, category)).toBe(expected);
  });
});

it.each([250, 61_000, 86_400_000, 90_061_001])('a time span of %i ms is written as it is read', (milliseconds) => {
  expect(timeSpan.parse(formatTimeSpan(milliseconds))).toBe(milliseconds);
});

it('a port in use is named', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve));
  const address = other.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const start = startHttpServer(port, { handle: () => Promise.resolve({ status: 200 }), maxBodyBytes: 1 });
  await expect(start).rejects.toThrow(
    `Port ${port} is unavailable. Close the process that uses it, or choose another with --port.`,
  );
  await new Promise((resolve) => other.close(resolve));
});

it('a storage that is not there stops the start, and leaves nothing behind', async () => {
  const settings = {
    AzureWebJobsStorage: `DefaultEndpointsProtocol=http;AccountName=a;AccountKey=${btoa('k')};QueueEndpoint=http://127.0.0.1:1/a;`,
  };
  const start = startFunctionsHost({
    load: async () => app.storageQueue('observe', { queueName: 'work', connection: '', handler: () => {} }),
    settings,
    host: {},
    port: 0,
    log: () => {},
  });
  await expect(start).rejects.toThrow(
    /^Function "observe": the storage of its queue "work" can't be reached \(.*\)\. Start Azurite/s,
  );
  expect(process.env['AzureWebJobsStorage']).toBeUndefined();
});
