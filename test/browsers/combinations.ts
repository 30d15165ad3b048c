import type { PolicyName } from './policies.js'

/** What a page and the server are to see of a request. */
export type Outcome =
  | 'read'
  /** after a preflight */
  | 'asked and read'
  /** CORS alone protects no handler from a request that needs no preflight. */
  | 'handled, but not read'
  /** refused by `enforce` */
  | 'not handled'
  /** by the preflight */
  | 'refused'

interface Request {
  method?: string
  headers?: Record<string, string>
  credentials?: 'omit' | 'same-origin' | 'include'
  body?: string
}

/** One policy, one request of a page, and what the policy means for it. */
export interface Combination {
  name: string
  policy: PolicyName
  visitor: 'page' | 'shop' | 'stranger' | 'sandbox'
  request: Request
  /** What follows the policy's path. */
  rest: string
  outcome: Outcome
  /** Those of `ETag` and `X-Total` that the page can read. */
  exposed: string[]
}

type Row = [visitor: Combination['visitor'], what: string, outcome: Outcome, exposed?: string[]]

const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }
const tenant = { headers: { 'x-tenant': '1' } }
const include = { credentials: 'include' } as const

/** The requests, by the words of the table. */
const requests: Record<string, Request> = {
  GET: {},
  HEAD: { method: 'HEAD' },
  POST: { method: 'POST', body: 'text' },
  JSON: json,
  PUT: { method: 'PUT' },
  DELETE: { method: 'DELETE' },
  PATCH: { method: 'PATCH' },
  'GET of a tenant': tenant,
  'PUT of a tenant': { method: 'PUT', ...tenant },
  'GET with a token': { headers: { authorization: 'Bearer x' } },
  'GET with another header': { headers: { 'x-other': '1' } },
  'GET without cookies': { credentials: 'omit' },
  'GET with cookies': include,
  'POST with cookies': { method: 'POST', body: 'text', ...include },
  'PUT with cookies': { method: 'PUT', ...include },
  'PATCH with cookies': { method: 'PATCH', ...include },
  'DELETE with cookies': { method: 'DELETE', ...include },
  'JSON with cookies': { ...json, ...include },
  'GET of a tenant with cookies': { ...tenant, ...include },
  'GET with a token and cookies': { headers: { authorization: 'Bearer x' }, ...include }
}

const unread = 'handled, but not read'
const asked = 'asked and read'

/** Where the policy depends on the URL, `/open` follows the request. */
const table: Record<PolicyName, Row[]> = {
  any: [
    ['page', 'GET', 'read'], ['stranger', 'GET', 'read'], ['sandbox', 'GET', 'read'], ['page', 'HEAD', 'read'], ['stranger', 'POST', 'read'],
    ['page', 'GET with cookies', unread], ['page', 'JSON', asked], ['page', 'GET with a token', asked], ['page', 'PUT', 'refused'],
    ['page', 'JSON with cookies', 'refused']
  ],
  'any with lists': [
    ['page', 'GET', 'read', ['x-total']], ['stranger', 'PUT of a tenant', asked, ['x-total']], ['page', 'GET with another header', 'refused'],
    ['page', 'DELETE', 'refused'], ['page', 'GET with a token', 'refused']
  ],
  'any with wildcards': [
    ['page', 'GET', 'read', ['etag', 'x-total']], ['stranger', 'PATCH', asked, ['etag', 'x-total']], ['sandbox', 'DELETE', asked, ['etag', 'x-total']],
    ['page', 'GET with another header', asked, ['etag', 'x-total']], ['page', 'PATCH with cookies', 'refused']
  ],
  'any with authorization': [
    ['stranger', 'GET with a token', asked], ['page', 'PATCH', asked], ['page', 'GET with a token and cookies', 'refused']
  ],
  exact: [
    ['page', 'GET', 'read'], ['shop', 'GET', unread], ['stranger', 'GET', unread], ['sandbox', 'GET', unread], ['stranger', 'POST', unread],
    ['page', 'JSON', asked], ['stranger', 'JSON', 'refused'], ['stranger', 'HEAD', unread], ['page', 'GET with cookies', unread],
    ['page', 'GET without cookies', 'read']
  ],
  'exact with lists': [
    ['page', 'GET', 'read', ['etag', 'x-total']], ['page', 'DELETE', asked, ['etag', 'x-total']], ['page', 'PUT with cookies', 'refused'],
    ['page', 'PUT of a tenant', asked, ['etag', 'x-total']], ['stranger', 'PUT', 'refused'], ['page', 'PATCH', 'refused']
  ],
  'exact with credentials': [
    ['page', 'GET', 'read', ['etag', 'x-total']], ['page', 'GET with cookies', 'read', ['etag', 'x-total']], ['stranger', 'GET with cookies', unread],
    ['page', 'PUT with cookies', asked, ['etag', 'x-total']], ['page', 'DELETE with cookies', asked, ['etag', 'x-total']],
    ['page', 'GET of a tenant with cookies', asked, ['etag', 'x-total']], ['page', 'JSON with cookies', asked, ['etag', 'x-total']],
    ['stranger', 'JSON with cookies', 'refused'], ['sandbox', 'GET with cookies', unread], ['page', 'PATCH with cookies', 'refused'],
    ['page', 'GET with a token and cookies', 'refused'], ['page', 'POST with cookies', 'read', ['etag', 'x-total']]
  ],
  'wildcards with credentials': [
    ['page', 'PATCH with cookies', asked], ['page', 'GET with a token and cookies', asked], ['page', 'GET of a tenant', asked],
    ['stranger', 'PATCH with cookies', 'refused']
  ],
  list: [['page', 'GET', 'read'], ['page', 'PATCH', asked], ['page', 'PUT', 'refused'], ['shop', 'PATCH', 'refused'], ['stranger', 'GET', unread]],
  pattern: [
    ['shop', 'GET with cookies', 'read'], ['shop', 'DELETE with cookies', asked], ['page', 'GET', unread], ['page', 'DELETE', 'refused'],
    ['stranger', 'GET', unread]
  ],
  port: [['page', 'GET', 'read'], ['shop', 'GET', unread], ['stranger', 'GET', unread]],
  regexp: [['page', 'PUT', asked], ['shop', 'PUT', 'refused'], ['sandbox', 'PUT', 'refused']],
  reflected: [
    ['page', 'GET', 'read', ['etag']], ['stranger', 'PUT of a tenant', asked, ['etag']], ['sandbox', 'GET', unread], ['sandbox', 'PUT', 'refused'],
    ['stranger', 'GET with cookies', unread]
  ],
  'reflected with credentials': [['stranger', 'GET with cookies', 'read'], ['stranger', 'PUT with cookies', asked], ['sandbox', 'GET with cookies', unread]],
  function: [['shop', 'PUT', asked], ['page', 'PUT', 'refused'], ['page', 'GET', unread], ['sandbox', 'GET', unread]],
  'slow function': [['page', 'GET with cookies', 'read'], ['page', 'PUT with cookies', asked], ['stranger', 'PUT', 'refused'], ['stranger', 'GET', unread]],
  sandboxed: [['sandbox', 'GET', 'read'], ['sandbox', 'PUT', asked], ['page', 'GET', unread], ['sandbox', 'GET with cookies', unread]],
  off: [['page', 'GET', unread], ['page', 'JSON', 'refused']],
  late: [['page', 'GET', 'read'], ['page', 'PUT', asked], ['stranger', 'GET', unread], ['stranger', 'PUT', 'refused']],
  'old preflights': [['page', 'PUT', asked]],
  'own preflights': [['page', 'GET', 'read'], ['page', 'PUT', 'refused']],
  'continued preflights': [['page', 'PUT', asked], ['stranger', 'PUT', 'refused']],
  delegated: [
    ['page', 'GET', 'read'], ['stranger', 'GET', unread], ['stranger', 'GET /open', 'read'], ['stranger', 'JSON /open', asked],
    ['stranger', 'JSON', 'refused']
  ],
  'some urls': [['page', 'GET', unread], ['page', 'GET /open', 'read'], ['page', 'JSON', 'refused'], ['page', 'JSON /open', asked]],
  enforced: [
    ['page', 'GET', 'read'], ['page', 'POST', 'read'], ['shop', 'GET', 'not handled'], ['stranger', 'POST', 'not handled'], ['sandbox', 'GET', 'not handled'],
    ['stranger', 'JSON', 'refused']
  ],
  'route of anyone': [['stranger', 'GET', 'read'], ['stranger', 'PUT', asked], ['stranger', 'DELETE', 'refused']],
  'route with lists': [
    ['page', 'GET with cookies', 'read', ['etag', 'x-total']], ['page', 'DELETE with cookies', asked, ['etag', 'x-total']], ['stranger', 'DELETE', 'refused']
  ],
  'route without cors': [['page', 'GET', unread], ['page', 'PUT', 'refused']],
  'route as registered': [['page', 'PUT', asked], ['page', 'DELETE', 'refused'], ['stranger', 'GET', unread]],
  'inner registration': [['shop', 'GET', 'read'], ['shop', 'DELETE', asked], ['shop', 'PUT', 'refused'], ['page', 'GET', unread], ['page', 'PUT', 'refused']],
  'deeper route': [['shop', 'PUT', asked], ['shop', 'DELETE', 'refused'], ['page', 'PUT', 'refused']]
}

/** The rows of the table. */
export const combinations: Combination[] = Object.entries(table).flatMap(([policy, rows]) =>
  rows.map(([visitor, what, outcome, exposed = []]) => {
    const [kind = '', open] = what.split(' /')
    const request = requests[kind]
    if (request === undefined) throw new Error(`no request ${kind}`)
    return {
      name: `${policy}: ${visitor}, ${what}: ${outcome}`,
      policy: policy as PolicyName,
      visitor,
      request,
      rest: open === undefined ? '' : `/${open}`,
      outcome,
      exposed
    }
  }))
