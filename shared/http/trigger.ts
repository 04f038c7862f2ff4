// Makes handlers of HTTP functions, which check each request before it is answered. Called by functions/.
import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { z } from 'zod';
import { dependencies } from '../composition.ts';
import type { Dependencies } from '../usecases/dependencies.ts';
import type { Answered } from './answers/component.ts';
import { type JsonAnswer, json } from './jsonAnswer.ts';
import type { Operation } from './operations/operation.ts';
import { operationsByName } from './operations/operations.ts';
import type { OperationName } from './operations/routes.ts';
import { readJsonBody, readUrl } from './readRequest.ts';

export type Handler = (request: HttpRequest, context: InvocationContext) => Promise<HttpResponseInit>;

type Table = typeof operationsByName;
type Taken<Schema> = Schema extends z.ZodType ? z.output<Schema> : never;
type PathOf<Name extends OperationName> = Taken<Table[Name] extends { readonly path: infer S } ? S : typeof noPath>;
type QueryOf<Name extends OperationName> = Taken<Table[Name] extends { readonly query: infer S } ? S : typeof noQuery>;
type BodyOf<Name extends OperationName> = Table[Name] extends { readonly body: { readonly schema: infer S } }
  ? Taken<S>
  : never;
type AnswersOf<Name extends OperationName> = Table[Name]['answers'][keyof Table[Name]['answers']];
type Given<Schema> = Schema extends z.ZodType ? Answered<Schema> : never;
type JsonOf<Name extends OperationName> =
  AnswersOf<Name> extends { readonly content: { readonly 'application/json': { readonly schema: infer S } } }
    ? Given<S>
    : never;

export type Asked<Name extends OperationName> = {
  readonly request: HttpRequest;
  readonly context: InvocationContext;
  readonly path: PathOf<Name>;
  /** Throws when an app setting is missing, so ask for it only where it is needed. */
  readonly parts: Dependencies;
  readonly json: JsonAnswer<JsonOf<Name>>;
};

const noPath = z.object({});
const noQuery = z.strictObject({});

export function queryTrigger<Name extends OperationName>(
  name: Name,
  answer: (query: QueryOf<Name>, asked: Asked<Name>) => Promise<HttpResponseInit>,
): Handler {
  const { path = noPath, query = noQuery }: Operation = operationsByName[name];
  const schemas = { path: path as z.ZodType<PathOf<Name>>, query: query as z.ZodType<QueryOf<Name>> };
  return async (request, context) => {
    const url = readUrl(request, schemas);
    if (!url.ok) return url.response;
    return answer(url.value.query, {
      request,
      context,
      path: url.value.path,
      json,
      get parts() {
        return dependencies(context);
      },
    });
  };
}

export function bodyTrigger<Name extends OperationName>(
  name: Name,
  answer: (body: BodyOf<Name>, asked: Asked<Name>) => Promise<HttpResponseInit>,
): Handler {
  const { body: taken }: Operation = operationsByName[name];
  return queryTrigger(name, async (_query, asked) => {
    const body = await readJsonBody(asked.request, taken?.schema as z.ZodType<BodyOf<Name>>);
    return body.ok ? answer(body.value, asked) : body.response;
  });
}
