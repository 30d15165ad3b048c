import type { Storage } from './router-settings.js'

/** Which expressions match the host that was asked for last: it is looked up by one method after the other. */
export class HostMatches {
  private host = ''
  private readonly matches = new Map<RegExp, boolean>()

  test (expression: RegExp, host: string): boolean {
    if (host !== this.host) {
      this.host = host
      this.matches.clear()
    }
    const known = this.matches.get(expression)
    if (known !== undefined) return known
    const matches = expression.test(host)
    this.matches.set(expression, matches)
    return matches
  }
}

/** Stores what is for a host as routers do: an exact host comes before expressions, of which the first that matches counts. */
export class HostStorage implements Storage {
  private readonly exact = new Map<unknown, unknown>()
  private readonly expressions: Array<readonly [RegExp, unknown]> = []

  constructor (private readonly matches: HostMatches) {}

  get (host: unknown): unknown {
    return this.exact.get(host) ?? this.expressions.find(([expression]) => this.matches.test(expression, String(host)))?.[1]
  }

  set (host: unknown, value: unknown): void {
    if (host instanceof RegExp) this.expressions.push([new RegExp(host.source, host.flags.replace(/[gy]/g, '')), value])
    else this.exact.set(host, value)
  }
}
