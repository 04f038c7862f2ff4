import { createHttpHeaders } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import { createArm } from '../../../shared/adapters/arm/arm.ts';
import { runInTimeZone, timeZones } from '../../fuzz/inTimeZones.ts';
import { clusterId } from '../../local/simulator/simulatorFleet.ts';
import { armWith, window } from './readWindow.ts';

const id = clusterId('shop');
const ours = 'aksManagedNodeOSUpgradeSchedule';

describe("the window as ARM's SDK hands it over", () => {
  it.each(timeZones)(
    'keeps its days in a process in %s: midnights UTC are no instants',
    async (timeZone, localHour) => {
      const script = new URL('readWindow.ts', import.meta.url);
      const found = await runInTimeZone<{ evaluation: object }>(script, timeZone);
      expect(found).toMatchObject({ localHour, maintenanceWindow: window });
      expect(found.evaluation).toMatchObject({
        valid: true,
        nextOpening: '2026-02-28T22:00:00Z',
        occurrences: [
          { opensAt: '2026-02-28T22:00:00Z', closesAt: '2026-03-01T22:00:00Z', blocked: [] },
          { opensAt: '2026-03-31T22:00:00Z', blocked: [{ from: '2026-03-31T22:00:00Z', to: '2026-04-01T22:00:00Z' }] },
          { opensAt: '2026-04-30T22:00:00Z', blocked: [{ from: '2026-04-30T22:00:00Z', to: '2026-05-01T22:00:00Z' }] },
          { opensAt: '2026-05-31T22:00:00Z', blocked: [] },
        ],
      });
    },
  );

  it.each<[string, unknown]>([
    ['a kind of tomorrow', { ...window, schedule: { hourly: { intervalHours: 6 } } }],
    ['nothing for a schedule', { ...window, schedule: null }],
    ['a date that is none', { ...window, startDate: 'soon' }],
    ['dates that are no list', { ...window, notAllowedDates: 'never' }],
    ['a date range of nothing', { ...window, notAllowedDates: [null] }],
    ['text', 'daily'],
    ['fields of a linked window', { ...window, maintenanceWindowId: '/subscriptions/s/maintenanceWindows/w' }],
  ])('is passed on as ARM sent it with %s, so that the parser can name what is wrong', async (_, maintenanceWindow) => {
    const arm = armWith([{ name: ours, properties: { maintenanceWindow } }]);
    expect(await arm.listMaintenanceConfigurations(id)).toEqual([{ name: ours, maintenanceWindow }]);
  });

  it('is null, not absent, where the configuration holds none', async () => {
    const arm = armWith([{ name: ours, properties: {} }]);
    expect(await arm.listMaintenanceConfigurations(id)).toEqual([{ name: ours, maintenanceWindow: null }]);
  });
});

describe('listMaintenanceConfigurations', () => {
  it('gives them all by one request', async () => {
    const properties = { timeInWeek: [{ day: 'Monday', hourSlots: [1] }] };
    const arm = armWith([
      { name: 'default', properties },
      { name: 'aksManagedAutoUpgradeSchedule', properties: { maintenanceWindow: window } },
    ]);
    expect(await arm.listMaintenanceConfigurations(id)).toEqual([
      { name: 'default', maintenanceWindow: null },
      { name: 'aksManagedAutoUpgradeSchedule', maintenanceWindow: window },
    ]);
    expect(await armWith([]).listMaintenanceConfigurations(id)).toEqual([]);
  });

  it('has none for a cluster that is not there', async () => {
    expect(await armWith([]).listMaintenanceConfigurations(clusterId('gone'))).toEqual([]);
  });
});

it('tells a failed read from an absence', async () => {
  const arm = createArm({
    credential: { getToken: async () => ({ token: 'a token', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) },
    endpoint: 'https://management.azure.com',
    httpClient: {
      sendRequest: async (request) => ({ request, status: 503, headers: createHttpHeaders(), bodyAsText: '{}' }),
    },
  });
  await expect(arm.listMaintenanceConfigurations(id)).rejects.toMatchObject({ name: 'ArmError', status: 503 });
});
