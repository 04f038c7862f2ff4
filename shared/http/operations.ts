// Every HTTP operation: its address, what it takes by the schema that checks it, and what it answers by schema and example.
// The table that openApi.ts makes a document of; a test holds it against functions/, and all tests check answers against it.
import { z } from 'zod';
import type { Policy } from '../domain/policy/policy.ts';
import { DecisionPage, Plan } from './answers/decision.ts';
import { HistoryPage, HistoryRow } from './answers/history.ts';
import { Approval, ApprovalPage, Hold, HoldPage, LiftedHold, RevokedApproval } from './answers/hold.ts';
import { NodeImage } from './answers/image.ts';
import { LedgerLine } from './answers/ledger.ts';
import { NodePoolList } from './answers/nodePool.ts';
import { PolicyLint, PolicyVersion, PolicyVersionPage, PutPolicyAnswer } from './answers/policy.ts';
import { PreflightList } from './answers/preflight.ts';
import { Health } from './answers/problem.ts';
import { WeekReport } from './answers/report.ts';
import { Verification } from './answers/verification.ts';
import { Evaluation, WindowList } from './answers/window.ts';
import { HistoryQuery, VerifyQuery } from './historySchemas.ts';
import { DecisionsQuery, PlanQuery, PoolQuery } from './httpSchemas.ts';
import { longestBody } from './jsonBody.ts';
import { answerExamples as examples } from './operationExamples.ts';
import {
  ApprovalBody,
  ApprovalsQuery,
  EndQuery,
  HoldBody,
  HoldsQuery,
  PolicyQuery,
  PutPolicyBody,
  PutPolicyQuery,
} from './policySchemas.ts';
import { PreflightBody } from './preflightSchemas.ts';
import { ReportQuery } from './reportSchemas.ts';
import { EvaluateRequest, WindowsQuery } from './windowSchemas.ts';

type Answer = {
  readonly description: string;
  readonly types: Readonly<Record<string, Content>>;
};

/** What is answered as one content type. */
export type Content = {
  readonly schema: z.ZodType;
  readonly example: unknown;
  /** Of newline-delimited JSON: what each line is, one of these. */
  readonly lines?: readonly z.ZodType[];
};

export type Operation = {
  /** The function's name, and the operation's id. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Without `api/`. */
  readonly route: string;
  readonly summary: string;
  /** Needs no key. */
  readonly anonymous?: true;
  readonly query?: z.ZodType;
  readonly headers?: readonly string[];
  readonly body?: { readonly schema: z.ZodType; readonly example: unknown };
  /** By status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** When it answers a problem document, by status: beside 400, 401 and 500, which all do that need a key, and 413, which all do that take a body. */
  readonly problems?: Readonly<Record<number, string>>;
};

const asJson = (description: string, schema: z.ZodType, example: unknown): Answer => ({
  description,
  types: { 'application/json': { schema, example } },
});

const ok = (description: string, schema: z.ZodType, example: unknown): Operation['answers'] => ({
  200: asJson(description, schema, example),
});

const text = (description: string, example: string, lines?: Content['lines']): Content => ({
  schema: z.string().describe(description),
  example,
  ...(lines && { lines }),
});

/** A document whose own schema is elsewhere. */
const FreeObject = z.record(z.string(), z.unknown());

const policy: Policy = { mode: 'enforce', selectors: [{ resourceGroup: 'rg-shop-*' }] };

export const operations: readonly Operation[] = [
  {
    name: 'getHistory',
    method: 'GET',
    route: 'history',
    summary: 'Which pool went from which image to which, when, why, and in or out of the window; newest first.',
    query: HistoryQuery,
    answers: {
      200: {
        description: 'A page of the history; as csv or ndjson all of it, streamed.',
        types: {
          'application/json': { schema: HistoryPage, example: { value: [examples.roll], coverage: examples.coverage } },
          'text/csv': text(
            'RFC 4180, a row a record under a header; what a spreadsheet would take for a formula begins with an apostrophe.',
            'id,kind,cluster,…\r\n…',
          ),
          'application/x-ndjson': text(
            'A HistoryRow a line; with kind=ledger a LedgerLine a line.',
            `${JSON.stringify(examples.roll)}\n`,
            [HistoryRow, LedgerLine],
          ),
        },
      },
    },
  },
  {
    name: 'verifyHistory',
    method: 'GET',
    route: 'history/verify',
    summary: 'Whether the record is what was written, and the first entry that is not.',
    query: VerifyQuery,
    answers: ok('What was checked, and what breaks.', Verification, examples.verification),
    problems: { 404: 'The history knows no cluster of that name.' },
  },
  {
    name: 'getNodePools',
    method: 'GET',
    route: 'nodepools',
    summary: 'Every pool with its image, the latest one, and the decision on it.',
    query: PoolQuery,
    answers: ok('The pools.', NodePoolList, { value: [examples.nodePool] }),
  },
  {
    name: 'getDecisions',
    method: 'GET',
    route: 'nodepools/{subscription}/{resourceGroup}/{cluster}/{nodePool}/decisions',
    summary: 'What was decided on a pool, newest first.',
    query: DecisionsQuery,
    answers: ok('A page of decisions.', DecisionPage, { value: [examples.decision] }),
    problems: { 404: 'No pass has seen such a pool.' },
  },
  {
    name: 'getPlan',
    method: 'GET',
    route: 'plan',
    summary: 'Every decision, as of the last pass or at a later moment.',
    query: PlanQuery,
    answers: ok(
      'The decisions; without `at` also the last pass of each subscription, and when each source of events was last heard.',
      Plan,
      {
        value: [examples.decision],
        passes: [examples.pass],
        sources: examples.report.sources,
      },
    ),
  },
  {
    name: 'getWindows',
    method: 'GET',
    route: 'windows',
    summary: "Every cluster's maintenance window in words, its next occurrences, and what is odd about it.",
    query: WindowsQuery,
    answers: ok('The windows.', WindowList, { value: [examples.window] }),
  },
  {
    name: 'evaluateWindow',
    method: 'POST',
    route: 'windows/evaluate',
    summary: 'What any maintenance window means: valid or not, open or not, its next occurrences.',
    body: { schema: EvaluateRequest, example: { maintenanceWindow: examples.maintenanceWindow, count: 2 } },
    answers: ok('What it means; a window that is not valid has problems.', Evaluation, examples.evaluation),
  },
  {
    name: 'getNodeImage',
    method: 'GET',
    route: 'images/{nodeImageVersion}',
    summary: 'Family, release, OS, age, support and release notes of a node image version.',
    answers: ok('The image.', NodeImage, examples.image),
  },
  {
    name: 'getPolicy',
    method: 'GET',
    route: 'policy',
    summary: 'The policy in force with its ETag, or an earlier version.',
    query: PolicyQuery,
    answers: ok('The policy.', PolicyVersion, { ...examples.version, policy }),
    problems: { 404: 'No policy is set, or it has no such version.' },
  },
  {
    name: 'putPolicy',
    method: 'PUT',
    route: 'policy',
    summary: 'Puts a policy in force, or with dryRun says which decisions would change.',
    query: PutPolicyQuery,
    headers: ['if-match', 'if-none-match'],
    body: { schema: PutPolicyBody, example: { policy, reason: 'The shop is ready', author: 'ada' } },
    answers: {
      ...ok('In force, in place of another; or what would change.', PutPolicyAnswer, { ...examples.version, policy }),
      201: asJson('In force, the first.', PolicyVersion, { ...examples.version, policy }),
    },
    problems: {
      412: 'Another policy is in force than the request expects.',
      413: `The body is longer than ${longestBody} bytes, or the policy larger than what is stored.`,
      428: 'The request does not say what it replaces: If-Match or If-None-Match is missing.',
    },
  },
  {
    name: 'getPolicyVersions',
    method: 'GET',
    route: 'policy/versions',
    summary: 'Who changed the policy, when and why; newest first.',
    query: DecisionsQuery,
    answers: ok('The versions.', PolicyVersionPage, { value: [examples.version] }),
  },
  {
    name: 'getPolicySchema',
    method: 'GET',
    route: 'policy/schema',
    summary: 'The JSON Schema of policies.',
    answers: ok('The schema.', FreeObject, { type: 'object', properties: { mode: { enum: ['observe', 'enforce'] } } }),
  },
  {
    name: 'getPolicyLint',
    method: 'GET',
    route: 'policy/lint',
    summary: 'What is odd about policy, holds and fleet together.',
    answers: ok('The warnings.', PolicyLint, { value: [examples.warning] }),
  },
  {
    name: 'getHolds',
    method: 'GET',
    route: 'holds',
    summary: 'What nobody may start, who says so and until when.',
    query: HoldsQuery,
    answers: ok('The holds.', HoldPage, { value: [examples.hold] }),
  },
  {
    name: 'postHold',
    method: 'POST',
    route: 'holds',
    summary: 'Sets a hold on the fleet, a ring, a cluster, a pool or a release.',
    body: {
      schema: HoldBody,
      example: { scope: 'release', release: '202601.07.0', owner: 'platform', reason: 'DNS breaks', author: 'ada' },
    },
    answers: { 201: asJson('The hold.', Hold, examples.hold) },
  },
  {
    name: 'deleteHold',
    method: 'DELETE',
    route: 'holds/{id}',
    summary: 'Lifts a hold, and keeps who did.',
    query: EndQuery,
    answers: ok('The hold that was lifted.', LiftedHold, {
      ...examples.hold,
      liftedAt: '2026-11-22T09:00:00Z',
      liftedBy: 'ada',
    }),
    problems: { 404: 'No hold of that id is set.' },
  },
  {
    name: 'getApprovals',
    method: 'GET',
    route: 'approvals',
    summary: 'Which releases are approved for which ring, by whom and why.',
    query: ApprovalsQuery,
    answers: ok('The approvals.', ApprovalPage, { value: [examples.approval] }),
  },
  {
    name: 'postApproval',
    method: 'POST',
    route: 'approvals',
    summary: 'Approves a release for a ring.',
    body: {
      schema: ApprovalBody,
      example: { ring: 'production', release: '202601.07.0', reason: 'A week in staging', author: 'ada' },
    },
    answers: { 201: asJson('The approval.', Approval, examples.approval) },
    problems: {
      409: 'The policy asks for an approver who is not its last author, and this one is, or nobody knows who that was.',
    },
  },
  {
    name: 'deleteApproval',
    method: 'DELETE',
    route: 'approvals/{id}',
    summary: 'Revokes an approval, and keeps who did.',
    query: EndQuery,
    answers: ok('The approval that was revoked.', RevokedApproval, {
      ...examples.approval,
      revokedAt: '2026-11-22T09:00:00Z',
      revokedBy: 'ada',
    }),
    problems: { 404: 'No approval of that id stands.' },
  },
  {
    name: 'postPreflight',
    method: 'POST',
    route: 'preflight',
    summary: 'What would keep pools from being started now: every check with its facts.',
    body: { schema: PreflightBody, example: { cluster: 'shop-*', nodePool: 'apps' } },
    answers: ok('A report for each pool.', PreflightList, { value: [examples.preflight] }),
    problems: { 404: 'The fleet has no such cluster or pool.' },
  },
  {
    name: 'getReport',
    method: 'GET',
    route: 'report',
    summary: 'How the fleet stands and what happened in a week, as the weekly check kept it.',
    query: ReportQuery,
    answers: {
      200: {
        description: 'The report, as data, as a table or as a page.',
        types: {
          'application/json': { schema: WeekReport, example: examples.report },
          'text/csv': text('RFC 4180, a record for everything in it.', 'section,name,…\r\nreport,2026-W47,…\r\n'),
          'text/html': text('A page that loads and runs nothing, and prints well.', '<!doctype html>…'),
        },
      },
    },
    problems: { 404: 'The week has no report.' },
  },
  {
    name: 'getHealth',
    method: 'GET',
    route: 'health',
    summary: 'Whether the app can run, and planned every subscription of its settings within the last hour.',
    anonymous: true,
    answers: {
      ...ok('It can.', Health, examples.health),
      503: asJson('It can not; its log says why.', Health, { status: 'unhealthy' }),
    },
  },
  {
    name: 'getOpenApi',
    method: 'GET',
    route: 'openapi.json',
    summary: 'This document.',
    answers: ok('OpenAPI 3.1.', FreeObject, { openapi: '3.1.0', paths: {} }),
  },
];
