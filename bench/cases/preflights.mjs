import { bare, handWritten, sendHello, withFastifyCors, withMiddleware } from '../baselines.mjs'
import { SUBJECT, withPolicy } from '../subject.mjs'

const APP = 'https://app.example.com'
const listed = [APP, 'https://admin.example.com', 'https://www.example.com']
const known = new Set(listed)
const options = { origin: listed, credentials: true, methods: ['GET', 'HEAD', 'POST', 'PUT'], maxAge: 600 }
const written = { allows: origin => known.has(origin), credentials: 'true', methods: 'GET, HEAD, POST, PUT', maxAge: '600' }
const request = {
  method: 'OPTIONS',
  origins: [APP],
  headers: { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type,x-trace' }
}
const answer = {
  vary: 'Origin',
  'access-control-allow-origin': APP,
  'access-control-allow-credentials': 'true',
  'access-control-allow-methods': 'GET, HEAD, POST, PUT',
  'access-control-max-age': '600'
}

const partner = 'https://partner.example.net'
const override = { config: { cors: { origin: partner } }, method: ['GET', 'POST', 'PUT'], url: '/', handler: sendHello }
const listedHeaders = { allowedHeaders: ['Content-Type', 'X-Trace'] }
const writtenHeaders = { allowedHeaders: 'Content-Type, X-Trace' }

function all (more, hook) {
  return {
    bare,
    'hand-written': () => handWritten({ ...written, ...hook }),
    '@fastify/cors': () => withFastifyCors({ ...options, ...more }),
    'cors, middie': () => withMiddleware({ ...options, ...more }),
    [SUBJECT]: () => withPolicy({ ...options, ...more })
  }
}

export const preflights = [
  {
    name: 'preflight',
    title: 'preflight',
    request,
    expected: { status: 204, headers: { ...answer, 'access-control-allow-headers': 'Content-Type, X-Trace' } },
    targets: { 'hand-written': 1.15 },
    applications: all(listedHeaders, writtenHeaders)
  },
  {
    name: 'preflight-echo',
    title: 'preflight, header names echoed',
    request,
    expected: {
      status: 204,
      headers: { ...answer, vary: 'Origin, Access-Control-Request-Headers', 'access-control-allow-headers': 'content-type,x-trace' }
    },
    applications: all({}, { echo: true })
  },
  {
    name: 'preflight-override',
    title: 'preflight for a route with an override',
    request: { ...request, origins: [partner] },
    expected: { status: 204, headers: { ...answer, 'access-control-allow-origin': partner, 'access-control-allow-headers': 'Content-Type, X-Trace' } },
    // The others don't answer preflights by what a route says.
    applications: {
      bare,
      'hand-written': () => handWritten({ ...written, ...writtenHeaders, allows: origin => origin === partner }),
      [SUBJECT]: () => withPolicy({ ...options, ...listedHeaders }, app => { app.route(override) })
    }
  }
]
