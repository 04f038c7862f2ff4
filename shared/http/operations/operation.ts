// The form of an operation in the table, and the answers that many share. Called by the files of this folder and openApi.
import { z } from 'zod';
import type { Route } from '../routes.ts';

export type Json = Readonly<Record<string, unknown>>;

/** `x-lines`: the schema of a line of newline-delimited JSON. OpenAPI 3.1 has no field for it, so this one is ours. */
type Content = { readonly schema: Json; readonly example?: unknown; readonly 'x-lines'?: Json };

type Answer = { readonly description: string; readonly content: Readonly<Record<string, Content>> };

export type OperationTexts = {
  readonly summary: string;
  readonly query?: z.ZodType;
  readonly headers?: readonly string[];
  readonly body?: { readonly schema: z.ZodType; readonly example: unknown };
  /** By status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** When it answers a problem document, by status. Every operation with a key also answers 400, 401 and 500, and every one with a body 413. */
  readonly problems?: Readonly<Record<number, string>>;
};

/** `name`: the function's, and the operation's id. */
export type Operation = OperationTexts & Route & { readonly name: string };

export const componentUri = (id: string) => `#/components/schemas/${id}`;

/** A reference to the schema's component; a schema without a name is written out. */
export function referTo(schema: z.ZodType): Json {
  const id = z.globalRegistry.get(schema)?.id;
  if (id !== undefined) return { $ref: componentUri(id) };
  const { $schema: _draft, ...rest } = z.toJSONSchema(schema);
  return rest;
}

export const asJson = (description: string, schema: z.ZodType, example: unknown): Answer => ({
  description,
  content: { 'application/json': { schema: referTo(schema), example } },
});

export const ok = (description: string, schema: z.ZodType, example: unknown): Operation['answers'] => ({
  200: asJson(description, schema, example),
});

export const asText = (description: string, example: string): Content => ({
  schema: { type: 'string', description },
  example,
});

/** A document that has its schema elsewhere. */
export const FreeObject = z.record(z.string(), z.unknown());
