import type { FastifyInstance } from 'fastify'

/** The address that programs are told they listen at. */
const ADDRESS = { address: '127.0.0.1', family: 'IPv4', port: 0 }

/**
 * Has `listen()` of an application, and of its server, boot the application without opening a port: it may be taken.
 *
 * @param onListen gets the boot, which may fail
 */
export function keepFromListening (root: FastifyInstance, onListen: (boot: PromiseLike<unknown>) => void): void {
  const { server } = root
  const boot = (): PromiseLike<unknown> => {
    const booting = root.ready()
    onListen(booting)
    return booting
  }
  Reflect.set(server, 'address', () => ADDRESS)
  Reflect.set(server, 'listen', (...args: unknown[]) => {
    const callback = args.find(isCallback)
    if (callback !== undefined) server.once('listening', callback)
    boot().then(() => server.emit('listening'), (error: unknown) => server.emit('error', error))
    return server
  })
  Reflect.set(root, 'listen', async (...args: unknown[]): Promise<string> => {
    const callback = args.find(isCallback)
    const address = `http://${ADDRESS.address}:${ADDRESS.port}`
    try {
      await boot()
    } catch (error) {
      if (callback === undefined) throw error
      callback(error)
      return address
    }
    callback?.(null, address)
    return address
  })
}

type Callback = (error?: unknown, address?: string) => void

function isCallback (value: unknown): value is Callback {
  return typeof value === 'function'
}
