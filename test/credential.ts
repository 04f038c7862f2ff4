// A credential that the simulator takes. Used by tests that compose Azure's SDK; apart from world.ts, which loads the app's
// functions, and those may be loaded only once a host runs.
export const credential = { getToken: async () => ({ token: 'test', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) };
