// Creates tables and queues on their first use. Used by azureTables and azureQueues.

export function createOnFirstUse<Name extends string, Client>(create: (name: Name) => Promise<Client>) {
  const created = new Map<Name, Promise<Client>>();
  return (name: Name) => {
    const forget = (error: unknown) => {
      created.delete(name);
      throw error;
    };
    const client = created.get(name) ?? create(name).catch(forget);
    created.set(name, client);
    return client;
  };
}
