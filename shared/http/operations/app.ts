// The operations on the app itself. Part of the table of operations.
import { HealthDetails } from '../answers/health.ts';
import { Health } from '../answers/problem.ts';
import { listedAt, subscription } from './examples.ts';
import { asJson, FreeObject, type Operations, ok } from './operation.ts';

export const aboutTheApp = {
  getHealth: {
    summary: 'Whether the app can run, and planned every subscription of its settings within the last hour.',
    answers: {
      ...ok('It can.', Health, { status: 'healthy' }),
      503: asJson('It can not; its log says why.', Health, { status: 'unhealthy' }),
    },
  },
  getHealthDetails: {
    summary: 'How the keeper does: its last passes, messages it gave up, rows it can’t read.',
    answers: ok('What is known.', HealthDetails, {
      passes: [{ subscription, at: listedAt, listedAt, clusters: 12 }],
      poisoned: [{ queue: 'observe-cluster', messages: 0 }],
      record: { checkedAt: listedAt, broken: [] },
      unreadable: { count: 0, first: [] },
    }),
  },
  getOpenApi: {
    summary: 'This document.',
    answers: ok('OpenAPI 3.1.', FreeObject, { openapi: '3.1.0', paths: {} }),
  },
} satisfies Operations;
