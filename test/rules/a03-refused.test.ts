import t from 'tap'
import { createApp, page, stranger } from '../helpers.js'

t.test('an origin that is not allowed gets no CORS header at all, and its answer', async t => {
  const app = createApp({
    origin: page,
    credentials: true,
    exposedHeaders: ['x-a'],
    allowedHeaders: ['x-b'],
    methods: ['PUT'],
    maxAge: 5,
    privateNetwork: true,
    timingAllowOrigin: true
  })
  app.get('/', async () => 'x')
  app.post('/', async () => 'x')
  app.get('/error', async () => { throw new Error('broken') })
  for (const origin of [stranger, 'null', 'file://', '', 'nonsense', `${page}.evil.example`, `${page}:443`, `${page}/`]) {
    for (const [method, url, status] of [['GET', '/', 200], ['POST', '/', 200], ['HEAD', '/', 200], ['GET', '/error', 500], ['GET', '/nope', 404], ['OPTIONS', '/', 404]] as const) {
      const { headers, statusCode } = await app.inject({ method, url, headers: { origin } })
      t.equal(statusCode, status, 'CORS alone refuses no request')
      t.strictSame(Object.keys(headers).filter(name => name.startsWith('access-control-') || name === 'timing-allow-origin'), [], `${method} ${url} ${origin}`)
    }
  }
})
