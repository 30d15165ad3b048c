import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { FastifyInstance, FastifyRequest, FastifySchema } from 'fastify'
import type { Access } from './access.js'
import { asset, pageOf } from './assets.js'
import type { Inspection } from './inspection.js'
import { UNLISTED } from '../scope/route-table.js'
import type { CorsPage } from '../browser/index.js'

/** Headers of every answer: the page loads nothing from elsewhere, and no other page loads it. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY'
}

/** A call to try, as `explain()` takes it. */
const TrialSchema = Type.Object({
  origin: Type.String(),
  url: Type.String(),
  method: Type.Optional(Type.String()),
  headers: Type.Optional(Type.Record(Type.String(), Type.String())),
  credentials: Type.Optional(Type.Union([Type.Literal('omit'), Type.Literal('same-origin'), Type.Literal('include')]))
}, { additionalProperties: false })

interface InspectorRoutesOptions {
  readonly access: Access
  readonly inspection: Inspection
  /** The path of the page. */
  readonly path: string
}

/** The routes of the page, and of its requests. */
export async function inspectorRoutes (instance: FastifyInstance, { access, inspection, path }: InspectorRoutesOptions): Promise<void> {
  // The application's own may expect other schemas, and other errors.
  instance.setValidatorCompiler(() => data => Value.Check(TrialSchema, data) ? { value: data } : { error: new Error(problemOf(data)) })
  instance.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const { statusCode = 500, message } = error
    return reply.code(statusCode).send({ message })
  })

  instance.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS)
    const refusal = access.refusal(request)
    return refusal === null ? undefined : await reply.code(refusal.status).send({ message: refusal.message })
  })

  const hide: FastifySchema & { hide: boolean } = { hide: true }
  const route = { config: { cors: false, [UNLISTED]: true }, schema: hide }

  instance.get('/', route, async (request, reply) => {
    if (access.admit(request, reply, path)) return await reply
    return await reply.type('text/html; charset=utf-8').send(pageOf(path))
  })
  instance.get<{ Params: { name: string } }>('/assets/:name', route, async ({ params: { name } }, reply) => {
    const file = asset(name)
    if (file === null) reply.callNotFound()
    else await reply.type(file.type).send(file.content)
    return await reply
  })
  instance.get('/events', { ...route, exposeHeadRoute: false }, async (request, reply) => {
    await inspection.feed.open(reply, HEADERS, () => inspection.hello(ownOrigin(request)))
  })
  instance.get('/routes', route, async () => inspection.subject.table() ?? { contexts: [], routes: [], findings: [] })
  instance.post<{ Body: CorsPage }>('/explain', { ...route, schema: { ...hide, body: TrialSchema } }, async (request, reply) => {
    const result = await explain(inspection, request.body, ownOrigin(request))
    return 'problem' in result ? await reply.code(400).send({ message: result.problem }) : result
  })
}

function problemOf (data: unknown): string {
  return Array.from(Value.Errors(TrialSchema, data), ({ path, message }) => `${path} ${message}`.trim()).join('; ')
}

function errorText (error: unknown): string {
  return String(error).replace(/^\w*Error: /, '')
}

/** @returns a problem if no page can make such a call */
async function explain (inspection: Inspection, page: CorsPage, own: string) {
  try {
    return await inspection.explain({ ...page, url: absolute(page.url, own) }, own) ?? { problem: 'No registration of fastify-cors-policy covers the context of the inspector' }
  } catch (error) {
    return { problem: errorText(error) }
  }
}

function absolute (url: string, own: string): string {
  return URL.canParse(url, own) ? new URL(url, own).href : url
}

function ownOrigin ({ protocol, host }: FastifyRequest): string {
  return `${protocol}://${host}`
}

/** True for a request target that is a path, or below it. */
export function isBelow (path: string, target: string): boolean {
  return target.startsWith(path) && /^(?:$|[/?])/.test(target.slice(path.length))
}
