// The smallest function app: what loading is held against. Bundled by loading.ts.
import { app } from '@azure/functions';

app.http('hello', { methods: ['GET'], authLevel: 'anonymous', handler: async () => ({ body: 'Hello, world!' }) });
