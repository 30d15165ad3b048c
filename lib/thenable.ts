// For values that may have to be waited for, and must not be where they are there already.

/** Whether a value is a promise, of whatever library. */
export function isThenable (value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

/** What a function makes of a value: at once where the value is there, otherwise once it is. */
export function chain<T, U> (value: T | Promise<T>, next: (value: T) => U | Promise<U>): U | Promise<U> {
  return value instanceof Promise ? value.then(next) : next(value)
}

/** All values: at once where they are there, otherwise once they are. */
export function all<T> (values: ReadonlyArray<T | Promise<T>>): readonly T[] | Promise<T[]> {
  const present = values.filter((value): value is T => !(value instanceof Promise))
  return present.length === values.length ? present : Promise.all(values)
}
