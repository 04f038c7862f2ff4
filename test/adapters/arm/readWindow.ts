// Reads a window through the ARM adapter over the real SDK and evaluates it, in the time zone of this process. Run by
// armMaintenanceWindow.test.ts in child processes with TZ set; prints JSON.
import { Temporal } from 'temporal-polyfill';
import { createHttpClient } from '../../../local/simulator/httpClient.ts';
import { createArm } from '../../../shared/adapters/arm/arm.ts';
import { explainWindow } from '../../../shared/usecases/ask/explainWindow.ts';
import { cluster, clusterId, simulate } from '../../local/simulator/simulatorFleet.ts';

/** The adapter over a simulator whose one cluster has these maintenance configurations. */
export function armWith(maintenanceConfigurations: readonly { name: string; properties: Record<string, unknown> }[]) {
  const { simulator } = simulate([cluster('shop', {}, { maintenanceConfigurations })]);
  return createArm({
    credential: { getToken: async () => ({ token: 'a token', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) },
    endpoint: 'https://management.azure.com',
    httpClient: createHttpClient(simulator.handle),
  });
}

/** Both dates lie on the day before in the zones west of Greenwich, when midnight UTC is read with local getters. */
export const window = {
  schedule: { absoluteMonthly: { intervalMonths: 1, dayOfMonth: 1 } },
  durationHours: 24,
  utcOffset: '+02:00',
  startDate: '2026-03-01',
  startTime: '00:00',
  notAllowedDates: [{ start: '2026-04-01', end: '2026-05-01' }],
};

if (import.meta.main) {
  const arm = armWith([{ name: 'aksManagedNodeOSUpgradeSchedule', properties: { maintenanceWindow: window } }]);
  const [configuration] = await arm.listMaintenanceConfigurations(clusterId('shop'));
  const maintenanceWindow = configuration?.maintenanceWindow;
  const evaluation = explainWindow(maintenanceWindow, { at: Temporal.Instant.from('2026-02-01T00:00Z'), count: 4 });
  console.log(JSON.stringify({ localHour: new Date(0).getHours(), maintenanceWindow, evaluation }));
}
