// The problem document that every operation can answer, and the answer of GET /api/health.
import { z } from 'zod';
import { Sentence, shape } from './component.ts';

export const Problem = shape('Problem', 'A problem document (RFC 9457).', {
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
});

export const Health = z
  .strictObject({ status: z.enum(['healthy', 'unhealthy']) })
  .meta({ id: 'Health', description: 'Whether the app can run, and nothing else.' });
