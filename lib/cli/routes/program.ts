import { setImmediate } from 'node:timers/promises'

/** How a program ended while it was loaded: by an exit code, or by an error that it did not catch. */
export type ProgramEnd = { readonly exitCode: unknown } | { readonly error: unknown }

/**
 * Loads a program into this process, and keeps it from ending the process.
 *
 * @param reasonFor makes an error of the way in which the program ended
 * @throws what `load` throws, or that reason
 */
export async function loadProgram<T> (load: () => Promise<T>, reasonFor: (end: ProgramEnd) => Error): Promise<T> {
  const exit: unknown = Reflect.get(process, 'exit')
  const stop = new AbortController()
  const ended = new Promise<never>((_resolve, reject) => {
    const onError = (error: unknown): void => { reject(reasonFor({ error })) }
    process.on('uncaughtException', onError)
    stop.signal.addEventListener('abort', () => process.off('uncaughtException', onError))
    Reflect.set(process, 'exit', (exitCode: unknown) => {
      reject(reasonFor({ exitCode }))
      // Whoever ends a process counts on it.
      throw new Error(`process.exit(${String(exitCode)})`)
    })
  })
  try {
    return await Promise.race([load(), ended])
  } finally {
    // The error above, which no one catches, comes before this.
    await setImmediate()
    stop.abort()
    Reflect.set(process, 'exit', exit)
  }
}

/**
 * Silences what the plugin warns of where there is no logger, since the report says it.
 *
 * @returns ends the silence
 */
export function silenceCorsWarnings (): () => void {
  const listeners = process.listeners('warning')
  const hear = (warning: Error): void => {
    if (warning.name !== 'CorsWarning') for (const listener of listeners) listener(warning)
  }
  process.removeAllListeners('warning').on('warning', hear)
  return () => {
    process.off('warning', hear)
    for (const listener of listeners) process.on('warning', listener)
  }
}

/** Waits for a promise as long as the program has something to do, and no longer than a time in milliseconds. */
export async function whileBusy<T> (promise: Promise<T>, longest: number): Promise<T | undefined> {
  const stop = new AbortController()
  const idle = new Promise<undefined>(resolve => {
    const end = (): void => { resolve(undefined) }
    const timer = setTimeout(end, longest).unref()
    process.once('beforeExit', end)
    stop.signal.addEventListener('abort', () => {
      clearTimeout(timer)
      process.off('beforeExit', end)
    })
  })
  try {
    return await Promise.race([promise, idle])
  } finally {
    stop.abort()
  }
}
