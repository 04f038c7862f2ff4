// The operations on the policy. Part of the table of operations.
import type { Policy } from '../../domain/policy/policy.ts';
import { PolicyLint, PolicyVersion, PolicyVersionPage, PutPolicyAnswer } from '../answers/policy.ts';
import { maxBodyBytes } from '../readRequest.ts';
import { PolicyQuery, PutPolicyBody, PutPolicyQuery, VersionsQuery } from '../requests/policy.ts';
import { friday } from './examples.ts';
import { asJson, FreeObject, type Operations, ok } from './operation.ts';

const policy: Policy = { mode: 'enforce', selectors: [{ resourceGroup: 'rg-shop-*' }] };
const change = { reason: 'The shop is ready', author: 'ada' };
const version = { version: 3, at: friday, ...change };
const inForce = { ...version, policy };

export const onPolicy = {
  getPolicy: {
    summary: 'The policy in force with its ETag, or an earlier version.',
    query: PolicyQuery,
    answers: ok('The policy.', PolicyVersion, inForce),
    problems: { 404: 'No policy is set, or it has no such version.' },
  },
  putPolicy: {
    summary: 'Puts a policy in force, or with dryRun says which decisions would change.',
    query: PutPolicyQuery,
    headers: {
      'if-match': 'The ETag of the policy that this one replaces, as GET /api/policy gives it; * for any.',
      'if-none-match': '* where none is in force yet.',
    },
    body: { schema: PutPolicyBody, example: { policy, ...change } },
    answers: {
      ...ok('In force, in place of another; or what would change.', PutPolicyAnswer, inForce),
      201: asJson('In force, the first.', PolicyVersion, inForce),
    },
    problems: {
      412: 'Another policy is in force than the request expects.',
      413: `The body is longer than ${maxBodyBytes} bytes, or the policy larger than what is stored.`,
      428: 'The request does not say what it replaces: If-Match or If-None-Match is missing.',
    },
  },
  getPolicyVersions: {
    summary: 'Who changed the policy, when and why; newest first.',
    query: VersionsQuery,
    answers: ok('The versions.', PolicyVersionPage, { value: [version] }),
  },
  getPolicySchema: {
    summary: 'The JSON Schema of policies.',
    answers: ok('The schema.', FreeObject, { type: 'object', properties: { mode: { enum: ['observe', 'enforce'] } } }),
  },
  getPolicyLint: {
    summary: 'What is odd about policy, holds and fleet together.',
    answers: ok('The warnings.', PolicyLint, {
      value: [{ code: 'selectorMatchesNothing', path: 'selectors.0', message: 'No cluster matches it.' }],
    }),
  },
} satisfies Operations;
