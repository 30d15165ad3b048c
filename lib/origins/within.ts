/**
 * Waits for a promise for a limited time.
 *
 * @param milliseconds the limit
 * @param late makes the error that is thrown then
 */
export async function within<T> (promise: Promise<T>, milliseconds: number, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const lateness = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), milliseconds)
  })
  try {
    return await Promise.race([promise, lateness])
  } finally {
    clearTimeout(timer)
  }
}
