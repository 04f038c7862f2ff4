// What POST /api/preflight answers.
import { z } from 'zod';
import type { CheckName as Check } from '../../domain/policy/preflightPolicy.ts';
import { checks } from '../../domain/preflight/checks.ts';
import type { PreflightReport } from '../../domain/preflight/judgePreflight.ts';
import type { PoolPreflight as Report } from '../../usecases/start/reportPreflight.ts';
import { component, record } from './component.ts';
import { Instant, list, poolFields, Sentence } from './texts.ts';

const CheckName = component<Check>()('CheckName', 'A check of preflight.', z.enum(Object.keys(checks) as Check[]));

const CheckResult = record<PreflightReport['checks'][number]>()('CheckResult', 'What a check found.', {
  check: CheckName,
  effect: z.enum(['block', 'warn']).describe('What the policy says that it does.'),
  result: z.enum(['passed', 'failed', 'notRun']).describe('notRun: what it needs to know could not be read.'),
  sentence: Sentence.describe('The facts in plain words; where it failed also what to do.'),
  facts: z.record(z.string(), z.unknown()).describe('The same facts for programs.'),
  blocks: z.boolean().describe('It keeps the pool from being started.'),
});

const PoolPreflight = record<Report>()('PoolPreflight', 'What preflight found of a pool.', {
  at: Instant.describe('When ARM was read.'),
  ...poolFields,
  from: z.string().optional().describe('The image that it has.'),
  to: z.string().optional().describe('The image that ARM would install as of the last pass.'),
  wouldStart: z.boolean().describe("By preflight alone: windows, images, holds and all else are the plan's."),
  checks: z.array(CheckResult),
  off: z.array(CheckName).describe('The checks that the policy does not want.'),
});

export const PreflightList = list(PoolPreflight).meta({ id: 'PreflightList', description: 'A report for each pool.' });
