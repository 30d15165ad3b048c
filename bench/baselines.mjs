import fastifyCors from '@fastify/cors'
import middie from '@fastify/middie'
import cors from 'cors'
import Fastify from 'fastify'

/** What every application here does, whatever stands before it. */
export function addRoute (app) {
  app.route({ method: ['GET', 'POST', 'PUT'], url: '/', handler: sendHello })
}

export function sendHello (_request, reply) {
  reply.send({ hello: 'world' })
}

/** Nothing but Fastify: what there is to pay without CORS. */
export async function bare () {
  const app = Fastify()
  addRoute(app)
  return app.ready()
}

export async function withFastifyCors (options, addRoutes = addRoute) {
  const app = Fastify()
  await app.register(fastifyCors, options)
  addRoutes(app)
  return app.ready()
}

/** Express' middleware, as it is used in Fastify. */
export async function withMiddleware (options) {
  const app = Fastify()
  await app.register(middie)
  app.use(cors(options))
  addRoute(app)
  return app.ready()
}

/**
 * What a good developer writes in place of a plugin, for this one server: the same headers, all that can be known
 * before a request made ready, and nothing checked.
 *
 * @param allows - whether an origin may call; `null`: any, and the answer is `*`
 * @param credentials, exposed, methods, allowedHeaders, maxAge - header values; `undefined` where they are not sent
 * @param echo - whether the header names that a preflight asks for are allowed, whatever they are
 * @param enforce - whether what changes something is refused to other origins
 */
export async function handWritten ({ allows, credentials, exposed, methods, allowedHeaders, maxAge, echo = false, enforce = false }) {
  const app = Fastify()
  const varyOfPreflights = [...allows === null ? [] : ['Origin'], ...echo ? ['Access-Control-Request-Headers'] : []].join(', ')

  app.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers
    const allowed = allows === null || (origin !== undefined && allows(origin))
    if (typeof allowed === 'boolean') proceed(request, reply, done, allowed)
    else allowed.then(settled => { proceed(request, reply, done, settled) }, done)
  })

  function proceed (request, reply, done, allowed) {
    const { headers, method } = request
    if (method === 'OPTIONS' && headers['access-control-request-method'] !== undefined) {
      answerPreflight(headers, reply, allowed)
      return
    }
    if (allows !== null) reply.header('vary', 'Origin')
    if (allowed) {
      reply.header('access-control-allow-origin', allows === null ? '*' : headers.origin)
      if (credentials !== undefined) reply.header('access-control-allow-credentials', credentials)
      if (exposed !== undefined) reply.header('access-control-expose-headers', exposed)
    } else if (enforce && changesSomething(method) && isOfAnotherSite(headers)) {
      reply.code(403).send()
      return
    }
    done()
  }

  function answerPreflight (headers, reply, allowed) {
    if (varyOfPreflights !== '') reply.header('vary', varyOfPreflights)
    if (!allowed) {
      reply.code(403).send()
      return
    }
    reply.header('access-control-allow-origin', allows === null ? '*' : headers.origin)
    if (credentials !== undefined) reply.header('access-control-allow-credentials', credentials)
    reply.header('access-control-allow-methods', methods)
    const names = echo ? headers['access-control-request-headers'] : allowedHeaders
    if (names !== undefined) reply.header('access-control-allow-headers', names)
    if (maxAge !== undefined) reply.header('access-control-max-age', maxAge)
    reply.code(204).header('content-length', '0').send()
  }

  app.options('/*', (_request, reply) => { reply.callNotFound() })
  addRoute(app)
  return app.ready()
}

function changesSomething (method) {
  return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS'
}

function isOfAnotherSite ({ 'sec-fetch-site': site }) {
  return site !== 'same-origin' && site !== 'none'
}
