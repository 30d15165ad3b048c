import { get } from 'node:http'
import type { Test } from 'tap'
import type { Call, Hello, Update } from '../../lib/inspector/wire.js'

/** What an inspector tells, as it comes. */
export interface Feed {
  readonly hello: Hello
  /** The newest state of every call, in the order in which they began. */
  readonly calls: () => Call[]
  readonly seen: () => number
  /** Resolves once the calls are as they are waited for. */
  readonly until: (isSo: (calls: Call[]) => boolean) => Promise<Call[]>
  readonly ended: Promise<void>
}

/** Reads the server-sent events of an inspector for the length of a test. */
export function readFeed (t: Test, origin: string, prefix = '/_cors'): Promise<Feed> {
  return new Promise((resolve, reject) => {
    const known = new Map<string, Call>()
    const waiting = new Set<() => void>()
    let seen = 0
    let text = ''
    let end = (): void => {}
    const ended = new Promise<void>(resolve => { end = resolve })
    const take = (update: Update): void => {
      for (const call of update.calls) known.set(call.id, call)
      seen = update.seen
      for (const look of waiting) look()
    }
    const feed = (hello: Hello): Feed => ({
      hello,
      calls: () => [...known.values()],
      seen: () => seen,
      until: isSo => new Promise(resolve => {
        const look = (): void => {
          const calls = [...known.values()]
          if (!isSo(calls)) return
          waiting.delete(look)
          resolve(calls)
        }
        waiting.add(look)
        look()
      }),
      ended
    })
    const request = get(`${origin}${prefix}/events`, response => {
      if (response.statusCode !== 200) reject(new Error(`answered ${response.statusCode}`))
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
        const blocks = text.split('\n\n')
        text = blocks.pop() ?? ''
        for (const block of blocks) {
          const lines = new Map(block.split('\n').map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]))
          if (!lines.has('data')) continue
          const data = JSON.parse(lines.get('data') ?? '') as Hello
          take(data)
          if (lines.get('event') === 'hello') resolve(feed(data))
        }
      })
      response.on('close', end)
      response.on('error', () => {})
    })
    request.on('error', reject)
    t.teardown(() => request.destroy())
  })
}
