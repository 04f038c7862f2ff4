// Names of Azure, which compare in any case. Used all over the simulator, by the fleet and by the view.
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

export function lastPart(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/** "West Europe" and "westeurope" are one region. */
export function normalizeRegion(location: string): string {
  return location.replaceAll(' ', '').toLowerCase();
}

/** The last of the items that share a name. */
export function uniqueBy<Item>(items: readonly Item[], nameOf: (item: Item) => string): readonly Item[] {
  return [...new Map(items.map((item) => [nameOf(item).toLowerCase(), item])).values()];
}
