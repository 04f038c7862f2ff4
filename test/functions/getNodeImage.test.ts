import { beforeAll, describe, expect, it } from 'vitest';
import { handler } from '../../functions/getNodeImage.ts';
import { call, composeAt } from './request.ts';

const get = (nodeImageVersion: string) =>
  call(handler, `/api/images/${encodeURIComponent(nodeImageVersion)}`, { params: { nodeImageVersion } });

beforeAll(() => {
  composeAt('2026-11-21T12:00:00Z');
});

describe('GET /api/images/{nodeImageVersion}', () => {
  it.each<[string, object]>([
    [
      'AKSUbuntu-2204gen2fipscontainerd-202610.26.0-2026.11.02',
      {
        gallery: 'AKSUbuntu',
        definition: '2204gen2fipscontainerd',
        family: 'AKSUbuntu-2204gen2fipscontainerd',
        release: '202610.26.0',
        securityPatch: '2026-11-02',
        releaseDate: '2026-10-26',
        os: 'Linux',
        sku: 'Ubuntu2204',
        generation: 2,
        architecture: 'x64',
        features: ['FIPS'],
        ageDays: 26,
        support: {
          status: 'retiring',
          date: '2027-06-30',
          reason:
            'Ubuntu2204 retires on 2027-06-30, and AKS removes its images on 2028-04-30: move the pool to a supported OS version (https://github.com/Azure/AKS/issues/5701).',
        },
        releaseNotes: 'https://github.com/Azure/AKS/blob/master/vhd-notes/aks-ubuntu/AKSUbuntu-2204/202610.26.0.txt',
      },
    ],
    [
      'AKSWindows:2022-containerd-gen2:20348.4171.260714',
      {
        gallery: 'AKSWindows',
        definition: '2022-containerd-gen2',
        family: 'AKSWindows-2022-containerd-gen2',
        release: '20348.4171.260714',
        releaseDate: '2026-07-14',
        os: 'Windows',
        sku: 'Windows2022',
        generation: 2,
        architecture: 'x64',
        features: [],
        ageDays: 130,
        support: {
          status: 'outOfSupport',
          date: '2026-10-12',
          reason: 'Released on 2026-07-14, 130 days ago; AKS supports a node image for 90 days.',
        },
        releaseNotes: 'https://github.com/Azure/AKS/blob/master/vhd-notes/AKSWindows/2022/20348.4171.260714.txt',
      },
    ],
    [
      'AKSTomorrow-42quantum-202611.10.0',
      {
        gallery: 'AKSTomorrow',
        definition: '42quantum',
        family: 'AKSTomorrow-42quantum',
        release: '202611.10.0',
        releaseDate: '2026-11-10',
        os: 'Linux',
        features: [],
        ageDays: 11,
        support: {
          status: 'unknown',
          reason: 'Nothing is known about the support of image family AKSTomorrow-42quantum.',
        },
      },
    ],
  ])('reads %s', async (nodeImageVersion, expected) => {
    expect(await get(nodeImageVersion)).toEqual({
      status: 200,
      type: 'application/json; charset=utf-8',
      body: { nodeImageVersion, ...expected },
    });
  });

  it('gives a release whose date has not come neither age nor support', async () => {
    const { body } = await get('AKSUbuntu-2204gen2containerd-202703.18.0');
    expect(body).toMatchObject({
      releaseDate: '2027-03-18',
      support: {
        status: 'unknown',
        reason: 'Its release date, 2027-03-18, has not come yet: no such image can be out.',
      },
    });
    expect(body).not.toHaveProperty('ageDays');
  });

  it.each([' ', 'latest', 'AKSUbuntu-2204gen2containerd-202602.30.0', 'AKSUbuntu-2204gen2containerd'])(
    'refuses "%s", naming what is expected',
    async (nodeImageVersion) => {
      expect(await get(nodeImageVersion)).toMatchObject({
        status: 400,
        type: 'application/problem+json; charset=utf-8',
        body: {
          title: 'The node image version is not valid',
          detail: `nodeImageVersion is "${nodeImageVersion}"; give {gallery}-{definition}-{release} with a release of a date that exists, for example AKSUbuntu-2204gen2containerd-202512.18.0.`,
        },
      });
    },
  );

  it('refuses a parameter in the query', async () => {
    const params = { nodeImageVersion: 'AKSUbuntu-2204gen2containerd-202512.18.0' };
    const answer = await call(handler, '/api/images/x?at=2026', { params });
    expect(answer).toMatchObject({
      status: 400,
      body: { detail: 'at is no parameter of this operation, which takes none; leave it out.' },
    });
  });
});
