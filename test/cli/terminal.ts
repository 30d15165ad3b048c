import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import { main, type Io } from '../../lib/cli/index.js'

/** What the command did. */
export interface Ran {
  readonly exitCode: number
  readonly output: string
  readonly errors: string
}

/** Runs the command in this process. */
export async function run (args: readonly string[], { isTTY = false, columns, env = {} }: { isTTY?: boolean, columns?: number, env?: Io['env'] } = {}): Promise<Ran> {
  const written = { output: '', errors: '' }
  const exitCode = await main(args, {
    stdout: { isTTY, columns, write: text => { written.output += text } },
    stderr: { isTTY, columns, write: text => { written.errors += text } },
    env,
    once: () => {}
  })
  return { exitCode, ...written }
}

/** Lets a server listen on a free port for the length of a test, and returns its URL. */
export async function listen (t: Test, server: Server, scheme = 'http'): Promise<string> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`
}

export function serve (t: Test, listener: RequestListener): Promise<string> {
  return listen(t, createServer(listener))
}
