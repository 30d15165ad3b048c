/**
 * The request headers of a preflight: they announce a request.
 *
 * @see https://fetch.spec.whatwg.org/#cors-preflight-request
 */
export interface PreflightRequest {
  readonly origin: string
  readonly 'access-control-request-method': string
  readonly 'access-control-request-headers'?: string | undefined
  /** Only `true` counts. */
  readonly 'access-control-request-private-network'?: unknown
}

/** A request as servers see it, Node's `IncomingMessage` for one. */
interface ServerRequest {
  readonly method?: string | undefined
  readonly headers: { readonly [Name in keyof PreflightRequest]?: PreflightRequest[Name] | undefined }
}

/** True for a preflight: an OPTIONS request with `Origin` and `Access-Control-Request-Method`. */
export function isPreflight (request: ServerRequest): request is ServerRequest & { readonly headers: PreflightRequest } {
  if (request.method !== 'OPTIONS') return false
  const { headers } = request
  return headers.origin !== undefined && headers['access-control-request-method'] !== undefined
}
