// HTTP functions as an app writes them, for functionsHostHttp.test.ts. The host imports this file.
import { app, type HttpRequest, type InvocationContext, output, trigger } from '@azure/functions';

/** Answers what arrived, and which function it was. */
async function echo(request: HttpRequest, context: InvocationContext) {
  const body = Buffer.from(await request.arrayBuffer());
  return {
    jsonBody: {
      function: context.functionName,
      method: request.method,
      url: request.url,
      params: request.params,
      query: Object.fromEntries(request.query),
      header: request.headers.get('x-test'),
      body: body.toString('base64'),
    },
  };
}

// Without a route, the name is the route; GET and POST are the library's default methods.
app.http('Plain', { authLevel: 'anonymous', handler: echo });
app.http('pool', { authLevel: 'anonymous', route: 'pools/{cluster}/{pool?}', handler: echo });
app.http('literal', { authLevel: 'anonymous', route: 'pools/latest', handler: echo });
app.http('numbered', { authLevel: 'anonymous', route: 'pools/{id:int}', handler: echo });
app.http('files', { authLevel: 'anonymous', route: 'files/{*rest}', handler: echo });
app.http('image', { authLevel: 'anonymous', route: 'images/{name}.{extension}', handler: echo });
app.http('configured', { authLevel: 'anonymous', route: '%ROUTE%/here', handler: echo });
app.http('withKey', { authLevel: 'function', handler: echo });
app.http('forAdmins', { authLevel: 'admin', handler: echo });
app.http('heads', { authLevel: 'anonymous', methods: ['HEAD', 'GET'], handler: () => ({ body: 'twelve bytes' }) });
app.deleteRequest('removes', { authLevel: 'anonymous', handler: () => ({ status: 204 }) });
// Registered by binding, because the types of app.http want an answer.
const byBinding = { trigger: trigger.http({ authLevel: 'anonymous' }), return: output.http({}) };
app.generic('silent', { ...byBinding, handler: () => undefined });
app.generic('badAnswer', { ...byBinding, handler: () => 'not an object' });
app.http('throws', {
  authLevel: 'anonymous',
  handler: () => {
    throw new Error('the disk is full');
  },
});
app.http('binary', { authLevel: 'anonymous', handler: () => ({ body: new Uint8Array([0, 255, 10]) }) });
app.http('environment', {
  authLevel: 'anonymous',
  handler: () => ({ body: process.env['HOST_TEST_VALUE'] ?? 'none' }),
});
app.http('cookies', {
  authLevel: 'anonymous',
  handler: () => ({
    headers: { 'x-own': 'yes', 'content-length': '999' },
    cookies: [
      { name: 'a', value: 'b c', path: '/', domain: 'example.org', secure: true, httpOnly: true, sameSite: 'Strict' },
      { name: 'c', value: 'd', maxAge: 60, expires: new Date('2026-12-01T00:00:00Z') },
    ],
  }),
});
app.http('logs', {
  authLevel: 'anonymous',
  handler: (_request, context) => {
    context.debug('a detail');
    context.log('planned', { pools: 2 });
    context.warn('careful');
    return {};
  },
});
