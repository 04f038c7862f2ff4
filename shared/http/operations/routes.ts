// The route of every HTTP operation by the name of its function. Read while the app loads, so it stays free of schemas.
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export type Route = {
  readonly method: Method;
  readonly route: string;
  /** Answered without a key. */
  readonly anonymous?: true;
};

export type OperationName = keyof typeof routes;

const by = (method: Method) => (route: string) => ({ method, route });
const get = by('GET');
const post = by('POST');
const remove = by('DELETE');

export const routes = {
  getHistory: get('history'),
  verifyHistory: get('history/verify'),
  getNodePools: get('nodepools'),
  getDecisions: get('nodepools/{subscription}/{resourceGroup}/{cluster}/{nodePool}/decisions'),
  getPlan: get('plan'),
  getNodeImage: get('images/{nodeImageVersion}'),
  postPreflight: post('preflight'),
  getWindows: get('windows'),
  evaluateWindow: post('windows/evaluate'),
  getPolicy: get('policy'),
  putPolicy: by('PUT')('policy'),
  getPolicyVersions: get('policy/versions'),
  getPolicySchema: get('policy/schema'),
  getPolicyLint: get('policy/lint'),
  getHolds: get('holds'),
  postHold: post('holds'),
  deleteHold: remove('holds/{id}'),
  getApprovals: get('approvals'),
  postApproval: post('approvals'),
  deleteApproval: remove('approvals/{id}'),
  getReport: get('report'),
  getHealth: { ...get('health'), anonymous: true },
  getHealthDetails: get('health/details'),
  getOpenApi: get('openapi.json'),
} satisfies Readonly<Record<string, Route>>;
