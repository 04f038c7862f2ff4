// Writes the types that openapi-typescript makes of our OpenAPI document to stdout. Run by typedClient.test.ts in a process of
// its own: openapi-typescript asks for TypeScript's JavaScript API, which `typescript` no longer has since version 7.
import { registerHooks } from 'node:module';
import { openApiDocument } from '../../../shared/http/openApi.ts';

const olderApi = 'keeper:typescript';

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'typescript' ? { url: olderApi, shortCircuit: true } : next(specifier, context),
  load: (url, context, next) => {
    if (url !== olderApi) return next(url, context);
    const source = `export { ts as default } from ${JSON.stringify(import.meta.resolve('@ts-morph/common'))};`;
    return { format: 'module', source, shortCircuit: true };
  },
});

const { astToString, default: generate } = await import('openapi-typescript');
// The library marks what it has seen in the document.
const document = JSON.parse(JSON.stringify(openApiDocument('https://keeper.example'))) as Parameters<
  typeof generate
>[0];
process.stdout.write(astToString(await generate(document)));
