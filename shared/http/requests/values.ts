// Values that many queries and bodies take. Called by the other files of this folder.
import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { parseClusterId } from '../../domain/cluster/clusterId.ts';
import { show } from '../../domain/text/anyValue.ts';
import { nameProblem } from '../../domain/text/personName.ts';
import { instantIn } from '../../domain/text/stored.ts';

type Issue = { readonly code?: string; readonly input?: unknown };

/** The error text of a value in a body; `quoted`: of a parameter. */
export const give = (what: string) => (issue: Issue) => `is ${show(issue.input)}; give ${what}`;
export const quoted = (what: string) => (issue: Issue) => `is ${show(String(issue.input))}; give ${what}`;

/** The error of a body that is no object; zod's own errors name its fields. */
export const giveBody = (what: string) => ({
  error: (issue: Issue) => (issue.code === 'invalid_type' ? give(what)(issue) : undefined),
});

/** What `parse` makes of a value; where it gives nothing or throws, one error text says all that can be wrong. */
export function parsed<T>(parse: (value: unknown) => T | undefined, error: (issue: Issue) => string) {
  return z.unknown().transform((input, context): T => {
    try {
      const value = parse(input);
      if (value !== undefined) return value;
    } catch {}
    context.issues.push({ code: 'custom', input, message: error({ input }) });
    return z.NEVER;
  });
}

/** The schema of a whole number that a query has as text, for the OpenAPI document: clients are made of what is meant. */
export const wholeNumber = (maximum?: number) =>
  ({ type: 'integer', minimum: 1, ...(maximum && { maximum }) }) as const;

/** In a body `null` means absent, as in ARM's JSON. */
export function orNull<T>(schema: z.ZodType<T>) {
  return schema.nullish().transform((value) => value ?? undefined);
}

/** Takes ISO 8601 with any offset and gives it in UTC. `what`: of the error; `means`: of the parameter in the OpenAPI document. */
export const instant = (what: string, means: string) => {
  const error = quoted(`${what} in ISO 8601, for example 2026-11-21T00:00:00Z (in a URL the + of an offset is %2B)`);
  return z.iso
    .datetime({ offset: true, error, abort: true })
    .refine((value) => isTold(instantIn(value)), { error })
    .transform((value) => new Date(value).toISOString())
    .describe(`${means} ISO 8601, with any offset.`);
};

/** Of a year of four digits in UTC too: what is answered of others is no ISO text that clients read. */
export const isTold = (at: Temporal.Instant | undefined) => /^\d{4}-/.test(at?.toString() ?? '');

/** What Azure takes in the names of resource groups, clusters and pools. A key of Table Storage holds all of it. */
const isName = (text: string) => /^[\p{L}\p{N}._()-]+$/u.test(text) && text.toLowerCase().length <= 90;

/** A name in a path. @param what whose, for the OpenAPI document */
export const pathName = (what: string) =>
  z
    .string()
    .refine(isName, {
      error: quoted('a name as Azure has it: letters, digits and . _ - ( ), up to 90 characters'),
    })
    .describe(what);

/** A name in a query or a body, which may stand for many; the `:` is that of images. */
const isPattern = (text: string) => /^[\p{L}\p{N}._()*?:-]{1,200}$/u.test(text);
const pattern = 'letters, digits and . _ - ( ), * and ? for any characters, up to 200 characters';

export const Name = z.string().refine(isPattern, {
  error: (issue) =>
    issue.input === '' ? 'is empty; give a name, or leave it out' : quoted(`a name of ${pattern}`)(issue),
});

/** For the OpenAPI document. */
export const anyCharacters = '* and ? stand for any characters.';
export const clusterMeans = 'A cluster: its name, a pattern like shop-*, or its ARM id.';

export function namesCluster(text: string): boolean {
  if (!text.startsWith('/')) return isPattern(text);
  const name = parseClusterId(text);
  return name !== undefined && Object.values(name).every(isName);
}

export const ClusterFilter = z.string().refine(namesCluster, {
  error: (issue) =>
    issue.input === ''
      ? 'is empty; give a name, or leave it out'
      : quoted('a name, a pattern like shop-*, or the ARM id of a managed cluster')(issue),
});

/** @param keys what the keys of the list look like. The longest that Table Storage has are of 512 characters. */
export const cursorOf = (keys: RegExp) =>
  parsed(
    (text) => {
      const { key } = z.strictObject({ key: z.string().max(512).regex(keys) }).parse(jsonOf(text));
      return key.isWellFormed() && !/[/\\#?\p{Cc}]/u.test(key) ? key : undefined;
    },
    () => 'is not one that this list gave; follow nextLink as it is, or leave it out to begin anew',
  ).meta({ type: 'string', description: 'Where the page begins, as nextLink has it; without: at the first.' });

const jsonOf = (text: unknown): unknown => JSON.parse(Buffer.from(String(text), 'base64url').toString());

const maxLimit = 1000;

export const Limit = z
  .string()
  .refine((count) => /^\d{1,4}$/.test(count) && Number(count) >= 1 && Number(count) <= maxLimit, {
    error: quoted(`a whole number from 1 to ${maxLimit}, and follow nextLink for more`),
  })
  .transform(Number)
  .meta({ ...wholeNumber(maxLimit) });

export const pageQuery = (keys: RegExp) =>
  z.strictObject({
    limit: Limit.default(100).describe('How many rows at most, 100 without; nextLink leads to more.'),
    cursor: cursorOf(keys).optional(),
  });

export function text(what: string, longest: number) {
  const error = give(`${what}, up to ${longest} characters`);
  return z.string({ error }).trim().min(1, { error }).max(longest, { error });
}

export const author = (who: string) => {
  const description = `Give ${who}: it is kept as the caller says it. With App Service authentication on it is who is signed in.`;
  const error = ({ input }: Issue) => nameProblem(String(input));
  return text(who, 200)
    .refine((name) => nameProblem(name) === undefined, { error })
    .optional()
    .meta({ description });
};

/** `what`: what `true` asks for. */
export const flag = (what: string) =>
  z
    .enum(['true', 'false'], { error: give(`true ${what}, or leave it out`) })
    .transform((value) => value === 'true')
    .optional()
    .meta({ type: 'boolean', enum: [true, false], description: `true ${what}.` });
