// Every retirement of a node OS that AKS announced, by SKU as NodeImageVersion names it: the one place for them. Read again
// against its source, an entry gets a new `readOn`. Used by imageSupport.

export type Retirement = {
  /** ISO date from which there are no new images and no support; absent where only the fact is known. */
  readonly date?: string;
  /** ISO date on which AKS removes the images, after which pools can't scale; absent where no other day was announced. */
  readonly imagesRemoved?: string;
  /** Path below github.com/Azure/AKS. */
  readonly source: string;
  readonly readOn: string;
};

const azureLinux2: Retirement = {
  date: '2025-11-30',
  imagesRemoved: '2026-03-31',
  source: 'issues/4988',
  readOn: '2026-11-28',
};

export const retirements: Readonly<Record<string, Retirement>> = {
  Ubuntu1604: { source: 'pull/2466', readOn: '2026-11-27' },
  Ubuntu1804: { date: '2025-06-17', source: 'issues/4873', readOn: '2026-11-28' },
  Ubuntu2004: { date: '2027-03-17', source: 'issues/4874', readOn: '2026-11-28' },
  Ubuntu2204: { date: '2027-06-30', imagesRemoved: '2028-04-30', source: 'issues/5701', readOn: '2026-11-28' },
  CBLMariner: azureLinux2,
  AzureLinux2: azureLinux2,
  AzureLinuxOSGuard: {
    date: '2026-12-10',
    imagesRemoved: '2027-03-10',
    source: 'issues/5950',
    readOn: '2026-11-28',
  },
  Flatcar: { date: '2026-06-08', imagesRemoved: '2026-09-08', source: 'issues/5648', readOn: '2026-11-28' },
  Windows2019: { date: '2026-03-01', imagesRemoved: '2027-04-01', source: 'issues/4091', readOn: '2026-11-28' },
  Windows2022: {
    date: '2028-06-30',
    imagesRemoved: '2029-06-30',
    source: 'releases/tag/2026-06-19',
    readOn: '2026-11-27',
  },
  WindowsAnnual: { date: '2026-05-15', imagesRemoved: '2027-05-15', source: 'issues/5608', readOn: '2026-11-28' },
};
