import type { FastifyReply } from 'fastify'
import { createSession, type Session } from 'better-sse'
import type { Hello, Update } from './wire.js'

/** The milliseconds between two updates. */
const PACE = 100

/** With more unread bytes than this, a reader is disconnected: when it reconnects, it gets all that is remembered. */
const MOST_UNREAD = 1024 * 1024

interface Reader {
  readonly session: Session
  readonly reply: FastifyReply
}

/** Sends news to all readers, at a pace that does not grow with the number of calls. */
export class Feed<News> {
  private readonly readers = new Set<Reader>()
  private readonly news = new Set<News>()
  private timer: NodeJS.Timeout | undefined

  /** @param update - makes the message of the news */
  constructor (private readonly update: (news: readonly News[]) => Promise<Update>) {}

  /** Takes over a reply, and begins with `hello`. */
  async open (reply: FastifyReply, headers: Record<string, string>, hello: () => Promise<Hello>): Promise<void> {
    reply.hijack()
    const session = await createSession(reply.request.raw, reply.raw, {
      retry: 1000,
      trustClientEventId: false,
      // Node itself writes it where there is such a header: not in HTTP/2 (RFC 9113, section 8.2.2).
      headers: { ...headers, connection: undefined }
    })
    session.push(await hello(), 'hello', '')
    const reader = { session, reply }
    this.readers.add(reader)
    session.once('disconnected', () => this.readers.delete(reader))
  }

  /** Keeps nothing while nobody reads. */
  tell (news: News): void {
    if (this.readers.size === 0) return
    this.news.add(news)
    this.timer ??= setTimeout(() => { this.send().catch(() => this.close()) }, PACE).unref()
  }

  close (): void {
    clearTimeout(this.timer)
    for (const { reply } of this.readers) reply.raw.end()
    this.readers.clear()
  }

  private async send (): Promise<void> {
    const news = [...this.news]
    this.news.clear()
    this.timer = undefined
    const update = await this.update(news)
    for (const { session, reply } of this.readers) {
      if (reply.raw.writableLength > MOST_UNREAD) reply.raw.destroy()
      else session.push(update, 'calls', '')
    }
  }
}
