// Checks an answer of the HTTP API against the OpenAPI document: operation, status, content type and body, each line of
// newline-delimited JSON too. Called by the two ways in which tests ask: functions/request.ts and e2e/ask.ts.
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { openApiDocument } from '../../shared/http/openApi.ts';

type Answer = {
  readonly method: string;
  /** As it was asked for, with or without a host. */
  readonly url: string;
  readonly status: number;
  /** As answered: its parameters are no part of it. */
  readonly contentType: string | null;
  readonly text: string;
};

type Content = { readonly 'x-lines'?: object };
type Response = { readonly $ref?: string; readonly content?: Readonly<Record<string, Content>> };
type Operation = { readonly operationId: string; readonly responses: Readonly<Record<string, Response>> };
type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly responses: Readonly<Record<string, Response>> };
};

const document = JSON.parse(JSON.stringify(openApiDocument('https://keeper.example'))) as Document;
const ajv = new Ajv2020({ strict: false, allErrors: true, verbose: true });
addFormats.default(ajv);
ajv.addSchema(document, 'openapi');

const operations = Object.entries(document.paths).map(([path, methods]) => ({
  pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  path,
  methods,
}));

/** @throws naming the operation, the status and the place of what is wrong */
export function checkAnswer({ method, url, status, contentType, text }: Answer): void {
  const { pathname } = new URL(url, 'https://keeper.example');
  const found = operations.find(({ pattern }) => pattern.test(pathname));
  const verb = method.toLowerCase();
  const operation = found?.methods[verb];
  if (!found || !operation) throw new Error(`${method} ${pathname} is no operation of the OpenAPI document.`);
  const problem = problemOf(operation, [found.path, verb], { status, contentType, text });
  if (problem === undefined) return;
  throw new Error(`${operation.operationId} answered ${status}, and not as the OpenAPI document says: ${problem}`);
}

function problemOf(
  { responses }: Operation,
  address: readonly string[],
  { status, contentType, text }: Pick<Answer, 'status' | 'contentType' | 'text'>,
): string | undefined {
  const listed = responses[status];
  if (!listed) return 'it lists no such status.';
  const name = listed.$ref?.split('/').at(-1);
  const response = name === undefined ? listed : document.components.responses[name];
  if (!response?.content) {
    return text === '' && contentType === null
      ? undefined
      : `it has no body, and this one has (${contentType}): ${text}`;
  }
  const type = contentType?.split(';')[0]?.trim() ?? '';
  const content = response.content[type];
  if (!content) return `it lists ${Object.keys(response.content).join(', ')}, and this is ${contentType}.`;
  const at =
    name === undefined ? ['paths', ...address, 'responses', String(status)] : ['components', 'responses', name];
  const within = (keyword: string) => pointerTo([...at, 'content', type, keyword]);
  if (content['x-lines']) return problemOfLines(within('x-lines'), text);
  return type.endsWith('json') ? errorsOfJson(within('schema'), text) : errorsOf(within('schema'), text);
}

function problemOfLines(schema: string, text: string): string | undefined {
  const lines = text.split('\n');
  if (lines.pop() !== '') return 'its last line has no end.';
  for (const [index, line] of lines.entries()) {
    const wrong = errorsOfJson(schema, line);
    if (wrong !== undefined) return `in line ${index + 1} ${wrong}`;
  }
  return undefined;
}

/** The same for an answer that came over HTTP; it is left unread. */
export async function checkResponse(method: string, url: string, response: globalThis.Response): Promise<void> {
  const { status, headers } = response;
  checkAnswer({ method, url, status, contentType: headers.get('content-type'), text: await response.clone().text() });
}

function pointerTo(keys: readonly string[]): string {
  return `openapi#/${keys.map((key) => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;
}

function errorsOfJson(schema: string, text: string): string | undefined {
  try {
    return errorsOf(schema, JSON.parse(text));
  } catch (error) {
    return `${String(error)} in ${text}`;
  }
}

/** What is wrong with a value, the likeliest first; undefined when nothing is. */
function errorsOf(schema: string, value: unknown): string | undefined {
  const validate = ajv.getSchema(schema);
  if (!validate) throw new Error(`The OpenAPI document has nothing at ${schema}.`);
  if (validate(value)) return undefined;
  const errors = (validate.errors ?? []).filter(({ keyword }) => !['oneOf', 'anyOf'].includes(keyword));
  // Each member of a union complains: the one that was meant has the fewest complaints, and not of its kind.
  const byMember = [...Map.groupBy(errors, ({ parentSchema }) => parentSchema).values()];
  const weight = (group: readonly ErrorObject[]) => group.length + (group[0]?.keyword === 'const' ? 100 : 0);
  const likeliest = byMember.toSorted((a, b) => weight(a) - weight(b)).flat();
  return [...new Set(likeliest.map(describe))].slice(0, 5).join('; ');
}

function describe({ instancePath, message, params }: ErrorObject): string {
  const { additionalProperty } = params as { readonly additionalProperty?: string };
  return `${instancePath || 'the body'} ${message}${additionalProperty === undefined ? '' : ` (${additionalProperty})`}`;
}
