import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { imageSupport, releaseNotesUrl } from '../../../shared/domain/image/imageSupport.ts';
import type { NodeImageVersion } from '../../../shared/domain/image/nodeImageVersion.ts';
import { parseNodeImageVersion } from '../../../shared/domain/image/nodeImageVersion.ts';
import { retirements } from '../../../shared/domain/image/retirements.ts';
import { parseDay } from '../../../shared/domain/window/calendarDay.ts';

function parsed(text: string): NodeImageVersion {
  const version = parseNodeImageVersion(text);
  if (!version) throw new Error(`${text} was not parsed`);
  return version;
}

describe('the table of families, each with its source', () => {
  const aks = 'https://github.com/Azure/AKS';

  it.each([
    ['AKSUbuntu-1604-2020.03.11', 'Ubuntu1604 retired', `${aks}/pull/2466`],
    [
      'AKSUbuntu-1804-202610.01.0',
      'Ubuntu1804 retired on 2025-06-17, and AKS removes its images on 2025-06-17',
      `${aks}/issues/4873`,
    ],
    [
      'AKSUbuntu-2004gen2-202610.01.0',
      'Ubuntu2004 retires on 2027-03-17, and AKS removes its images on 2027-03-17',
      `${aks}/issues/4874`,
    ],
    [
      'AKSUbuntu-2204gen2containerd-202610.01.0',
      'Ubuntu2204 retires on 2027-06-30, and AKS removes its images on 2028-04-30',
      `${aks}/issues/5701`,
    ],
    [
      'AKSCBLMariner-V2gen2-202610.01.0',
      'CBLMariner retired on 2025-11-30, and AKS removes its images on 2026-03-31',
      `${aks}/issues/4988`,
    ],
    [
      'AKSAzureLinux-V2gen2-202610.01.0',
      'AzureLinux2 retired on 2025-11-30, and AKS removes its images on 2026-03-31',
      `${aks}/issues/4988`,
    ],
    [
      'AKSAzureLinux-OSGuardV3gen2-202610.01.0',
      'AzureLinuxOSGuard retires on 2026-12-10, and AKS removes its images on 2027-03-10',
      `${aks}/issues/5950`,
    ],
    [
      'AKSFlatcar-flatcargen2-202610.01.0',
      'Flatcar retired on 2026-06-08, and AKS removes its images on 2026-09-08',
      `${aks}/issues/5648`,
    ],
    [
      'AKSWindows-2019-containerd-17763.8027.261001',
      'Windows2019 retired on 2026-03-01, and AKS removes its images on 2027-04-01',
      `${aks}/issues/4091`,
    ],
    [
      'AKSWindows-2022-containerd-20348.4294.261001',
      'Windows2022 retires on 2028-06-30, and AKS removes its images on 2029-06-30',
      `${aks}/releases/tag/2026-06-19`,
    ],
    [
      'AKSWindows-23H2-25398.1913.261001',
      'WindowsAnnual retired on 2026-05-15, and AKS removes its images on 2027-05-15',
      `${aks}/issues/5608`,
    ],
  ])('%s: %s', (text, sentence, source) => {
    const support = imageSupport(parsed(text), Temporal.Instant.from('2026-11-01T00:00Z'));
    const [, date] = / on (\S+),/.exec(sentence) ?? [];
    expect(support).toStrictEqual({
      status: sentence.includes('retires') ? 'retiring' : 'retired',
      ...(date !== undefined && { date }),
      reason: `${sentence}: move the pool to a supported OS version (${source}).`,
    });
  });

  it('has for each retirement a source, the day on which it was read, and dates that are days in order', () => {
    for (const [sku, { date, imagesRemoved, source, readOn }] of Object.entries(retirements)) {
      expect(source, sku).toMatch(/^(?:issues|pull|releases\/tag)\/[\d-]+$/);
      for (const day of [date, imagesRemoved, readOn]) {
        if (day !== undefined) expect(parseDay(day), `${sku} ${day}`).toBeDefined();
      }
      expect((imagesRemoved ?? date ?? '') >= (date ?? ''), sku).toBe(true);
    }
  });

  it('says what it does not know', () => {
    expect(imageSupport(parsed('AKSNimbus-v9-202610.01.0'), Temporal.Instant.from('2026-11-01T00:00Z'))).toStrictEqual({
      status: 'unknown',
      reason: 'Nothing is known about the support of image family AKSNimbus-v9.',
    });
  });

  it.each([
    ['AKSUbuntu-1804-202410.01.0', 'aks-ubuntu/AKSUbuntu-1804/202410.01.0.txt'],
    ['AKSWindows-2022-containerd-20348.4294.261001', 'AKSWindows/2022/20348.4294.261001.txt'],
    ['AKSWindows-2025-gen2-26100.1742.261001', 'AKSWindows/2025/26100.1742.261001.txt'],
  ])('has the notes of %s', (text, path) => {
    expect(releaseNotesUrl(parsed(text))).toBe(`${aks}/blob/master/vhd-notes/${path}`);
  });
});

describe('imageSupport', () => {
  it.each([
    [
      'on its last supported day',
      'AKSUbuntu-2204gen2containerd-202512.18.0',
      '2026-03-18T23:59:59Z',
      'retiring',
      '2027-06-30',
    ],
    [
      'on its last supported day, and no retirement announced',
      'AKSUbuntu-2404gen2containerd-202512.18.0',
      '2026-03-18T23:59:59Z',
      'supported',
      '2026-03-18',
    ],
    [
      'a moment later',
      'AKSUbuntu-2204gen2containerd-202512.18.0',
      '2026-03-19T00:00:00Z',
      'outOfSupport',
      '2026-03-18',
    ],
    [
      'before its release date',
      'AKSUbuntu-2204gen2containerd-202512.18.0',
      '2025-12-17T23:59:59Z',
      'unknown',
      undefined,
    ],
    [
      'a security patch makes no image younger',
      'AKSUbuntu-2204gen2containerd-202410.27.0-2024.12.01',
      '2025-01-26T00:00:00Z',
      'outOfSupport',
      '2025-01-25',
    ],
    ['of an unknown family', 'AKSNimbus-v9-202512.18.0', '2026-01-01T00:00:00Z', 'unknown', undefined],
    [
      'of an Ubuntu not known yet',
      'AKSUbuntu-2604gen2containerd-202512.18.0',
      '2026-01-01T00:00:00Z',
      'unknown',
      undefined,
    ],
    [
      'of an unknown family, too old for any',
      'AKSNimbus-v9-202512.18.0',
      '2026-04-01T00:00:00Z',
      'outOfSupport',
      '2026-03-18',
    ],
    ['retired for ever', 'AKSUbuntu-1604-2020.03.11', '2020-03-12T00:00:00Z', 'retired', undefined],
    ['retired, however young', 'AKSUbuntu-1804containerd-202506.16.0', '2025-06-17T00:00:00Z', 'retired', '2025-06-17'],
    ['retired, frozen line', 'AKSAzureLinux-V2gen2-202512.18.0', '2025-12-19T00:00:00Z', 'retired', '2025-11-30'],
    ['retired under its old name', 'AKSCBLMariner-V2gen2-202512.18.0', '2025-12-19T00:00:00Z', 'retired', '2025-11-30'],
    [
      'the day before it retires',
      'AKSFlatcar-flatcargen2-202606.01.0',
      '2026-06-07T23:59:59Z',
      'retiring',
      '2026-06-08',
    ],
    ['the day that it retires', 'AKSFlatcar-flatcargen2-202606.01.0', '2026-06-08T00:00:00Z', 'retired', '2026-06-08'],
    ['retiring', 'AKSUbuntu-2004fipscontainerd-202512.18.0', '2026-01-01T00:00:00Z', 'retiring', '2027-03-17'],
    [
      'retiring, and too old',
      'AKSUbuntu-2004fipscontainerd-202512.18.0',
      '2026-04-01T00:00:00Z',
      'outOfSupport',
      '2026-03-18',
    ],
    [
      'retiring in an edge zone too',
      'AKSUbuntuEdgeZone-2004containerd-202512.18.0',
      '2026-01-01T00:00:00Z',
      'retiring',
      '2027-03-17',
    ],
    [
      'Windows Server 2019',
      'AKSWindows-2019-containerd-17763.8389.260210',
      '2026-03-01T00:00:00Z',
      'retired',
      '2026-03-01',
    ],
    [
      'Windows Server 2022',
      'AKSWindows-2022-containerd-20348.4529.251212',
      '2026-01-01T00:00:00Z',
      'retiring',
      '2028-06-30',
    ],
    [
      'the Windows annual channel',
      'AKSWindows-23H2-gen2-25398.2330.260513',
      '2026-05-15T00:00:00Z',
      'retired',
      '2026-05-15',
    ],
    ['OS Guard', 'AKSAzureLinux-OSGuardV3gen2fipsTL-202610.03.0', '2026-11-01T00:00:00Z', 'retiring', '2026-12-10'],
    ['Azure Container Linux', 'AKSAzureLinux-aclgen2TL-202609.23.0', '2026-11-01T00:00:00Z', 'supported', '2026-12-22'],
  ])('%s: %s at %s is %s', (_, text, now, status, date) => {
    const support = imageSupport(parsed(text), Temporal.Instant.from(now));
    expect([support.status, support.date]).toEqual([status, date]);
    expect(support.reason === undefined).toBe(status === 'supported');
  });

  it('gives the reason with its dates and its source', () => {
    const at = Temporal.Instant.from('2026-06-10T00:00:00Z');
    expect(imageSupport(parsed('AKSFlatcar-flatcargen2-202606.01.0'), at).reason).toBe(
      'Flatcar retired on 2026-06-08, and AKS removes its images on 2026-09-08: move the pool to a supported OS version (https://github.com/Azure/AKS/issues/5648).',
    );
    expect(imageSupport(parsed('AKSUbuntu-2204gen2containerd-202601.13.0'), at).reason).toBe(
      'Released on 2026-01-13, 148 days ago; AKS supports a node image for 90 days.',
    );
  });
});

describe('releaseNotesUrl', () => {
  const notes = 'https://github.com/Azure/AKS/blob/master/vhd-notes';

  // Each of these pages was looked up in the repository.
  it.each([
    ['AKSUbuntu-2404gen2containerd-202608.26.0', `${notes}/aks-ubuntu/AKSUbuntu-2404/202608.26.0.txt`],
    ['AKSUbuntu:1604:2020.03.11', `${notes}/aks-ubuntu/AKSUbuntu-1604/2020.03.11.txt`],
    ['AKSAzureLinux-V3gen2-202609.15.0', `${notes}/AzureLinuxv3/202609.15.0.txt`],
    ['AKSAzureLinux-V2gen2-202502.26.0', `${notes}/AzureLinux/202502.26.0.txt`],
    ['AKSCBLMariner-V2gen2-202312.06.0', `${notes}/AKSMariner/202312.06.0.txt`],
    ['AKSWindows-2019-17763.1817.210310', `${notes}/AKSWindows/2019/17763.1817.210310.txt`],
    ['AKSWindows-23H2-gen2-25398.2025.251212', `${notes}/AKSWindows/23H2/25398.2025.251212.txt`],
    ['AKSUbuntu-2204gen2containerd-202501.22.0-2025.02.01', `${notes}/aks-ubuntu/AKSUbuntu-2204/202501.22.0.txt`],
  ])('%s: %s', (text, url) => {
    expect(releaseNotesUrl(parsed(text))).toBe(url);
  });

  it.each([
    'AKSUbuntu-2004fipscontainerd-202512.18.0',
    'AKSFlatcar-flatcargen2-202512.18.0',
    'AKSNimbus-v9-202512.18.0',
  ])('%s has none', (text) => {
    expect(releaseNotesUrl(parsed(text))).toBeUndefined();
  });
});
