// Tables and queues come into being when they are first used: the memory of which ones have. Used by azureTables and azureQueues.

/**
 * `create` runs once a name, also for calls at the same time; when it fails, those calls fail and the next one tries again.
 */
export function createOnFirstUse<Name extends string, Client>(
  create: (name: Name) => Promise<Client>,
): (name: Name) => Promise<Client> {
  const created = new Map<Name, Promise<Client>>();
  return (name) => {
    const known = created.get(name);
    if (known) return known;
    const creating = create(name).catch((error: unknown) => {
      created.delete(name);
      throw error;
    });
    created.set(name, creating);
    return creating;
  };
}
