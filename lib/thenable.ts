// Helpers for values that may be promises: what is there already is used synchronously.

/** True for a promise of any library. */
export function isThenable (value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

/** Calls `next` with the value: synchronously, unless it is a promise. */
export function chain<T, U> (value: T | Promise<T>, next: (value: T) => U | Promise<U>): U | Promise<U> {
  return value instanceof Promise ? value.then(next) : next(value)
}

/** Maps values by a function that may return promises: synchronously, unless it does. */
export function forEach<T, U> (values: readonly T[], make: (value: T) => U | Promise<U>): readonly U[] | Promise<U[]> {
  const made: Array<U | Promise<U>> = []
  for (const value of values) {
    try {
      made.push(make(value))
    } catch (error) {
      if (made.length === 0) throw error
      // The promises made so far may fail too: nobody else handles them.
      const fail = async (): Promise<never> => { throw error }
      return Promise.all([...made, fail()])
    }
  }
  const present = made.filter((value): value is U => !(value instanceof Promise))
  return present.length === made.length ? present : Promise.all(made)
}
