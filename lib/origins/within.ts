/**
 * Waits for a promise, but not for ever. Where this process was busy until the time was over, what has come meanwhile still
 * counts: it is read before the promise is given up.
 *
 * @param milliseconds the limit
 * @param late makes the error that is thrown then
 */
export async function within<T> (promise: Promise<T>, milliseconds: number, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  let afterwards: NodeJS.Immediate | undefined
  const lateness = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      afterwards = setImmediate(() => reject(late()))
    }, milliseconds)
  })
  try {
    return await Promise.race([promise, lateness])
  } finally {
    clearTimeout(timer)
    clearImmediate(afterwards)
  }
}
