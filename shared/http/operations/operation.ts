// The form of an operation in the table, and the answers that many share. Called by the files of this folder.
import { z } from 'zod';
import type { Answered } from '../answers/component.ts';

type Content = {
  readonly schema: z.ZodType;
  readonly example: unknown;
  readonly lines?: readonly z.ZodType[];
};

export type Answer = { readonly description: string; readonly content: Readonly<Record<string, Content>> };

export type Operation = {
  readonly summary: string;
  /** Reads what the route leaves open. Not strict: with streams the library gives all of the host's metadata as parameters. */
  readonly path?: z.ZodType;
  readonly query?: z.ZodType;
  /** What each that it reads is, by its name in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: { readonly schema: z.ZodType; readonly example: unknown };
  readonly answers: Readonly<Record<number, Answer>>;
  /** Problem documents by status, besides 400, 401 and 500 with every key, and 413 with every body. */
  readonly problems?: Readonly<Record<number, string>>;
};

/** By their names; their routes are in routes.ts. */
export type Operations = Readonly<Record<string, Operation>>;

/** @param others its content of other types */
export const asJson = <S extends z.ZodType>(
  description: string,
  schema: S,
  example: NoInfer<Answered<S>>,
  others: Readonly<Record<string, Content>> = {},
) => ({ description, content: { ...others, 'application/json': { schema, example } } });

export const ok = <S extends z.ZodType>(...told: Parameters<typeof asJson<S>>) => ({ 200: asJson<S>(...told) });

export const asText = (description: string, example: string) => ({ schema: z.string().describe(description), example });

export const FreeObject = z.record(z.string(), z.unknown());
