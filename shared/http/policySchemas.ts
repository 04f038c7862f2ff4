// What the HTTP operations on policy, holds and approvals take, and who asks. Called by their triggers.
import type { HttpRequest } from '@azure/functions';
import { z } from 'zod';
import { Policy } from '../domain/policy/policy.ts';
import { show } from '../domain/text/anyValue.ts';
import type { Precondition } from '../usecases/policy/putPolicy.ts';
import { DecisionsQuery } from './httpSchemas.ts';

function text(what: string, longest: number) {
  const error = (issue: { readonly input?: unknown }) =>
    `is ${show(issue.input)}; give ${what}, up to ${longest} characters`;
  return z.string({ error }).trim().min(1, { error }).max(longest, { error });
}

/** Whoever asks for a change. */
function author(who: string) {
  const description = `Give ${who}: it is kept as the caller says it. With App Service authentication on it is who is signed in.`;
  return text(who, 200).optional().meta({ description });
}

const body = (shape: z.ZodRawShape) => `an object of ${Object.keys(shape).join(', ')}`;

const putShape = {
  policy: z.unknown().refine((value) => value !== undefined, { error: 'is missing; give the policy document' }),
  reason: text('why the policy changes', 500),
  author: author('who changes it'),
  commit: text('the commit that it stands in', 200).optional(),
};

const PutFields = z.strictObject(putShape, {
  error: (issue) => (issue.code === 'invalid_type' ? `is ${show(issue.input)}; give ${body(putShape)}` : undefined),
});

/** The body of `PUT /api/policy`. */
export const PutPolicyBody = PutFields;

/** The same with `dryRun=true`, which stores nothing and needs no reason. */
export const PreviewPolicyBody = PutFields.partial({ reason: true });

const flag = (what: string) =>
  z
    .enum(['true', 'false'], { error: (issue) => `is ${show(issue.input)}; give true ${what}, or leave it out` })
    .transform((value) => value === 'true')
    .optional();

export const PutPolicyQuery = z.strictObject({ dryRun: flag('to see what would change') });

const version = 'a whole number from 1, as GET /api/policy/versions lists them';

export const PolicyQuery = z.strictObject({
  version: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, { error: (issue) => `is ${show(issue.input)}; give ${version}` })
    .transform(Number)
    .optional(),
});

/** The body of `POST /api/holds`; the rest of it is the hold, which its own parser reads. */
export const HoldBody = z.looseObject(
  { author: author('who sets the hold') },
  { error: (issue) => `is ${show(issue.input)}; give a hold: an object of scope, owner, reason and author` },
);

/** The body of `POST /api/approvals`; the rest of it is the approval, which its own parser reads. */
export const ApprovalBody = z.looseObject(
  { author: author('who approves') },
  { error: (issue) => `is ${show(issue.input)}; give an approval: an object of ring, release, reason and author` },
);

export const HoldsQuery = DecisionsQuery.extend({ lifted: flag('for the holds that were lifted') });

export const ApprovalsQuery = DecisionsQuery.extend({ revoked: flag('for the approvals that were revoked') });

/** `author`: who lifts the hold, or revokes the approval. */
export const EndQuery = z.strictObject({ author: author('who asks for it') });

/** The policy's JSON Schema; docs/policy.schema.json is the same. */
export function policyJsonSchema(): object {
  return z.toJSONSchema(Policy);
}

/**
 * Who is signed in, or else who the caller says.
 * @param signInHeader the header that App Service authentication sets, and takes from nobody else; undefined while it is off
 * @param given the `author` of body or query
 */
export function authorOf(
  request: HttpRequest,
  signInHeader: string | undefined,
  given: string | undefined,
): string | undefined {
  return (signInHeader && request.headers.get(signInHeader)?.trim()) || given;
}

/** The precondition of a write, or undefined when the request has none. Compressing proxies make a tag weak: W/ is let be. */
export function preconditionOf(request: HttpRequest): Precondition | undefined {
  const ifMatch = request.headers.get('if-match');
  if (ifMatch === null) return request.headers.get('if-none-match')?.trim() === '*' ? { kind: 'none' } : undefined;
  const tags = ifMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') ? { kind: 'any' } : { kind: 'anyOf', tags };
}
