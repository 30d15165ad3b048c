import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { boot, migrate, visit } from './migrate/migrated.js'
import { project, routes } from './migrate/project.js'

const PAGES = ['https://app.example.com', 'https://admin.example.com', 'https://partner.example', 'https://former.example', 'https://stranger.test']

/** Those that the callback refused with an error. */
const STRANGERS = ['https://former.example', 'https://stranger.test']

/** Routes with an origin of their own, and one with none: the callback is not asked there. */
const OWN = ['/health', '/public/prices', '/admin/reports']

/** What is sent, and what comes back. */
async function answer (app: FastifyInstance, method: string, url: string, origin?: string): Promise<{ status: number, body: string, headers: Record<string, unknown> }> {
  const { statusCode, body, headers } = await app.inject({ method: method as 'GET', url, headers: origin === undefined ? {} : { origin } })
  const shown = Object.entries(headers).filter(([name]) => name.startsWith('access-control-') || name === 'x-total-count')
  return { status: statusCode, body, headers: Object.fromEntries(shown.sort()) }
}

t.test('a project with ten routes moves over with what migrate prints', async t => {
  const migrated = await migrate(t, project, 'app.ts')
  t.equal(routes.length, 10)
  t.equal(migrated.exitCode, 1)
  t.strictSame(migrated.remarks.map(({ code }) => code), ['callback-error', 'route-preflights'])
  t.strictSame(migrated.changes.map(({ after }) => after.split('\n', 1)[0]), [
    'import cors, { type CorsOptions as FastifyCorsOptions } from \'fastify-cors-policy\';',
    'const corsOptions: FastifyCorsOptions = {',
    'app.get(\'/public/prices\', { config: { cors: { origin: \'*\', enforce: false, credentials: false, exposedHeaders: [] } } }, async () => [1, 2]);',
    'app.get(\'/admin/reports\', { config: { cors: { origin: \'https://admin.example.com\' } } }, async () => []);'
  ])
  for (const comment of ['// Pages of ours, and of partners.', '// curl, and our own servers']) t.ok(migrated.source.includes(comment), comment)

  const none = (): void => {}
  const before = await boot(t, project, none)
  const after = await boot(t, migrated.source, none)

  for (const [method, url] of routes) {
    await t.test(`${method} ${url}`, async t => {
      for (const origin of PAGES) {
        for (const credentials of ['omit', 'include'] as const) {
          const [there, here] = await Promise.all([before, after].map(app => visit(app, origin, method, credentials, url)))
          t.strictSame([here?.allowed, here?.readableHeaders], [there?.allowed, there?.readableHeaders], `${origin}, credentials ${credentials}`)
        }
        const there = await answer(before, method, url, origin)
        const here = await answer(after, method, url, origin)
        if (STRANGERS.includes(origin) && !OWN.includes(url)) {
          t.equal(there.status, 500, 'there, the error of the callback is the answer')
          t.equal(here.status, method === 'GET' ? (await answer(after, method, url)).status : 403, 'here, what is not safe is refused')
          t.strictSame(here.headers['access-control-allow-origin'], undefined)
        } else if (there.headers['access-control-allow-origin'] === undefined) {
          t.strictSame([here.status, here.body], [there.status, there.body], `${origin} is served, and may not read it`)
        } else {
          t.strictSame(here, there, `${origin} gets the same answer`)
        }
      }
      const [there, here] = await Promise.all([before, after].map(app => answer(app, method, url)))
      t.strictSame([here?.status, here?.body], [there?.status, there?.body], 'requests without Origin are served as before')
    })
  }
})
