import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Judged } from '../browser/check-cors.js'
import type { CorsPage } from '../browser/index.js'
import type { Decider, PolicyTable } from '../introspection/controller.js'
import { headerLines } from '../http/field-values.js'
import { isSerialisedOrigin } from '../origin/parse.js'
import { Feed } from './feed.js'
import { withoutSecrets } from './hidden.js'
import { judge, trialOf, type Known } from './judge.js'
import { announcedBy, Memory, type SeenAnswer, type SeenCall, type SeenRequest } from './memory.js'
import type { Call, Hello, TrialResult, Update } from './wire.js'

/** The inspected server, as far as it is known. */
interface Subject {
  readonly mode: Hello['mode']
  /** Its origin; `null`: the one at which the inspector is called. */
  readonly origin: string | null
  decider (request: { method: string, url: string, headers: Record<string, string> }): Decider | null
  table (): PolicyTable | null
  /** @returns `null` if there is no registration to ask */
  explain (page: CorsPage): Promise<Judged> | null
}

/** Records and judges the calls of pages to a server. */
export class Inspection {
  readonly feed: Feed<SeenCall>
  private readonly memory: Memory
  /** Part of the ids of calls, which must not repeat after a restart. */
  private readonly run = randomBytes(6).toString('base64url')
  private readonly judged = new WeakMap<SeenCall, Promise<Call | null>>()
  private trials = 0

  constructor (readonly capacity: number, readonly subject: Subject) {
    this.memory = new Memory(capacity, call => {
      this.judged.delete(call)
      this.feed.tell(call)
    })
    this.feed = new Feed(news => this.update(news))
  }

  /**
   * Records a request.
   *
   * @param own - the origin that it was sent to
   * @param target - the origin of the inspected server
   * @returns a function to call with its answer; `null` for a request that is not from a page of another origin
   */
  arrive ({ method = '', url = '', headers, rawHeaders }: IncomingMessage, own: string, target: string): ((answer: SeenAnswer | null) => void) | null {
    const { origin } = headers
    // Browsers send a path. Two leading slashes are part of it, and no host follows (RFC 9112, section 3.2.1).
    const whole = target + url
    if (origin === undefined || origin === own || !isOfBrowsers(origin) || !url.startsWith('/') || !URL.canParse(whole)) return null
    const seen: SeenRequest = {
      origin,
      method,
      url: new URL(whole).href,
      headers: withoutSecrets(headerLines(rawHeaders)),
      hasCookie: headers.cookie !== undefined,
      answer: undefined
    }
    const answered = this.memory.arrive(seen)
    return answer => answered(answer === null
      ? null
      : { ...answer, headers: withoutSecrets(answer.headers), rewritten: withoutSecrets(answer.rewritten) })
  }

  async hello (own: string): Promise<Hello> {
    const { mode, origin } = this.subject
    return { mode, run: this.run, api: origin ?? own, capacity: this.capacity, ...await this.update(this.memory.all) }
  }

  /**
   * Plays the browser.
   *
   * @param own - the origin under which the inspector was asked
   */
  async explain (asked: CorsPage, own: string): Promise<TrialResult | null> {
    const page = { ...asked, url: this.targetOf(asked.url, own) }
    const judged = await this.subject.explain(page)
    if (judged === null) return null
    const exchanges = judged.verdict.exchanges.map(({ kind, request, response }) => ({
      kind,
      request: { ...request, headers: Object.fromEntries(withoutSecrets(Object.entries(request.headers))) },
      response: { ...response, headers: withoutSecrets(response.headers) }
    }))
    const verdict = { ...judged.verdict, exchanges }
    const { method = 'GET', url } = page
    return { ...verdict, call: trialOf(page, { ...judged, verdict }, this.knownOf(`try-${++this.trials}`, method, url)) }
  }

  /** The URL of the inspected server, for one of the proxy. */
  private targetOf (url: string, own: string): string {
    const { origin } = this.subject
    if (origin === null) return url
    const { origin: asked, pathname, search } = new URL(url)
    if (asked !== own && asked !== origin) throw new TypeError(`The inspector stands in front of ${origin}, and calls no other server`)
    return origin + pathname + search
  }

  close (): void {
    this.memory.close()
    this.feed.close()
  }

  private async update (seen: readonly SeenCall[]): Promise<Update> {
    const last = seen.slice(-this.capacity)
    const calls = await Promise.all(last.map(call => this.callOf(call)))
    return { seen: this.memory.seen, calls: calls.filter(call => call !== null) }
  }

  private callOf (call: SeenCall): Promise<Call | null> {
    const known = this.judged.get(call) ?? this.judge(call)
    this.judged.set(call, known)
    return known
  }

  /** @returns `null` for a call that no browser makes, TRACE say */
  private async judge (call: SeenCall): Promise<Call | null> {
    const { first } = call
    try {
      return await judge(call, this.knownOf(String(call.number), announcedBy(first)?.method ?? first.method, first.url))
    } catch {
      return null
    }
  }

  private knownOf (id: string, method: string, url: string): Known {
    const { pathname, search } = new URL(url)
    const decider = this.subject.decider({ method, url: pathname + search, headers: {} })
    return { id: `${this.run}-${id}`, decider, isOwn: this.subject.mode === 'beside' }
  }
}

function isOfBrowsers (origin: string): boolean {
  return origin === 'null' || origin === 'file://' || isSerialisedOrigin(origin)
}
