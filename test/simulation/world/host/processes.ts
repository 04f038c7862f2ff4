// The process of each instance, in which invocations share what the keeper remembers by its tables: what one does for many at once
// must be seen where events come in floods. Used by dependencies.ts.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Tables } from '../../../../shared/ports/tables.ts';
import type { Invocation } from '../../record/record.ts';

export type Processes = {
  /** The same object for all invocations of a process; each call goes by the ports of whose work it is. */
  readonly tablesOf: (invocation: Invocation) => Tables;
  readonly within: <T>(own: Tables, work: () => Promise<T>) => Promise<T>;
};

type Process = { readonly tables: Tables; readonly invocations: Set<Invocation> };

export function createProcesses(): Processes {
  const current = new AsyncLocalStorage<Tables>();
  const processes = new Map<Invocation['instance'], Process>();
  const own = (): Tables => current.getStore() as Tables;
  const start = (): Process => ({
    tables: {
      get: (...of) => own().get(...of),
      query: (...of) => own().query(...of),
      write: (...of) => own().write(...of),
    },
    invocations: new Set(),
  });
  return {
    tablesOf: (invocation) => {
      const known = processes.get(invocation.instance);
      for (const one of known?.invocations ?? [])
        if (one.outcome === 'done' || one.outcome === 'failed') known?.invocations.delete(one);
      // What died under an invocation, died with its process.
      const isDead = [...(known?.invocations ?? [])].some(({ alive }) => !alive);
      const process = known && !isDead ? known : start();
      processes.set(invocation.instance, process);
      process.invocations.add(invocation);
      return process.tables;
    },
    within: (tables, work) => current.run(tables, work),
  };
}
