// The life of an app on the local host: hooks, draining, what is abandoned.
import { app } from '@azure/functions';
import { expect, it } from 'vitest';
import { startFunctionsHost } from '../../../local/functionsHost/startFunctionsHost.ts';
import { createHandClock } from './handClock.ts';

it('runs the hooks around an app and its invocations, waits for what runs, and names what it abandons', async () => {
  const told: string[] = [];
  const lines: string[] = [];
  const hand = createHandClock('2026-11-20T10:00:30Z');
  let finishQuick = () => {};
  const host = await startFunctionsHost({
    load: async () => {
      app.hook.appStart(() => void told.push('appStart'));
      app.hook.appTerminate(() => void told.push('appTerminate'));
      app.hook.preInvocation((context) => {
        context.hookData['name'] = context.invocationContext.functionName;
        const handler = context.functionHandler;
        context.functionHandler = (...inputs) => {
          told.push('wrapped');
          return handler(...inputs);
        };
      });
      app.hook.postInvocation((context) => {
        told.push(`post ${String(context.hookData['name'])} ${String(context.error)}`);
        // A hook may mend a failure.
        if (context.error) Object.assign(context, { error: null, result: { status: 418 } });
      });
      app.hook.log((context) => {
        context.message = `<${context.message}>`;
        if (context.message === '<loud>') context.level = 'debug';
      });
      app.http('mended', {
        authLevel: 'anonymous',
        handler: (_request, context) => {
          context.log('quiet');
          context.log('loud');
          throw new Error('broken');
        },
      });
      app.timer('quick', {
        schedule: '0 * * * * *',
        handler: () =>
          new Promise<void>((resolve) => {
            finishQuick = resolve;
          }),
      });
      app.timer('endless', { schedule: '0 * * * * *', handler: () => new Promise<void>(() => {}) });
    },
    settings: { HOST_STOP_TEST: 'set' },
    host: {},
    port: 0,
    log: (line) => lines.push(line),
    ...hand,
  });

  expect((await fetch(`${host.url}/api/mended`)).status).toBe(418);
  expect(told).toEqual(['appStart', 'wrapped', 'post mended Error: broken']);
  expect(lines.filter((line) => line.includes('<')).map((line) => line.slice(-7))).toEqual(['<quiet>']);
  expect(() => app.http('late', { handler: () => ({}) })).toThrow(
    'A function can only be registered during app startup.',
  );

  await hand.advanceTo('2026-11-20T10:01:00Z');
  const stopped = host.stop();
  finishQuick();
  await hand.advanceTo('2026-11-20T10:01:09Z');
  expect(lines.join('\n')).toContain("Executed 'Functions.quick' (Succeeded");
  expect(told).not.toContain('appTerminate');
  await hand.advanceTo('2026-11-20T10:01:10Z');
  await stopped;
  await host.stop();

  expect(lines.at(-1)).toMatch(
    /^\[2026-11-20T10:01:10\.000Z\] Stopping without waiting any longer \(10000 ms\)\. Abandoned: endless \([0-9a-f-]+\)\.$/,
  );
  expect(told.filter((hook) => hook === 'appTerminate')).toHaveLength(1);
  expect(hand.waiting()).toBe(0);
  expect(process.env['HOST_STOP_TEST']).toBeUndefined();
  await expect(fetch(`${host.url}/api/mended`)).rejects.toThrow();
});
