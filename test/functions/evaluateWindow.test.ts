import { beforeAll, describe, expect, it } from 'vitest';
import { handler } from '../../functions/evaluateWindow.ts';
import { call, composeAt } from './request.ts';

const path = '/api/windows/evaluate';
/** AKS#5720's: the reporter's first window is 2026-04-26. */
const everyOtherSunday = {
  schedule: { daily: null, weekly: { intervalWeeks: 2, dayOfWeek: 'Sunday' } },
  durationHours: 4,
  utcOffset: '+05:30',
  startDate: '2026-04-14',
  startTime: '01:00',
};
const night = { schedule: { daily: { intervalDays: 1 } }, durationHours: 8, utcOffset: '+02:00', startTime: '22:00' };

beforeAll(() => {
  composeAt('2026-04-14T12:00:00Z');
});

describe('POST /api/windows/evaluate', () => {
  it('answers occurrences in UTC and in the offset of the window, and warns of the interval', async () => {
    const answer = await call(handler, path, { body: { maintenanceWindow: everyOtherSunday, count: 2 } });
    expect(answer).toEqual({
      status: 200,
      type: 'application/json; charset=utf-8',
      body: {
        valid: true,
        window: 'every 2 weeks on Sunday, 01:00 to 05:00, UTC+05:30',
        problems: [],
        warnings: [
          {
            code: 'undocumentedInterval',
            path: 'schedule.weekly.intervalWeeks',
            message: expect.stringContaining('AKS does not document how it counts intervals'),
          },
        ],
        open: false,
        nextOpening: '2026-04-25T19:30:00Z',
        occurrences: [
          {
            opensAt: '2026-04-25T19:30:00Z',
            closesAt: '2026-04-25T23:30:00Z',
            opensAtLocal: '2026-04-26T01:00:00+05:30',
            closesAtLocal: '2026-04-26T05:00:00+05:30',
            blocked: [],
          },
          {
            opensAt: '2026-05-09T19:30:00Z',
            closesAt: '2026-05-09T23:30:00Z',
            opensAtLocal: '2026-05-10T01:00:00+05:30',
            closesAtLocal: '2026-05-10T05:00:00+05:30',
            blocked: [],
          },
        ],
      },
    });
  });

  it('begins with the open occurrence, in the time zone asked for, and shows what is blocked of each', async () => {
    const maintenanceWindow = { ...night, notAllowedDates: [{ start: '2026-10-26', end: '2026-10-26' }] };
    const body = { maintenanceWindow, at: '2026-10-24T23:00:00Z', count: 3, timeZone: 'Europe/Berlin' };
    const answer = await call(handler, path, { body });
    expect(answer.body).toEqual({
      valid: true,
      window: 'every day, 22:00 to 06:00 the next day, UTC+02:00',
      problems: [],
      warnings: [
        { code: 'cutShort', path: 'notAllowedDates', message: expect.stringContaining('leave 2 hours') },
        {
          code: 'offsetOfOtherSeason',
          path: 'utcOffset',
          message: expect.stringContaining('From 2026-10-25T01:00:00Z on'),
        },
      ],
      open: true,
      nextOpening: '2026-10-25T20:00:00Z',
      occurrences: [
        {
          opensAt: '2026-10-24T20:00:00Z',
          closesAt: '2026-10-25T04:00:00Z',
          opensAtLocal: '2026-10-24T22:00:00+02:00',
          closesAtLocal: '2026-10-25T05:00:00+01:00',
          blocked: [],
        },
        {
          opensAt: '2026-10-25T20:00:00Z',
          closesAt: '2026-10-26T04:00:00Z',
          opensAtLocal: '2026-10-25T21:00:00+01:00',
          closesAtLocal: '2026-10-26T05:00:00+01:00',
          blocked: [{ from: '2026-10-25T22:00:00Z', to: '2026-10-26T04:00:00Z' }],
        },
        {
          opensAt: '2026-10-26T20:00:00Z',
          closesAt: '2026-10-27T04:00:00Z',
          opensAtLocal: '2026-10-26T21:00:00+01:00',
          closesAtLocal: '2026-10-27T05:00:00+01:00',
          blocked: [{ from: '2026-10-26T20:00:00Z', to: '2026-10-26T22:00:00Z' }],
        },
      ],
    });
  });

  it('is now, with five occurrences, unless told otherwise; null is what was left out', async () => {
    for (const extra of [{}, { at: null, count: null, timeZone: null }]) {
      const { body } = await call(handler, path, { body: { maintenanceWindow: night, ...extra } });
      expect(body).toMatchObject({ open: false, nextOpening: '2026-04-14T20:00:00Z' });
      expect(body['occurrences']).toHaveLength(5);
    }
  });

  it('goes up to a hundred occurrences, and not beyond the years that RFC 3339 can name', async () => {
    const many = await call(handler, path, { body: { maintenanceWindow: night, count: 100 } });
    expect(many.body['occurrences']).toHaveLength(100);
    const last = await call(handler, path, { body: { maintenanceWindow: night, at: '9999-12-29T12:00:00Z' } });
    expect(last.body['occurrences']).toMatchObject([{ opensAtLocal: '9999-12-29T22:00:00+02:00' }]);
    const later = await call(handler, path, { body: { maintenanceWindow: night, at: '9999-12-30T22:00:00Z' } });
    expect(later.body).toMatchObject({ valid: true, occurrences: [] });
    expect(later.body).not.toHaveProperty('nextOpening');
  });

  it('has no next opening where nothing is ever allowed again', async () => {
    const always = [{ start: '2026-01-01', end: '9999-12-31' }];
    const maintenanceWindow = { ...night, startTime: '01:00', notAllowedDates: always };
    const { body } = await call(handler, path, { body: { maintenanceWindow } });
    expect(body).not.toHaveProperty('nextOpening');
    expect(body).toMatchObject({ valid: true, open: false, warnings: [{ code: 'allBlocked' }] });
  });

  it.each<[string, unknown, readonly object[]]>([
    [
      'two fields that are wrong',
      { ...night, durationHours: 2, utcOffset: '+99:99' },
      [
        {
          path: 'durationHours',
          message: 'durationHours is 2; allowed is a whole number from 4 to 24, as AKS accepts no shorter window.',
        },
        { path: 'utcOffset', message: 'utcOffset is "+99:99"; allowed is an offset from -12:00 to +14:00.' },
      ],
    ],
    [
      'an interval without a startDate',
      { ...everyOtherSunday, startDate: null },
      [
        {
          path: 'startDate',
          message: "startDate is missing; an interval of 2 can't be counted without the date that it starts from.",
        },
      ],
    ],
    ['null', null, [{ path: '', message: 'maintenanceWindow is missing; allowed is an object.' }]],
  ])('answers 200 to %s: the window is not valid, the request is', async (_, maintenanceWindow, problems) => {
    const answer = await call(handler, path, { body: { maintenanceWindow } });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ valid: false, problems, warnings: [], open: false, occurrences: [] });
  });

  it.each<[string, unknown, string]>([
    ['no body', '', 'The body is not JSON: it is empty.'],
    ['half a body', '{"maintenanceWindow":', 'The body is not JSON: '],
    ['a list', [], 'body is a list; give an object with maintenanceWindow, '],
    [
      'no window',
      {},
      "maintenanceWindow is missing; give properties.maintenanceWindow of a maintenance configuration, in ARM's JSON.",
    ],
    [
      'a whole configuration',
      { name: 'aksManagedNodeOSUpgradeSchedule', properties: { maintenanceWindow: night } },
      'name is no field of this body, which takes maintenanceWindow, at, count, timeZone; leave it out; ' +
        'properties is no field of this body, which takes maintenanceWindow, at, count, timeZone; leave it out; maintenanceWindow is missing; ',
    ],
    [
      'a local time',
      { maintenanceWindow: night, at: '2026-04-14T12:00' },
      'at is "2026-04-14T12:00"; give an instant in ISO 8601, for example 2026-11-21T00:00:00Z.',
    ],
    ['a day that is not', { maintenanceWindow: night, at: '2026-02-30T00:00Z' }, 'at is "2026-02-30T00:00Z"; '],
    [
      'a time beyond the years',
      { maintenanceWindow: night, at: '+275760-09-13T00:00Z' },
      'at is "+275760-09-13T00:00Z"; ',
    ],
    ['no occurrences', { maintenanceWindow: night, count: 0 }, 'count is 0; give a whole number from 1 to 100.'],
    ['too many', { maintenanceWindow: night, count: 101 }, 'count is 101; give a whole number from 1 to 100.'],
    ['a count as text', { maintenanceWindow: night, count: '5' }, 'count is "5"; give a whole number from 1 to 100.'],
    [
      'an offset for a zone',
      { maintenanceWindow: night, timeZone: '+02:00' },
      'timeZone is "+02:00"; give the IANA name of a time zone, for example Europe/Berlin.',
    ],
    ['no zone of this world', { maintenanceWindow: night, timeZone: 'Mars/Phobos' }, 'timeZone is "Mars/Phobos"; '],
    ['a zone in disguise', { maintenanceWindow: night, timeZone: '2020-01-01T00:00Z[Europe/Berlin]' }, 'timeZone is '],
  ])('refuses %s', async (_, body, detail) => {
    const answer = await call(handler, path, { body });
    expect(answer).toMatchObject({
      status: 400,
      type: 'application/problem+json; charset=utf-8',
      body: { title: 'The body is not valid', status: 400, detail: expect.stringContaining(detail) },
    });
  });

  it('refuses a parameter in the query, but not the key of the host', async () => {
    const body = { maintenanceWindow: night };
    expect(await call(handler, `${path}?count=3`, { body })).toMatchObject({
      status: 400,
      body: { detail: 'count is no parameter of this operation, which takes none; leave it out.' },
    });
    expect(await call(handler, `${path}?code=secret`, { body })).toMatchObject({ status: 200 });
  });
});
