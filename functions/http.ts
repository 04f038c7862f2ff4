// Registers every HTTP function at its route, and turns streams on. Loaded by main.ts; a function's own file is loaded when it is
// first called.
import { app, type HttpHandler } from '@azure/functions';
import { type Route, routes } from '../shared/http/operations/routes.ts';

const files: Readonly<Record<keyof typeof routes, () => Promise<{ readonly handler: HttpHandler }>>> = {
  deleteApproval: () => import('./deleteApproval.ts'),
  deleteHold: () => import('./deleteHold.ts'),
  evaluateWindow: () => import('./evaluateWindow.ts'),
  getApprovals: () => import('./getApprovals.ts'),
  getDecisions: () => import('./getDecisions.ts'),
  getHealth: () => import('./getHealth.ts'),
  getHealthDetails: () => import('./getHealthDetails.ts'),
  getHistory: () => import('./getHistory.ts'),
  getHolds: () => import('./getHolds.ts'),
  getNodeImage: () => import('./getNodeImage.ts'),
  getNodePools: () => import('./getNodePools.ts'),
  getOpenApi: () => import('./getOpenApi.ts'),
  getPlan: () => import('./getPlan.ts'),
  getPolicy: () => import('./getPolicy.ts'),
  getPolicyLint: () => import('./getPolicyLint.ts'),
  getPolicySchema: () => import('./getPolicySchema.ts'),
  getPolicyVersions: () => import('./getPolicyVersions.ts'),
  getReport: () => import('./getReport.ts'),
  getWindows: () => import('./getWindows.ts'),
  postApproval: () => import('./postApproval.ts'),
  postHold: () => import('./postHold.ts'),
  postPreflight: () => import('./postPreflight.ts'),
  putPolicy: () => import('./putPolicy.ts'),
  verifyHistory: () => import('./verifyHistory.ts'),
};

app.setup({ enableHttpStream: true });
app.hook.postInvocation(async (context) => {
  if (context.error) (await import('../shared/http/streamedAnswer.ts')).answerFailure(context);
});

for (const [name, { method, route, anonymous }] of Object.entries<Route>(routes)) {
  const load = files[name as keyof typeof routes];
  app.http(name, {
    methods: [method],
    route,
    authLevel: anonymous ? 'anonymous' : 'function',
    handler: async (request, context) => (await load()).handler(request, context),
  });
}
