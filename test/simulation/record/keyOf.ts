// How a cluster is named wherever the simulation keeps something of it. Used by all of it, the judges included.

/** `subscription|resource group|name` of a cluster's ARM id, in lower case. */
export function keyOf(id: string): string {
  const [, , subscription, , group, , , , name] = id.split('/');
  return `${subscription}|${group}|${name}`.toLowerCase();
}
