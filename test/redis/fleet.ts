import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Test } from 'tap'
import { environment } from '../installed.js'

/** The database of the test: all servers ask it. */
export interface Database {
  readonly allowed: Set<string>
  readonly asked: string[]
  /** How many milliseconds an answer takes; it is what held when it was asked. */
  delay: number
}

/** A server in a process of its own. */
export interface Server {
  readonly url: string
  readonly allows: (origin: string) => Promise<boolean>
  /** Resolves with the code of the error, or `null`. */
  readonly invalidate: (origin?: string) => Promise<string | null>
  readonly stats: () => Promise<Record<string, number>>
}

export function createDatabase (...allowed: string[]): Database {
  return { allowed: new Set(allowed), asked: [], delay: 1 }
}

/** Starts servers that share a Redis and a database. */
export function startServers (t: Test, count: number, database: Database, url: string, options: object): Promise<Server[]> {
  return Promise.all(Array.from({ length: count }, () => startServer(t, database, url, options)))
}

async function startServer (t: Test, database: Database, redis: string, options: object): Promise<Server> {
  const child = fork(join(__dirname, 'server.mjs'), [JSON.stringify({ url: redis, options })], { env: environment(), execArgv: [] })
  t.teardown(async () => {
    if (child.connected) child.disconnect()
    if (child.exitCode === null) await once(child, 'exit')
  })
  child.on('message', ({ type, id, origin }: { type: string, id: number, origin: string }) => {
    if (type !== 'lookup') return
    database.asked.push(origin)
    const allowed = database.allowed.has(origin)
    setTimeout(() => { if (child.connected) child.send({ type: 'answer', id, allowed }) }, database.delay)
  })
  const { url } = await said<{ url: string }>(child, 'listening')
  return {
    url,
    async allows (origin) {
      const { headers } = await fetch(url, { headers: { origin } })
      return headers.get('access-control-allow-origin') === origin
    },
    async invalidate (origin) {
      const answer = said<{ error: string | null }>(child, 'invalidated')
      child.send({ type: 'invalidate', origin })
      return (await answer).error
    },
    async stats () {
      const answer = said<{ stats: Record<string, number> }>(child, 'stats')
      child.send({ type: 'stats' })
      return (await answer).stats
    }
  }
}

/** The next message of a type. */
function said<T> (child: ChildProcess, type: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`the server ended with ${String(code)}`))
    const listen = (message: T & { type: string }): void => {
      if (message.type !== type) return
      child.off('message', listen)
      child.off('exit', ended)
      resolve(message)
    }
    child.on('message', listen)
    child.once('exit', ended)
  })
}
