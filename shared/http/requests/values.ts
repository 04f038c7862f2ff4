// Values that many queries and bodies take. Called by the other files of this folder.
import { z } from 'zod';
import { parseClusterId } from '../../domain/cluster/cluster.ts';
import { show } from '../../domain/text/anyValue.ts';

/** Takes ISO 8601 with any offset and gives it in UTC. */
export const instant = (text: string) =>
  z.iso
    .datetime({
      offset: true,
      error: (issue) =>
        `is "${String(issue.input)}"; give ${text} in ISO 8601, for example 2026-11-21T00:00:00Z (in a URL the + of an offset is %2B)`,
    })
    .transform((value) => new Date(value).toISOString());

export const Name = z.string().min(1, { error: 'is empty; give a name, or leave it out' });

/** True for a name, a pattern, or the ARM id of a cluster. */
export const namesCluster = (text: string) => !text.startsWith('/') || parseClusterId(text) !== undefined;

export const ClusterFilter = Name.refine(namesCluster, {
  error: (issue) =>
    `is "${String(issue.input)}"; give a name, a pattern like shop-*, or the ARM id of a managed cluster`,
});

/** The key at which the next page begins. Opaque to clients, who follow `nextLink`. */
export const Cursor = z.string().transform((text, context) => {
  try {
    return z.object({ key: z.string().min(1) }).parse(JSON.parse(Buffer.from(text, 'base64url').toString())).key;
  } catch {
    context.addIssue({ code: 'custom', message: 'is not one that this API gave; follow nextLink as it is' });
    return z.NEVER;
  }
});

export const Limit = z
  .string()
  .refine((text) => /^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= 1000, {
    error: (issue) => `is "${String(issue.input)}"; give a whole number from 1 to 1000, and follow nextLink for more`,
  })
  .transform(Number);

/** The error text of a value in a body. */
export const give = (what: string) => (issue: { readonly input?: unknown }) => `is ${show(issue.input)}; give ${what}`;

/** The error of a body that is no object; zod's own errors name its fields. */
export const giveBody = (what: string) => ({
  error: (issue: { readonly code?: string; readonly input?: unknown }) =>
    issue.code === 'invalid_type' ? give(what)(issue) : undefined,
});

/** A text that people write. */
export function text(what: string, longest: number) {
  const error = give(`${what}, up to ${longest} characters`);
  return z.string({ error }).trim().min(1, { error }).max(longest, { error });
}

/** Who makes a change. */
export const author = (who: string) =>
  text(who, 200)
    .optional()
    .meta({
      description: `Give ${who}: it is kept as the caller says it. With App Service authentication on it is who is signed in.`,
    });

/** `what`: what `true` asks for. */
export const flag = (what: string) =>
  z
    .enum(['true', 'false'], { error: give(`true ${what}, or leave it out`) })
    .transform((value) => value === 'true')
    .optional();
