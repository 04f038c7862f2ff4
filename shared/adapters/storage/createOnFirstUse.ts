// Creates tables, queues and clients on their first use; what fails is tried again at the next. Used by the adapters whose SDK is
// loaded when it is first needed.

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

export function onFirstUse<Client>(create: () => Promise<Client>): () => Promise<Client> {
  const open = createOnFirstUse(create);
  return () => open('client');
}
