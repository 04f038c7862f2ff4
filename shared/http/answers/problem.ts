// What every operation answers when it does not do what was asked, and what GET /api/health answers.
import { z } from 'zod';
import type { ProblemDocument } from '../problem.ts';
import { component } from './component.ts';
import { Sentence } from './texts.ts';

export const Problem = component<ProblemDocument>()(
  'Problem',
  'A problem document (RFC 9457).',
  z.strictObject({
    type: z.literal('about:blank'),
    title: Sentence,
    status: z.int().min(400).max(599),
    detail: Sentence.describe('What was found, what is allowed, and what to do.'),
    errors: z
      .array(
        z.union([
          z.strictObject({ parameter: z.string().describe('Or the field of a body.'), message: Sentence }),
          z.strictObject({
            path: z.string().describe('The field of a policy, a hold or an approval; empty for the whole.'),
            found: z.string(),
            allowed: Sentence,
          }),
        ]),
      )
      .optional()
      .describe('Every parameter or field that is wrong.'),
  }),
);

export type Health = { readonly status: 'healthy' | 'unhealthy' };

export const Health = component<Health>()(
  'Health',
  'Whether the app can run, and nothing else.',
  z.strictObject({ status: z.enum(['healthy', 'unhealthy']) }),
);
