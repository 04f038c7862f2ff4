// The answer of GET /api/health/details.
import { z } from 'zod';
import { queueNames } from '../../ports/queues.ts';
import type { explainHealth } from '../../usecases/ask/explainHealth.ts';
import { Count, Instant, record, Sentence } from './component.ts';

const problem = Sentence.optional().describe('What is wrong, or why it can’t be told.');

const Pass = z.strictObject({
  subscription: z.string(),
  at: Instant.optional().describe('When it was last planned; absent: never, or nobody knows.'),
  listedAt: Instant.optional().describe('When the last list that ARM answered was asked for.'),
  clusters: Count.optional(),
  problem,
});

const Poisoned = z.strictObject({
  queue: z.enum(queueNames),
  messages: Count.optional().describe('About how many messages of it were given up after five tries.'),
  problem,
});

export const HealthDetails = record<Awaited<ReturnType<typeof explainHealth>>>()(
  'HealthDetails',
  'How the keeper does. What is not known is absent, and says why.',
  {
    passes: z.array(Pass),
    poisoned: z.array(Poisoned),
    record: z
      .strictObject({
        checkedAt: Instant.optional().describe('When the last whole check began; absent: none was completed.'),
        broken: z
          .array(z.strictObject({ cluster: z.string(), problem: Sentence }))
          .optional()
          .describe('What it found broken, 20 at most: GET /api/history/verify tells all.'),
        problem,
      })
      .describe('Whether the record is what was written, as the last check of all of it found.'),
    unreadable: z
      .strictObject({ count: Count, first: z.array(Sentence).describe('The first 50, each as a sentence.') })
      .describe('Rows of the keeper’s tables that decide something and can’t be read.'),
  },
);
