import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import type { NodeImageVersion } from '../../../shared/domain/image/nodeImageVersion.ts';
import {
  ageInDays,
  compareReleases,
  isNewer,
  parseNodeImageVersion,
} from '../../../shared/domain/image/nodeImageVersion.ts';

const fixture = new URL('../../fixtures/nodeImageVersions.txt', import.meta.url);
const realVersions = readFileSync(fixture, 'utf8').trim().split('\n');

function parsed(text: string): NodeImageVersion {
  const version = parseNodeImageVersion(text);
  if (!version) throw new Error(`${text} was not parsed`);
  return version;
}

describe('parseNodeImageVersion', () => {
  it('has the 98 real versions to read', () => {
    expect(realVersions).toHaveLength(98);
  });

  it.each(realVersions)('reads the real %s, and puts it together again', (text) => {
    const version = parsed(text);
    const patch = version.securityPatch?.replaceAll('-', '.');
    expect([version.family, version.release, patch].filter(Boolean).join('-')).toBe(text.replaceAll(':', '-'));
    expect(version.raw).toBe(text);
    expect(version.sku).toBeDefined();
    expect(version.releaseDate >= '2020-01-01' && version.releaseDate <= '2026-12-31').toBe(true);
    expect(version.os).toBe(version.gallery === 'AKSWindows' ? 'Windows' : 'Linux');
  });

  it.each([
    [
      'the usual',
      'AKSUbuntu-2204gen2containerd-202512.18.0',
      'AKSUbuntu',
      '2204gen2containerd',
      '202512.18.0',
      '2025-12-18',
      [2025, 12, 18, 0],
    ],
    [
      'a patched release',
      'AKSUbuntu-2204gen2TLcontainerd-202603.12.1',
      'AKSUbuntu',
      '2204gen2TLcontainerd',
      '202603.12.1',
      '2026-03-12',
      [2026, 3, 12, 1],
    ],
    [
      'the older scheme',
      'AKSUbuntu-1804gen2containerd-2022.10.03',
      'AKSUbuntu',
      '1804gen2containerd',
      '2022.10.03',
      '2022-10-03',
      [2022, 10, 3, 0],
    ],
    [
      'colons of the old API',
      'AKSUbuntu:1604:2020.03.11',
      'AKSUbuntu',
      '1604',
      '2020.03.11',
      '2020-03-11',
      [2020, 3, 11, 0],
    ],
    [
      'a name as in the release notes',
      'AKSUbuntu-2404-202601.13.0',
      'AKSUbuntu',
      '2404',
      '202601.13.0',
      '2026-01-13',
      [2026, 1, 13, 0],
    ],
    [
      'no definition',
      'AKSAzureContainerLinux-202606.01.0',
      'AKSAzureContainerLinux',
      '',
      '202606.01.0',
      '2026-06-01',
      [2026, 6, 1, 0],
    ],
    [
      'Windows',
      'AKSWindows-2019-17763.1554.201021',
      'AKSWindows',
      '2019',
      '17763.1554.201021',
      '2020-10-21',
      [17763, 1554, 201021],
    ],
    [
      'hyphens in a definition',
      'AKSWindows-2022-containerd-gen2-20348.4529.251212',
      'AKSWindows',
      '2022-containerd-gen2',
      '20348.4529.251212',
      '2025-12-12',
      [20348, 4529, 251212],
    ],
    [
      'a gallery of tomorrow',
      'AKSNimbus-v9gen3-203001.02.3',
      'AKSNimbus',
      'v9gen3',
      '203001.02.3',
      '2030-01-02',
      [2030, 1, 2, 3],
    ],
  ] as const)('%s: %s', (_, text, gallery, definition, release, releaseDate, releaseParts) => {
    const family = definition === '' ? gallery : `${gallery}-${definition}`;
    expect(parsed(text)).toMatchObject({ raw: text, gallery, definition, family, release, releaseDate, releaseParts });
    expect(parsed(text)).not.toHaveProperty('securityPatch');
  });

  it('takes a security patch date for what it is, and not for the release', () => {
    expect(parsed('AKSUbuntu-2204gen2containerd-202410.27.0-2024.12.01')).toMatchObject({
      definition: '2204gen2containerd',
      release: '202410.27.0',
      releaseDate: '2024-10-27',
      securityPatch: '2024-12-01',
    });
  });

  it.each([
    '',
    'AKSUbuntu',
    '202512.18.0',
    '-202512.18.0',
    'AKSUbuntu-2204gen2containerd',
    'AKSUbuntu-2204gen2containerd-latest',
    'AKSUbuntu-2204gen2containerd-202513.01.0',
    'AKSUbuntu-2204gen2containerd-202502.29.0',
    'AKSUbuntu-2204gen2containerd-202512.18',
    'AKSUbuntu-2204gen2containerd-202512.18.0-2024.12.32',
    'AKSUbuntu-2204gen2containerd-202512.18.0 ',
    'AKSUbuntu-1804-2022.02.30',
    'AKSWindows-2022-containerd-20348.4529.251332',
    'AKSUbuntu 2204-202512.18.0',
  ])('cannot read %j', (text) => {
    expect(parseNodeImageVersion(text)).toBeUndefined();
  });

  it('never throws, whatever ARM says', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[AKS\d:.-]{0,40}$/)), (text) => {
        parseNodeImageVersion(text);
      }),
    );
  });

  it.each([
    ['AKSUbuntu-2204containerd-202512.18.0', 'Ubuntu2204', 1, 'x64', []],
    ['AKSUbuntu-2204gen2containerd-202512.18.0', 'Ubuntu2204', 2, 'x64', []],
    ['AKSUbuntu-2204gen2arm64containerd-202505.27.0', 'Ubuntu2204', 2, 'arm64', []],
    ['AKSUbuntu-2204gen2fipsTLcontainerd-202512.18.0', 'Ubuntu2204', 2, 'x64', ['FIPS', 'TrustedLaunch']],
    ['AKSUbuntu-2404gen2CVMcontainerd-202512.18.0', 'Ubuntu2404', 2, 'x64', ['CVM']],
    ['AKSUbuntu-2004cvmcontainerd-202507.02.0', 'Ubuntu2004', 2, 'x64', ['CVM']],
    ['AKSUbuntu-2404-202601.13.0', 'Ubuntu2404', undefined, undefined, []],
    ['AKSUbuntu-1604-2020.03.11', 'Ubuntu1604', 1, 'x64', []],
    ['AKSUbuntuEdgeZone-2204containerd-202512.18.0', 'Ubuntu2204', 1, 'x64', []],
    ['AKSAzureLinux-V2gen2arm64-202512.18.0', 'AzureLinux2', 2, 'arm64', []],
    ['AKSAzureLinux-V3gen2arm64fips-202512.18.0', 'AzureLinux3', 2, 'arm64', ['FIPS']],
    ['AKSAzureLinux-V3katagen2-202512.18.0', 'AzureLinux3', 2, 'x64', ['Kata']],
    ['AKSAzureLinux-OSGuardV3gen2fipsTL-202512.18.0', 'AzureLinuxOSGuard', 2, 'x64', ['FIPS', 'TrustedLaunch']],
    ['AKSAzureLinux-aclgen2TL-202609.23.0', 'AzureContainerLinux', 2, 'x64', ['TrustedLaunch']],
    ['AKSAzureContainerLinux-202606.01.0', 'AzureContainerLinux', undefined, undefined, []],
    ['AKSCBLMariner-V2katagen2TL-2022.12.15', 'CBLMariner', 2, 'x64', ['TrustedLaunch', 'Kata']],
    ['AKSFlatcar-flatcargen2arm64-202512.18.0', 'Flatcar', 2, 'arm64', []],
    ['AKSWindows-2019-17763.1554.201021', 'Windows2019', 1, 'x64', []],
    ['AKSWindows-2022-containerd-gen2-20348.4529.251212', 'Windows2022', 2, 'x64', []],
    ['AKSWindows-2025-gen2-26100.7462.251212', 'Windows2025', 2, 'x64', []],
    ['AKSWindows-23H2-gen2-25398.2025.251212', 'WindowsAnnual', 2, 'x64', []],
    ['AKSNimbus-v9gen2-203001.02.3', undefined, undefined, undefined, []],
  ] as const)('%s is %s, generation %s, %s, with %j', (text, sku, generation, architecture, features) => {
    const version = parsed(text);
    expect([version.sku, version.generation, version.architecture]).toEqual([sku, generation, architecture]);
    expect(version.features).toEqual(features);
  });
});

describe('an image of an edge zone whose definition is empty', () => {
  const nameless = 'AKSUbuntu--2022.04.27';

  it.each([nameless, 'AKSUbuntu::2022.04.27'])('%s is read, and put together again', (text) => {
    const { gallery, definition, family, release, releaseDate, os, sku, raw } = parsed(text);
    expect({ gallery, definition, family, release, releaseDate, os, sku, raw }).toEqual({
      gallery: 'AKSUbuntu',
      definition: '',
      family: 'AKSUbuntu-',
      release: '2022.04.27',
      releaseDate: '2022-04-27',
      os: 'Linux',
      sku: undefined,
      raw: text,
    });
  });

  it.each([
    'AKSUbuntu--2022.05.10',
    'AKSUbuntu-2022.05.10',
    'AKSUbuntu-1804-2022.05.10',
    'AKSUbuntu-2204gen2containerd-202601.07.0',
    'AKSUbuntuEdgeZone--2022.04.27',
  ])('is neither newer nor older than %s', (other) => {
    expect(compareReleases(parsed(nameless), parsed(other))).toBeUndefined();
    expect(compareReleases(parsed(other), parsed(nameless))).toBeUndefined();
    expect([isNewer(nameless, other), isNewer(other, nameless)]).toEqual([undefined, undefined]);
  });

  it('is the same as itself alone, however it is written', () => {
    expect(isNewer(nameless, nameless)).toBe(false);
    expect(isNewer(nameless, 'AKSUbuntu::2022.04.27')).toBe(false);
  });
});

describe('names that only look like known ones', () => {
  it.each([
    ['AKSUbuntu-minimal-202512.18.0', undefined],
    ['AKSUbuntu-gen2204-202512.18.0', undefined],
    ['AKSEdgeZoneUbuntu-2204gen2containerd-202512.18.0', undefined],
    ['AKSWindows-20348.4171.251014', undefined],
    ['AKSWindows--2022-20348.4171.251014', undefined],
    ['AKSAzureLinux-gen2-202512.18.0', undefined],
    ['AKSAzureLinux-xV3gen2-202512.18.0', undefined],
    ['AKSAzureLinux-V10gen2-202512.18.0', 'AzureLinux10'],
  ])('%s has the SKU %s', (text, sku) => {
    expect(parsed(text).sku).toBe(sku);
  });

  it('leaves the hardware open for short names alone, in every gallery of Ubuntu', () => {
    expect(parsed('AKSUbuntuEdgeZone-2404-202512.18.0')).not.toHaveProperty('generation');
    expect(parsed('AKSUbuntu-2204fips2204-202512.18.0')).toMatchObject({ generation: 1, architecture: 'x64' });
  });
});

describe('compareReleases', () => {
  const ubuntu = 'AKSUbuntu-2204gen2containerd';
  const windows = 'AKSWindows-2022-containerd';

  it.each([
    ['a month', `${ubuntu}-202509.18.0`, `${ubuntu}-202512.18.0`],
    ['a patch of the same day', `${ubuntu}-202512.18.0`, `${ubuntu}-202512.18.1`],
    ['patches as numbers, not as text', `${ubuntu}-202512.18.9`, `${ubuntu}-202512.18.10`],
    [
      'the older scheme, which as text or as numbers would be newer than all',
      `${ubuntu}-2022.10.03`,
      `${ubuntu}-202307.12.0`,
    ],
    ['a security patch, over the release that it patches', `${ubuntu}-202410.27.0`, `${ubuntu}-202410.27.0-2024.12.01`],
    ['a later security patch', `${ubuntu}-202410.27.0-2024.12.01`, `${ubuntu}-202410.27.0-2024.12.09`],
    ['a release, over any security patch of an older one', `${ubuntu}-202410.27.0-2024.12.01`, `${ubuntu}-202411.03.0`],
    ['Windows revisions as numbers', `${windows}-20348.643.220413`, `${windows}-20348.2340.240401`],
    ['a Windows image rebuilt on the same revision', `${windows}-20348.2402.240410`, `${windows}-20348.2402.240423`],
  ])('%s: %s is older than %s', (_, older, newer) => {
    expect(compareReleases(parsed(older), parsed(newer))).toBeLessThan(0);
    expect(compareReleases(parsed(newer), parsed(older))).toBeGreaterThan(0);
    expect(compareReleases(parsed(older), parsed(older))).toBe(0);
  });

  it.each([
    ['definitions', `${ubuntu}-202512.18.0`, 'AKSUbuntu-2404gen2containerd-202512.18.0'],
    ['galleries', 'AKSAzureLinux-V2gen2-202512.18.0', 'AKSCBLMariner-V2gen2-202512.18.0'],
    [
      'an edge zone and a region',
      'AKSUbuntu-2204containerd-202512.18.0',
      'AKSUbuntuEdgeZone-2204containerd-202512.18.0',
    ],
    ['schemes of Linux and Windows', 'AKSNimbus-v9-202512.18.0', 'AKSNimbus-v9-20348.2402.240410'],
  ])('has no order across %s', (_, a, b) => {
    expect(compareReleases(parsed(a), parsed(b))).toBeUndefined();
    expect(compareReleases(parsed(b), parsed(a))).toBeUndefined();
  });

  const twoDigits = (min: number, max: number) =>
    fc.integer({ min, max }).map((value) => String(value).padStart(2, '0'));
  const linuxRelease = fc
    .tuple(
      fc.integer({ min: 2020, max: 2022 }),
      twoDigits(1, 12),
      twoDigits(1, 28),
      fc.option(fc.nat(11)),
      fc.option(twoDigits(1, 28)),
    )
    .map(([year, month, day, patch, patched]) => {
      const release = patch === null ? `${year}.${month}.${day}` : `${year}${month}.${day}.${patch}`;
      return parsed(`${ubuntu}-${release}${patched === null ? '' : `-2023.01.${patched}`}`);
    });
  const windowsRelease = fc
    .tuple(fc.integer({ min: 10000, max: 10003 }), fc.nat(2000), twoDigits(1, 12))
    .map(([build, ubr, month]) => parsed(`${windows}-${build}.${ubr}.25${month}01`));

  it('is total within a family', () => {
    for (const release of [linuxRelease, windowsRelease]) {
      fc.assert(
        fc.property(release, release, release, (a, b, c) => {
          const [ab, ba, bc, ac] = [
            compareReleases(a, b),
            compareReleases(b, a),
            compareReleases(b, c),
            compareReleases(a, c),
          ];
          if (ab === undefined || ba === undefined || bc === undefined || ac === undefined) throw new Error('no order');
          expect(Math.sign(ab)).toBe(0 - Math.sign(ba));
          if (ab <= 0 && bc <= 0) expect(ac).toBeLessThanOrEqual(0);
          if (a.release === b.release) expect(ab === 0).toBe(a.securityPatch === b.securityPatch);
        }),
      );
    }
  });

  it('never makes the later release date the older release on Linux', () => {
    fc.assert(
      fc.property(linuxRelease, linuxRelease, (a, b) => {
        fc.pre(a.releaseDate < b.releaseDate);
        expect(compareReleases(a, b)).toBeLessThan(0);
      }),
    );
  });
});

describe('ageInDays', () => {
  const version = parsed('AKSUbuntu-2204gen2containerd-202512.18.0-2026.01.20');

  it.each([
    ['2025-12-17T23:59:59.999Z', -1],
    ['2025-12-18T00:00:00Z', 0],
    ['2025-12-18T23:59:59.999999999Z', 0],
    ['2025-12-19T00:00:00Z', 1],
    ['2026-03-18T12:00:00Z', 90],
  ])('at %s it is %i', (now, days) => {
    expect(ageInDays(version, Temporal.Instant.from(now))).toBe(days);
  });
});
