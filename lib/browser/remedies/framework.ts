/** The servers that a remedy can be written for; `headers` is any other server. */
export const FRAMEWORKS = [
  'fastify-cors-policy', 'fastify-cors', 'express', 'koa', 'hono', 'nestjs', 'django', 'flask', 'fastapi', 'spring',
  'aspnet', 'laravel', 'rails', 'go', 'nginx', 'headers'
] as const

/** One of {@link FRAMEWORKS}. */
export type Framework = typeof FRAMEWORKS[number]

/** The headers that name a framework, the application's own first: `Server` may name a proxy in front of it. */
const signs: readonly (readonly [header: string, value: RegExp, framework: Framework])[] = [
  ['x-powered-by', /^Express\b/i, 'express'],
  ['x-powered-by', /^koa\b/i, 'koa'],
  ['x-powered-by', /^Hono\b/i, 'hono'],
  ['x-powered-by', /^ASP\.NET\b/i, 'aspnet'],
  ['x-powered-by', /^PHP\b/i, 'laravel'],
  // Django's runserver; with Channels it is Daphne.
  ['server', /^(?:WSGIServer|daphne)\b/i, 'django'],
  ['server', /^Werkzeug\b/i, 'flask'],
  ['server', /^uvicorn\b/i, 'fastapi'],
  ['server', /^Apache-Coyote\b/i, 'spring'],
  ['server', /^Kestrel\b/i, 'aspnet'],
  ['server', /^(?:Puma|WEBrick)\b/i, 'rails'],
  ['server', /^(?:nginx|openresty)\b/i, 'nginx']
]

/**
 * Guesses the framework from an answer's `Server` and `X-Powered-By`; `headers` if they name none. Many servers send
 * neither, and some (gunicorn, Apache) run any framework.
 */
export function guessFramework (headers: Iterable<readonly [name: string, value: string]>): Framework {
  const list = Array.from(headers, ([name, value]) => ({ name: name.toLowerCase(), value: value.trim() }))
  const sign = signs.find(([header, expected]) => list.some(({ name, value }) => name === header && expected.test(value)))
  return sign?.[2] ?? 'headers'
}
