/** The property in which a request keeps the URL that the router has read. */
const ROUTED_URL = Symbol('fastify-cors-policy.routed-url')

interface Routed {
  readonly url?: string | undefined
  [ROUTED_URL]?: string | undefined
}

/** Has a request that comes to the router keep its URL: hooks and middlewares may replace it (`@fastify/express` decodes it). */
export function keepRoutedUrl (request: Routed): void {
  request[ROUTED_URL] ??= request.url
}

/** The URL that the router has read, as far as it has been kept. */
export function routedUrlOf (request: Routed): string | undefined {
  return request[ROUTED_URL] ?? request.url
}
