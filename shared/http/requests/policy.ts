// What the operations on the policy take. Called by the table of operations, and by putPolicy.
import type { HttpRequest } from '@azure/functions';
import { z } from 'zod';
import { Policy } from '../../domain/policy/policy.ts';
import type { Precondition } from '../../usecases/policy/changePolicy.ts';
import { author, flag, give, giveBody, pageQuery, text, wholeNumber } from './values.ts';

const putFields = {
  policy: z.unknown().refine((value) => value !== undefined, { error: 'is missing; give the policy document' }),
  reason: text('why the policy changes', 500),
  author: author('who changes it'),
  commit: text('the commit that it stands in', 200).optional(),
};

export const PutPolicyBody = z.strictObject(putFields, giveBody(`an object of ${Object.keys(putFields).join(', ')}`));

/** The same with `dryRun=true`, which stores nothing and needs no reason. */
export const PreviewPolicyBody = PutPolicyBody.partial({ reason: true });

export const PutPolicyQuery = z.strictObject({ dryRun: flag('to see what would change') });

const version = 'a whole number from 1, as GET /api/policy/versions lists them';

export const VersionsQuery = pageQuery(/^version\|\d{15}$/);

export const PolicyQuery = z.strictObject({
  version: z
    .string()
    .refine((number) => /^[1-9]\d{0,8}$/.test(number), { error: give(version) })
    .transform(Number)
    .optional()
    .meta({ ...wholeNumber(), description: 'The number of an earlier version; without: the policy in force.' }),
});

export function policyJsonSchema(): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(Policy);
}

export function hasPrecondition({ headers }: HttpRequest): boolean {
  return headers.has('if-match') || headers.has('if-none-match');
}

/** The precondition of a write; undefined when the request has none. Ignores W/, as compressing proxies weaken tags. */
export function preconditionOf(request: HttpRequest): Precondition | undefined {
  const ifMatch = request.headers.get('if-match');
  if (ifMatch === null) return request.headers.get('if-none-match')?.trim() === '*' ? { kind: 'none' } : undefined;
  const tags = ifMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') ? { kind: 'any' } : { kind: 'anyOf', tags };
}
