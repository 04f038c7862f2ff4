// A credential that the simulator takes. Used by tests that compose Azure's SDK; apart from world.ts, which loads the app's
// functions, and those may be loaded only once a host runs.

/** What the keeper goes by in the events and in the Activity Log of the simulator. */
export const ownApplication = '72f98a3e-0000-4000-8000-0000000000c1';
const claims = { appid: ownApplication, oid: '72f98a3e-0000-4000-8000-0000000000b1', idtyp: 'app' };
export const token = `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`;

export const credential = { getToken: async () => ({ token, expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) };
