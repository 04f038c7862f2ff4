// The method and route of each HTTP function. Called by trigger.ts and the table of operations.

export type Route = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Without `api/`. */
  readonly route: string;
  /** Needs no key. */
  readonly anonymous?: true;
};

export type RouteName = keyof typeof routes;

/** By function name, in the order of the OpenAPI document. */
export const routes = {
  getHistory: { method: 'GET', route: 'history' },
  verifyHistory: { method: 'GET', route: 'history/verify' },
  getNodePools: { method: 'GET', route: 'nodepools' },
  getDecisions: { method: 'GET', route: 'nodepools/{subscription}/{resourceGroup}/{cluster}/{nodePool}/decisions' },
  getPlan: { method: 'GET', route: 'plan' },
  getWindows: { method: 'GET', route: 'windows' },
  evaluateWindow: { method: 'POST', route: 'windows/evaluate' },
  getNodeImage: { method: 'GET', route: 'images/{nodeImageVersion}' },
  getPolicy: { method: 'GET', route: 'policy' },
  putPolicy: { method: 'PUT', route: 'policy' },
  getPolicyVersions: { method: 'GET', route: 'policy/versions' },
  getPolicySchema: { method: 'GET', route: 'policy/schema' },
  getPolicyLint: { method: 'GET', route: 'policy/lint' },
  getHolds: { method: 'GET', route: 'holds' },
  postHold: { method: 'POST', route: 'holds' },
  deleteHold: { method: 'DELETE', route: 'holds/{id}' },
  getApprovals: { method: 'GET', route: 'approvals' },
  postApproval: { method: 'POST', route: 'approvals' },
  deleteApproval: { method: 'DELETE', route: 'approvals/{id}' },
  postPreflight: { method: 'POST', route: 'preflight' },
  getReport: { method: 'GET', route: 'report' },
  getHealth: { method: 'GET', route: 'health', anonymous: true },
  getOpenApi: { method: 'GET', route: 'openapi.json' },
} as const satisfies Readonly<Record<string, Route>>;
