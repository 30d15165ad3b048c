// For values that may have to be waited for, and must not be where they are there already.

/** Whether a value is a promise, of whatever library. */
export function isThenable (value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

/** What a function makes of a value: at once where the value is there, otherwise once it is. */
export function chain<T, U> (value: T | Promise<T>, next: (value: T) => U | Promise<U>): U | Promise<U> {
  return value instanceof Promise ? value.then(next) : next(value)
}

/** What a function makes of each value: at once where all of it is there, otherwise once it is. */
export function forEach<T, U> (values: readonly T[], make: (value: T) => U | Promise<U>): readonly U[] | Promise<U[]> {
  const made: Array<U | Promise<U>> = []
  for (const value of values) {
    try {
      made.push(make(value))
    } catch (error) {
      if (made.length === 0) throw error
      // What is being waited for already may fail as well, and somebody has to listen.
      const fail = async (): Promise<never> => { throw error }
      return Promise.all([...made, fail()])
    }
  }
  const present = made.filter((value): value is U => !(value instanceof Promise))
  return present.length === made.length ? present : Promise.all(made)
}
