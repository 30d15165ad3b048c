import t from 'tap'
import { guessFramework, type Framework } from '../../../lib/browser/index.js'

const answers: [headers: [string, string][], Framework][] = [
  [[['X-Powered-By', 'Express']], 'express'],
  [[['Server', 'nginx/1.22.1'], ['X-Powered-By', 'Express']], 'express'],
  [[['x-powered-by', 'Hono']], 'hono'],
  [[['x-powered-by', 'koa']], 'koa'],
  [[['server', 'WSGIServer/0.2 CPython/3.11.2']], 'django'],
  [[['server', 'daphne']], 'django'],
  [[['server', 'Werkzeug/2.2.2 Python/3.11.2']], 'flask'],
  [[['server', 'uvicorn']], 'fastapi'],
  [[['server', ' Kestrel ']], 'aspnet'],
  [[['server', 'Microsoft-IIS/10.0'], ['x-powered-by', 'ASP.NET']], 'aspnet'],
  [[['server', 'Apache/2.4.57 (Debian)'], ['x-powered-by', 'PHP/8.2.7']], 'laravel'],
  [[['server', 'WEBrick/1.8.1 (Ruby/3.1.2/2022-04-12)']], 'rails'],
  [[['server', 'Puma 6.4']], 'rails'],
  [[['server', 'Apache-Coyote/1.1']], 'spring'],
  [[['server', 'nginx']], 'nginx'],
  [[['server', 'openresty/1.21']], 'nginx'],
  [[['server', 'gunicorn']], 'headers'],
  [[['server', 'Apache/2.4.57 (Debian)']], 'headers'],
  [[['server', 'cloudflare']], 'headers'],
  [[['x-powered-by', 'Next.js']], 'headers'],
  [[['x-powered-by', 'Expressive']], 'headers'],
  [[['server', 'not-nginx']], 'headers'],
  [[['via', 'nginx'], ['content-type', 'Express']], 'headers'],
  [[], 'headers']
]

for (const [headers, framework] of answers) {
  t.test(`an answer with ${headers.map(([name, value]) => `${name}: ${value}`).join(' and ') || 'no such header'} is taken for ${framework}`, async t => {
    t.equal(guessFramework(headers), framework)
  })
}

t.test('headers may come from a Map or a Headers', async t => {
  t.equal(guessFramework(new Map([['Server', 'uvicorn']])), 'fastapi')
  t.equal(guessFramework(new Headers({ server: 'nginx' })), 'nginx')
})
