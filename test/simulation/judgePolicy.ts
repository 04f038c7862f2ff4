// The checker's own reading of a policy. Called by the judges.

type Selector = {
  readonly subscription?: string;
  readonly resourceGroup?: string;
  readonly cluster?: string;
  readonly tags?: Record<string, string>;
};

/** True when this policy lets a cluster's pools be started. */
export function selectsCluster(policy: unknown, clusterKey: string, tags: Record<string, string>): boolean {
  if (typeof policy !== 'object' || policy === null) return false;
  const { mode, selectors } = policy as { readonly mode?: string; readonly selectors?: readonly Selector[] };
  if (mode !== 'enforce') return false;
  const [subscription = '', group = '', name = ''] = clusterKey.split('|');
  return (selectors ?? [{}]).some(
    (selector) =>
      fits(selector.subscription, subscription) &&
      fits(selector.resourceGroup, group) &&
      fits(selector.cluster, name) &&
      Object.entries(selector.tags ?? {}).every(([tag, value]) => tags[tag] === value),
  );
}

/** Only a star at the end is used here. */
function fits(pattern: string | undefined, name: string): boolean {
  if (pattern === undefined) return true;
  const wanted = pattern.toLowerCase();
  return wanted.endsWith('*') ? name.startsWith(wanted.slice(0, -1)) : name === wanted;
}
