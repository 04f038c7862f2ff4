import { expect, it } from 'vitest';
import { handler } from '../../functions/getHealth.ts';
import { writePass } from '../../shared/stores/passStore.ts';
import { call, composeAt, subscription } from './request.ts';

it.each([
  ['never', undefined, 200, 'healthy'],
  ['an hour ago', '2026-11-21T11:00:00Z', 200, 'healthy'],
  ['longer ago', '2026-11-21T10:59:00Z', 503, 'unhealthy'],
])('a subscription that was planned %s', async (_when, at, status, body) => {
  const tables = composeAt('2026-11-21T12:00:00Z');
  if (at !== undefined) await writePass(tables, { subscription, at, clusters: 1 });
  expect(await call(handler, '/api/health')).toMatchObject({ status, body: { status: body } });
});
