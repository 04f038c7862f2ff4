// Creates tables and queues on their first use. Used by azureTables and azureQueues.

/** Calls at the same time share one `create`; after a failure the next call tries again. */
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
