import type { IncomingHttpHeaders } from 'node:http'

/** What of a request tells where it is going. */
export interface Routable {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly headers: IncomingHttpHeaders
}
