import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { createServer } from 'node:net'
import { Redis } from 'ioredis'
import type { Test } from 'tap'

/** A Redis of its own, which the test stops and starts again. */
export interface RedisServer {
  readonly port: string
  readonly url: string
  readonly start: () => Promise<void>
  /** Ends it as a crash would. */
  readonly stop: () => Promise<void>
  /** A connection to it. */
  readonly connect: () => Redis
}

/** Starts Redis on a free port. It keeps no data on disk. */
export async function redisServer (t: Test, ...more: readonly string[]): Promise<RedisServer> {
  if (spawnSync('redis-server', ['--version']).error !== undefined) {
    throw new Error('redis-server is missing: sudo apt-get install -y --no-install-recommends redis-server')
  }
  const port = await freePort()
  let server: ChildProcess | undefined

  async function start (): Promise<void> {
    const child = spawn('redis-server', ['--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...more], { stdio: ['ignore', 'pipe', 'inherit'] })
    server = child
    await new Promise<void>((resolve, reject) => {
      child.once('exit', code => reject(new Error(`redis-server ended with ${String(code)}`)))
      child.stdout.on('data', text => { if (String(text).includes('Ready to accept connections')) resolve() })
    })
  }

  async function stop (): Promise<void> {
    const child = server
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    await new Promise(resolve => {
      child.once('exit', resolve)
      child.kill('SIGKILL')
    })
  }

  await start()
  t.teardown(stop)
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    start,
    stop,
    connect () {
      const client = new Redis(`redis://127.0.0.1:${port}`)
      client.on('error', () => {})
      t.teardown(() => client.disconnect())
      return client
    }
  }
}

function freePort (): Promise<string> {
  return new Promise(resolve => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? String(address.port) : ''))
    })
  })
}
