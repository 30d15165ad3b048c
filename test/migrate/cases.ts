import { Readable } from 'node:stream'
import type { FastifyPluginAsync } from 'fastify'

export const A = 'https://a.example'
export const B = 'https://b.example'

/** A request that both plugins get, with the same options. */
export interface Case {
  readonly name: string
  readonly options: Record<string, unknown> | (() => unknown)
  readonly request: { readonly method?: string, readonly url?: string, readonly headers?: Record<string, string> }
  /** Routes beside `/x`, or another order of things. */
  readonly routes?: FastifyPluginAsync
  /** Where the plugin is registered: a context below the root, without a route. */
  readonly prefix?: string
  /** The heading of docs/migrate/fastify-cors.md that says what differs. */
  readonly differs?: string
}

/** The headers of a preflight. */
export function preflight (origin: string, method = 'PUT', headers: Record<string, string> = {}): Case['request'] {
  return { method: 'OPTIONS', headers: { origin, 'access-control-request-method': method, ...headers } }
}

/** The headers of any other request of a page. */
export function from (origin: string, method = 'GET'): Case['request'] {
  return { method, headers: { origin } }
}

const list = { origin: [A, 'https://c.example'], methods: ['GET', 'PUT'] }

export const cases: readonly Case[] = [
  // Any origin.
  { name: 'any origin', options: { origin: '*' }, request: from(A) },
  { name: 'any origin, without Origin', options: { origin: '*' }, request: {} },
  { name: 'any origin, in a list', options: { origin: ['*', A] }, request: from(B) },
  { name: 'any origin, preflight', options: { origin: '*', methods: 'GET,PUT', maxAge: 600 }, request: preflight(A) },
  { name: 'any origin, preflight with header names', options: { origin: '*', methods: '*' }, request: preflight(A, 'PUT', { 'access-control-request-headers': 'x-a,x-b' }) },
  { name: 'any origin, reflected', options: { origin: true }, request: from(A) },
  { name: 'any origin, reflected to null', options: { origin: true }, request: from('null'), differs: 'true does not reflect null' },
  { name: 'any origin, reflected, without Origin', options: { origin: true }, request: {} },

  // Listed origins.
  { name: 'a listed origin', options: list, request: from(A) },
  { name: 'another origin than the listed ones', options: list, request: from(B) },
  { name: 'a list, without Origin', options: list, request: {} },
  { name: 'a listed origin, with credentials and headers to read', options: { ...list, credentials: true, exposedHeaders: ['ETag', 'Link'] }, request: from(A) },
  { name: 'another origin, with credentials', options: { ...list, credentials: true }, request: from(B), differs: 'A refused origin gets no CORS header' },
  { name: 'another origin, with headers to read', options: { ...list, exposedHeaders: 'ETag' }, request: from(B), differs: 'A refused origin gets no CORS header' },
  { name: 'an expression', options: { origin: /^https:\/\/\w\.example$/ }, request: from(A) },
  { name: 'an expression that does not match', options: { origin: /^https:\/\/\w\.example$/ }, request: from('https://example.test') },
  { name: 'one origin, asked by it', options: { origin: A }, request: from(A), differs: 'One origin is compared, too' },
  { name: 'one origin, asked by another', options: { origin: A }, request: from(B), differs: 'One origin is compared, too' },

  // Preflights.
  { name: 'preflight of a listed origin', options: list, request: preflight(A) },
  { name: 'preflight of a listed origin, by a method that is not listed', options: list, request: preflight(A, 'DELETE') },
  { name: 'preflight of another origin', options: list, request: preflight(B), differs: 'A refused preflight is a 403' },
  { name: 'preflight with all that it can have', options: { ...list, credentials: true, allowedHeaders: ['X-A', 'X-B'], maxAge: 60, cacheControl: 30, optionsSuccessStatus: 200 }, request: preflight(A, 'PUT', { 'access-control-request-headers': 'x-a' }) },
  { name: 'preflight with Cache-Control as a text', options: { ...list, cacheControl: 'private, max-age=5' }, request: preflight(A) },
  { name: 'preflight where headers may be read', options: { ...list, exposedHeaders: ['ETag'] }, request: preflight(A), differs: 'Each header goes where browsers read it' },
  { name: 'preflight with header names that are none', options: list, request: preflight(A, 'PUT', { 'access-control-request-headers': 'X-A,,bad name,x-a' }), differs: 'Header names are read before they are echoed' },
  { name: 'preflight of a URL with no route', options: list, request: { ...preflight(A), url: '/nowhere' } },
  { name: 'OPTIONS without Origin', options: list, request: { method: 'OPTIONS' }, differs: 'OPTIONS requests that are no preflights are yours' },
  { name: 'OPTIONS without Access-Control-Request-Method', options: list, request: from(A, 'OPTIONS'), differs: 'OPTIONS requests that are no preflights are yours' },
  { name: 'OPTIONS without Origin, strictly', options: { ...list, strictPreflight: true }, request: { method: 'OPTIONS' }, differs: 'Errors have codes and words of their own' },
  { name: 'OPTIONS without Origin, not strictly', options: { ...list, strictPreflight: false }, request: { method: 'OPTIONS' }, differs: 'OPTIONS requests that are no preflights are yours' },
  { name: 'preflight with the status 200', options: { origin: '*', optionsSuccessStatus: 200 }, request: preflight(A, 'GET', { 'access-control-request-headers': 'x-requested-with' }) },
  { name: 'preflight below a prefix', options: list, request: { ...preflight(A), url: '/below/x' }, prefix: '/below', routes: async app => { app.put('/x', async () => 'x') } },
  { name: 'preflight below a prefix, of a URL with no route', options: list, request: { ...preflight(A), url: '/below/x' }, prefix: '/below', differs: 'A URL without a route has the policy of its 404 answer' },
  { name: 'preflight of a URL that begins as a prefix does', options: list, request: { ...preflight(A), url: '/belowx' }, prefix: '/below', differs: 'A URL without a route has the policy of its 404 answer' },
  { name: 'preflight above a prefix', options: list, request: preflight(A), prefix: '/below' },
  { name: 'preflight: false', options: { ...list, preflight: false }, request: preflight(A), differs: 'preflight: false leaves preflights alone' },
  { name: 'preflight: false, OPTIONS without Origin', options: { origin: '*', preflight: false }, request: { method: 'OPTIONS', url: '/nowhere' } },
  { name: 'preflight: false, another request', options: { ...list, preflight: false }, request: from(A) },
  { name: 'preflightContinue without an OPTIONS route', options: { ...list, preflightContinue: true }, request: preflight(A), differs: 'preflightContinue needs an OPTIONS route' },
  {
    name: 'preflightContinue with an OPTIONS route',
    options: { ...list, preflightContinue: true },
    request: preflight(A),
    routes: async app => { app.options('/x', async (_request, reply) => reply.code(204).header('content-length', '0').send()) }
  },

  // CORS off.
  { name: 'origin: false', options: { origin: false }, request: from(A) },
  { name: 'origin: false, preflight', options: { origin: false }, request: preflight(A) },
  { name: 'a route with CORS off', options: list, request: { ...from(A), url: '/off' }, routes: async app => { app.get('/off', { config: { cors: false } }, async () => 'off') } },
  {
    name: 'a route with CORS off, preflight',
    options: list,
    request: { ...preflight(A), url: '/off' },
    routes: async app => { app.put('/off', { config: { cors: false } }, async () => 'off') },
    differs: 'A preflight has the policy of its route'
  },

  // Routes with options of their own.
  {
    name: 'a route with another origin',
    options: list,
    request: { ...from(B), url: '/own' },
    routes: async app => { app.get('/own', { config: { cors: { origin: [B] } } }, async () => 'own') }
  },
  {
    name: 'a route with another origin, preflight',
    options: list,
    request: { ...preflight(B), url: '/own' },
    routes: async app => { app.put('/own', { config: { cors: { origin: [B] } } }, async () => 'own') },
    differs: 'A preflight has the policy of its route'
  },

  // Functions.
  { name: 'an async function that allows', options: { origin: async (origin: string) => origin === A }, request: from(A) },
  { name: 'an async function that refuses', options: { origin: async (origin: string) => origin === A }, request: from(B) },
  { name: 'an async function that rejects', options: { origin: async () => { throw new Error('the data base is away') } }, request: from(A) },
  { name: 'an async function that gives a text', options: { origin: async (origin: string) => origin }, request: from(A), differs: 'Functions return true or false' },
  { name: 'an async function that gives nothing', options: { origin: async () => {} }, request: from(A), differs: 'Errors have codes and words of their own' },
  {
    name: 'a function that reads the instance as this',
    options: { origin: async function (this: { hasRoute (route: object): boolean }) { return this.hasRoute({ method: 'GET', url: '/x' }) } },
    request: from(A)
  },
  { name: 'an async function, without Origin', options: { origin: async (origin?: string) => { if (origin === undefined) throw new Error('no origin'); return true } }, request: {}, differs: 'Functions are asked about origins only' },
  { name: 'an async delegator', options: { delegator: async () => ({ origin: [A] }) }, request: from(A) },
  { name: 'an async delegator that refuses', options: { delegator: async () => ({ origin: [A] }) }, request: from(B) },
  { name: 'an async delegator, preflight', options: { delegator: async () => ({ ...list, allowedHeaders: 'X-A', maxAge: 60, cacheControl: 30 }) }, request: preflight(A), differs: 'A preflight has the policy of its route' },
  {
    name: 'an async delegator, preflight of a URL with one route',
    options: { delegator: async () => ({ ...list, allowedHeaders: 'X-A', maxAge: 60, cacheControl: 30 }) },
    request: { ...preflight(A), url: '/alone' },
    routes: async app => { app.put('/alone', async () => 'alone') }
  },
  { name: 'an async delegator, in a later hook', options: { hook: 'preHandler', delegator: async () => list }, request: from(A) },
  {
    name: 'an async delegator, in a later hook, preflight',
    options: { hook: 'preParsing', delegator: async () => list },
    request: { ...preflight(A), url: '/alone' },
    routes: async app => { app.put('/alone', async () => 'alone') }
  },
  { name: 'a delegator that gives no options', options: { delegator: () => false }, request: from(A), differs: 'Errors have codes and words of their own' },
  { name: 'a delegator that gives no options, preflight', options: { delegator: () => false }, request: preflight(A), differs: 'Errors have codes and words of their own' },
  { name: 'an async delegator that rejects', options: { delegator: async () => { throw new Error('the data base is away') } }, request: from(A), differs: 'An error keeps Vary' },
  { name: 'an async delegator beside options', options: { exposedHeaders: 'ETag', delegator: async () => ({ origin: [A] }) }, request: from(A), differs: 'A delegator\'s result is merged' },
  { name: 'a delegator as a function of the instance', options: () => async () => ({ origin: [A] }), request: from(A), differs: 'Callbacks return instead' },
  { name: 'options as a function of the instance', options: () => ({ origin: [A] }), request: from(A) },
  { name: 'a callback', options: { origin: (origin: string, callback: (error: null, allow: boolean) => void) => callback(null, origin === A) }, request: from(A), differs: 'Callbacks return instead' },

  // Hooks.
  ...['onRequest', 'preParsing', 'preValidation', 'preHandler'].map((hook): Case => ({ name: `hook: ${hook}`, options: { ...list, hook }, request: from(A) })),
  {
    name: 'hook: preSerialization',
    options: { ...list, hook: 'preSerialization' },
    request: { ...from(A), url: '/object' },
    routes: async app => { app.get('/object', async () => ({ some: 'object' })) }
  },
  { name: 'hook: preHandler, preflight', options: { ...list, hook: 'preHandler' }, request: preflight(A) },

  // What else writes headers.
  {
    name: 'a stream',
    options: list,
    request: { ...from(A), url: '/stream' },
    routes: async app => { app.get('/stream', async (_request, reply) => reply.type('text/plain').send(Readable.from(['x']))) }
  },
  {
    name: 'a handler that has Vary',
    options: list,
    request: { ...from(A), url: '/vary' },
    routes: async app => { app.get('/vary', async (_request, reply) => reply.header('vary', 'Accept').send('x')) },
    differs: 'The policy has the last word'
  },
  {
    name: 'a handler that allows another origin',
    options: list,
    request: { ...from(A), url: '/own' },
    routes: async app => { app.get('/own', async (_request, reply) => reply.header('access-control-allow-origin', '*').send('x')) },
    differs: 'The policy has the last word'
  },
  {
    name: 'an answer on the socket',
    options: list,
    request: { ...from(A), url: '/raw' },
    routes: async app => { app.get('/raw', async (_request, reply) => { reply.hijack(); reply.raw.end('x') }) },
    differs: 'The policy has the last word'
  },
  { name: 'an error of the handler', options: list, request: { ...from(A), url: '/error' }, routes: async app => { app.get('/error', async () => { throw new Error('oh') }) } },
  { name: 'a URL that is not there', options: list, request: { ...from(A), url: '/nowhere' } },
  { name: 'a HEAD request', options: list, request: from(A, 'HEAD') },

  // What does not boot.
  { name: 'no options', options: {}, request: from(A), differs: 'What is unsafe does not boot' },
  { name: 'any origin with credentials', options: { origin: true, credentials: true }, request: from(A), differs: 'What is unsafe does not boot' },
  { name: 'an origin that no browser sends', options: { origin: [`${A}/`] }, request: from(A), differs: 'What is unsafe does not boot' },
  { name: 'an option that does not exist', options: { ...list, orgin: A }, request: from(A), differs: 'What is unsafe does not boot' },
  { name: 'an expression without anchors', options: { origin: /a\.example/ }, request: from(`${A}.evil.test`), differs: 'What is unsafe does not boot' },
  { name: 'an origin that is empty', options: { origin: '' }, request: from(A), differs: 'What is unsafe does not boot' },
  { name: 'an expression with the flag g', options: { origin: /^https:\/\/a\.example$/g }, request: from(A), differs: 'What is unsafe does not boot' },
  { name: 'Cache-Control that is a number as a text', options: { ...list, cacheControl: '30' }, request: preflight(A), differs: 'What is unsafe does not boot' },
  { name: 'a hook that does not exist', options: { ...list, hook: 'onResponse' }, request: from(A), differs: 'Errors have codes and words of their own' },
  { name: 'options that are null', options: { ...list, allowedHeaders: null, maxAge: null }, request: from(A), differs: 'What is unsafe does not boot' }
]
