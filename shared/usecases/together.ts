// Work that comes while other work on the same thing is under way is done together, in one go after it: a flood costs storage
// no more than a few requests at a time. In this process only. Called by the receivers of events, and where the history's clusters are found.

type Group<Item, Result> = { readonly items: Item[]; readonly done: Promise<Result> };

type Scope<Item, Result> = {
  readonly last: Map<string, Promise<Result>>;
  readonly next: Map<string, Group<Item, Result>>;
};

/**
 * Whoever joins a group is done when the group is; a failure is everybody's in it, and nobody's after it.
 * @param work is never under way twice at once for the same `about` of the same `scope`, and begins after all its items came
 */
export function together<Context, Item, Result>(
  scopeOf: (context: Context) => object,
  work: (context: Context, about: string, items: readonly Item[]) => Promise<Result>,
): (context: Context, about: string, item: Item) => Promise<Result> {
  const scopes = new WeakMap<object, Scope<Item, Result>>();
  return (context, about, item) => {
    const scope = scopes.get(scopeOf(context)) ?? {
      last: new Map<string, Promise<Result>>(),
      next: new Map<string, Group<Item, Result>>(),
    };
    scopes.set(scopeOf(context), scope);
    const { last, next } = scope;
    const group = next.get(about);
    if (group) {
      group.items.push(item);
      return group.done;
    }
    const items = [item];
    const begin = () => {
      next.delete(about);
      return work(context, about, items);
    };
    const before: Promise<unknown> = last.get(about) ?? Promise.resolve();
    const done: Promise<Result> = before.then(begin, begin).finally(() => {
      if (last.get(about) === done) last.delete(about);
    });
    next.set(about, { items, done });
    last.set(about, done);
    return done;
  };
}
