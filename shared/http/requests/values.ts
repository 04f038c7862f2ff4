// Values that many queries and bodies take. Called by the other files of this folder.
import { z } from 'zod';
import { parseClusterId } from '../../domain/cluster/clusterId.ts';
import { show } from '../../domain/text/anyValue.ts';
import { nameProblem } from '../../domain/text/personName.ts';

type Issue = { readonly code?: string; readonly input?: unknown };

/** The error text of a value in a body; `quoted`: of a parameter. */
export const give = (what: string) => (issue: Issue) => `is ${show(issue.input)}; give ${what}`;
export const quoted = (what: string) => (issue: Issue) => `is "${String(issue.input)}"; give ${what}`;

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

/** In a body `null` means absent, as in ARM's JSON. */
export function orNull<T>(schema: z.ZodType<T>) {
  return schema.nullish().transform((value) => value ?? undefined);
}

/** Takes ISO 8601 with any offset and gives it in UTC. */
export const instant = (what: string) => {
  const error = quoted(`${what} in ISO 8601, for example 2026-11-21T00:00:00Z (in a URL the + of an offset is %2B)`);
  return z.iso.datetime({ offset: true, error }).transform((value) => new Date(value).toISOString());
};

export const Name = z.string().min(1, { error: 'is empty; give a name, or leave it out' });

export const namesCluster = (name: string) => !name.startsWith('/') || parseClusterId(name) !== undefined;

export const ClusterFilter = Name.refine(namesCluster, {
  error: quoted('a name, a pattern like shop-*, or the ARM id of a managed cluster'),
});

export const Cursor = parsed(
  (text) =>
    z.object({ key: z.string().min(1) }).parse(JSON.parse(Buffer.from(String(text), 'base64url').toString())).key,
  () => 'is not one that this API gave; follow nextLink as it is',
);

export const Limit = z
  .string()
  .refine((count) => /^\d{1,4}$/.test(count) && Number(count) >= 1 && Number(count) <= 1000, {
    error: quoted('a whole number from 1 to 1000, and follow nextLink for more'),
  })
  .transform(Number);

export const PageQuery = z.strictObject({ limit: Limit.default(100), cursor: Cursor.optional() });

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
    .optional();
