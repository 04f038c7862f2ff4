// What is made of an object that never changes, made once: where thousands of pools ask for the same. Used wherever that is dear.

/** @returns `make`, which is called once for each object, and whose value lives as long as that object */
export function onceFor<Key extends object, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new WeakMap<Key, { readonly value: Value }>();
  return (key) => {
    const known = made.get(key);
    if (known) return known.value;
    const value = make(key);
    made.set(key, { value });
    return value;
  };
}

const maxKnown = 1000;

/** The same for texts and numbers, of which the last thousand or less are kept. */
export function onceForRecent<Key extends string | number, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, { readonly value: Value }>();
  return (key) => {
    const known = made.get(key);
    if (known) return known.value;
    if (made.size >= maxKnown) made.clear();
    const value = make(key);
    made.set(key, { value });
    return value;
  };
}
