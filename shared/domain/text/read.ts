// A value that was read, or why there is none. Used wherever what can't be read must not pass for what is not there.

/** A value that was read, or why it could not be. JSON drops `value` when it is undefined: ask for `problem`. */
export type Read<T> = { readonly value?: T | undefined } | { readonly problem: string };

export const valueIn = <T>(read: Read<T>): T | undefined => ('problem' in read ? undefined : read.value);
