import { computed, signal } from '@preact/signals'
import type { Call, Hello, Update } from '../../wire.js'

export type Connection = 'listening' | 'reconnecting'

/** Reads a feed, and reconnects by itself. */
export class FeedReader {
  readonly connection = signal<Connection>('reconnecting')
  readonly hello = signal<Hello | null>(null)
  /** By their ids, in the order in which they began. */
  private readonly known = signal<ReadonlyMap<string, Call>>(new Map())
  /** Newest first. */
  readonly calls = computed(() => [...this.known.value.values()].reverse())
  /** The number of calls that were too many to send. */
  readonly leftOut = signal(0)
  private seen = 0
  /** Identifiers of the calls that a person cleared. A server that still has them sends them again. */
  private cleared: ReadonlySet<string> = new Set()
  private source: EventSource | null = null

  constructor (private readonly url: string) {}

  open (): void {
    this.source?.close()
    const source = new EventSource(this.url)
    this.source = source
    source.addEventListener('open', () => { this.connection.value = 'listening' })
    source.addEventListener('error', () => {
      this.connection.value = 'reconnecting'
      // The browser gives up if the answer is no feed: a proxy may answer for a server that is gone.
      if (source.readyState === EventSource.CLOSED) setTimeout(() => { if (this.source === source) this.open() }, RETRY)
    })
    source.addEventListener('hello', event => {
      const hello = JSON.parse(String(event.data)) as Hello
      const isOther = hello.run !== this.hello.value?.run
      this.hello.value = hello
      // After another run, only the remembered calls are known.
      if (isOther) {
        this.seen = hello.seen - hello.calls.length
        this.leftOut.value = 0
      }
      this.take(hello)
    })
    source.addEventListener('calls', event => this.take(JSON.parse(String(event.data)) as Update))
  }

  /** Forgets all calls, and returns a function that restores them. */
  clear (): () => void {
    const [before, cleared] = [this.known.value, this.cleared]
    this.known.value = new Map()
    this.cleared = new Set([...cleared, ...before.keys()])
    this.leftOut.value = 0
    return () => {
      this.known.value = new Map([...before, ...this.known.value])
      this.cleared = cleared
    }
  }

  private take ({ calls, seen }: Update): void {
    const known = new Map(this.known.value)
    const fresh = calls.filter(({ id }) => !known.has(id) && !this.cleared.has(id)).length
    for (const call of calls) if (!this.cleared.has(call.id)) known.set(call.id, call)
    this.leftOut.value += Math.max(0, seen - this.seen - fresh)
    this.seen = seen
    const capacity = this.hello.value?.capacity ?? 0
    for (const id of known.keys()) {
      if (known.size <= capacity) break
      known.delete(id)
    }
    this.known.value = known
  }
}

const RETRY = 1000
