// The app's hooks, by the moment they run at.
const hookNames = ['appStart', 'appTerminate', 'preInvocation', 'postInvocation', 'log'] as const;
export type HookName = (typeof hookNames)[number];
type HookCallback = (context: object) => unknown;

type Hooks = {
  /** @throws when the library knows a hook that the host does not */
  readonly register: (name: string, callback: HookCallback) => { readonly dispose: () => void };
  readonly of: (name: HookName) => readonly HookCallback[];
};

export function createHooks(): Hooks {
  const hooks = new Map<string, HookCallback[]>(hookNames.map((name) => [name, []]));
  return {
    register: (name, callback) => {
      const registered = hooks.get(name);
      if (!registered) {
        // The library looks for this mark to explain that a host is too old for a hook.
        throw Object.assign(new RangeError(`Unrecognized hook "${name}"`), { isAzureFunctionsSystemError: true });
      }
      registered.push(callback);
      return { dispose: () => remove(registered, callback) };
    },
    of: (name) => hooks.get(name) ?? [],
  };
}

export function remove<T>(items: T[], item: T): void {
  const index = items.indexOf(item);
  if (index >= 0) items.splice(index, 1);
}
