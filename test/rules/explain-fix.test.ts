import { runInThisContext } from 'node:vm'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import type { CorsOptions, CorsVerdict, RouteCorsOptions } from '../../lib/index.js'
import { createApp, page, stranger } from '../helpers.js'

type Page = Parameters<FastifyInstance['cors']['explain']>[0]

/** An application with one route, whose answers have a header that pages want to read. */
async function application (registered: CorsOptions, override?: RouteCorsOptions): Promise<FastifyInstance> {
  const app = createApp({ audit: false, ...registered })
  app.addHook('onSend', async (_request, reply) => { reply.header('x-total-count', '2') })
  app.route({ method: ['GET', 'POST', 'PUT', 'DELETE'], url: '/', ...override === undefined ? {} : { config: { cors: override } }, handler: async () => 'x' })
  await app.ready()
  return app
}

/** The options of a fix, as a person would paste them. */
function pasted (fix: string): { options: CorsOptions, isOfRoute: boolean } {
  const [, route, text] = /With fastify-cors-policy(, in config\.cors of the route)?: (.*?)\. From any other server: /s.exec(fix) ?? []
  return { options: runInThisContext(`({ ${text} })`), isOfRoute: route !== undefined }
}

const put = { method: 'PUT', headers: { 'content-type': 'application/json' } }
const include = { credentials: 'include' } as const
const newcomer = 'https://new.example.com'
const nobody = 'https://nobody.example'

/** What is registered, what a page asks for in vain, and what worked before and has to go on. */
const refusals: [name: string, registered: CorsOptions, asked: Omit<Page, 'url'>, worked: Omit<Page, 'url'>[], override?: RouteCorsOptions][] = [
  ['an origin beside the only one', { origin: page }, { origin: newcomer }, [{ origin: page }]],
  ['an origin beside patterns and expressions', { origin: ['https://*.shop.test', /^https:\/\/[a-z]+\.shop\.example$/] }, { origin: newcomer },
    [{ origin: 'https://a.shop.test' }, { origin: 'https://b.shop.example' }]],
  ['an origin beside an expression', { origin: /^https:\/\/[a-z]+\.shop\.example$/ }, { origin: newcomer }, [{ origin: 'https://b.shop.example' }]],
  ['an origin, a method and a header', { origin: [page], allowedHeaders: ['x-a'] }, { origin: newcomer, method: 'DELETE', headers: { 'x-b': '1' } },
    [{ origin: page, headers: { 'x-a': '1' } }]],
  ['an origin over http where cookies are allowed', { origin: [page], credentials: true }, { origin: 'http://192.168.0.7:5173' }, [{ origin: page, ...include }]],
  ['an origin for unsafe methods under enforce', { origin: [page], enforce: 'unsafe' }, { origin: newcomer, method: 'POST' }, [{ origin: page, method: 'POST' }]],
  ['cookies', { origin: [page] }, { origin: page, ...include }, [{ origin: page }]],
  ['cookies and a method', { origin: [page] }, { origin: page, ...put, ...include }, [{ origin: page }]],
  ['cookies where any origin is allowed', { origin: '*' }, { origin: page, ...include }, [{ origin: page }]],
  ['cookies where any origin is reflected', { origin: true }, { origin: page, ...include }, [{ origin: page }]],
  ['cookies beside an exception', { origin: ['http://app.example.com'], dangerouslyAllow: ['unchecked-regexps'] }, { origin: 'http://app.example.com', ...include }, []],
  ['a method', { origin: [page], methods: ['GET', 'PATCH'] }, { origin: page, method: 'PUT' }, [{ origin: page, method: 'PATCH' }]],
  ['a method and a header', { origin: [page], allowedHeaders: 'x-a' }, { origin: page, ...put }, [{ origin: page, headers: { 'X-A': '1' } }]],
  ['a header', { origin: [page], allowedHeaders: ['X-A', "it's"] }, { origin: page, headers: { 'x-b': '1' } }, [{ origin: page, headers: { 'x-a': '1', "it's": '1' } }]],
  ['Authorization beside a wildcard', { origin: '*', allowedHeaders: '*' }, { origin: page, headers: { authorization: 'x', 'x-a': '1' } }, [{ origin: page, headers: { 'x-a': '1' } }]],
  ['a method of the route', { origin: [page], methods: ['PUT', 'DELETE'] }, { origin: page, method: 'DELETE' }, [{ origin: page, method: 'PUT' }], { methods: ['PUT'] }],
  ['an origin of the route', { origin: [page] }, { origin: newcomer }, [{ origin: 'https://route.example' }], { origin: ['https://route.example'] }]
]

for (const [name, registered, asked, worked, override] of refusals) {
  t.test(`the fix for ${name} makes the request work, keeps what worked, and lets in nobody else`, async t => {
    const before = await application(registered, override)
    const verdict = await before.cors.explain({ url: '/', ...asked })
    t.equal(verdict.allowed, false)
    const { options, isOfRoute } = pasted(verdict.fix)
    t.equal(isOfRoute, override !== undefined)
    for (const [what, mended] of [['the fix', options], ['the remedy', verdict.remedy?.options]] as const) {
      t.ok(mended, what)
      // Without an exception that only the other options need, the remedy names the needs of this request alone.
      if (what === 'the remedy' && name === 'an origin over http where cookies are allowed') continue
      const app = override === undefined ? await application({ ...registered, ...mended }) : await application(registered, { ...override, ...mended })
      t.match(await app.cors.explain({ url: '/', ...asked }), { allowed: true }, what)
      for (const credentials of ['omit', 'include'] as const) {
        const isOpen = registered.origin === '*' && mended?.origin === undefined
        t.match(await app.cors.explain({ ...asked, url: '/', origin: nobody, credentials }), { allowed: isOpen && credentials === 'omit' }, `${what}: a stranger`)
      }
      if (what === 'the fix') for (const page of worked) t.match(await app.cors.explain({ url: '/', ...page }), { allowed: true }, 'what worked before')
    }
  })
}

t.test('the fix for a header to be read adds it to those that can be read', async t => {
  const registered = { origin: page, exposedHeaders: ['etag'] }
  const noted = async (options: CorsOptions): Promise<CorsVerdict['notes'][number] | undefined> => {
    const app = await application(options)
    const { notes } = await app.cors.explain({ origin: page, url: '/' })
    return notes.find(({ code }) => code === 'headers-not-exposed')
  }
  const note = await noted(registered)
  t.match(note?.fix, "exposedHeaders: ['etag', 'X-Total-Count']")
  t.equal(await noted({ ...registered, ...pasted(String(note?.fix)).options }), undefined)
})

t.test('where no options can be worked out, the advice says who decides, and takes nothing away', async t => {
  const fixOf = async (registered: CorsOptions, asked: Omit<Page, 'url'>): Promise<string> => (await (await application(registered)).cors.explain({ url: '/', ...asked })).fix
  t.match(await fixOf({ origin: () => false }, { origin: page }), `With fastify-cors-policy: let the function that is origin return true for '${page}'. From`, 'a function')
  t.match(await fixOf({ origin: page }, { origin: 'null' }), 'Serve the page over http', 'an origin that anyone can have')
  t.match(await fixOf({ origin: page, delegator: () => ({ origin: page }) }, { origin: stranger }), 'With fastify-cors-policy: let the delegator return options that allow this request. From', 'a delegator')
  t.match(await fixOf({ origin: [page, 'http://app.example.com'] }, { origin: page, ...include }), 'With fastify-cors-policy: credentials: true. From', 'cookies beside an origin over http')
})

t.test('where the application redirects a preflight, no options are advised', async t => {
  const app = createApp({ audit: false, origin: page, preflight: false })
  app.put('/', async () => 'x')
  app.options('/', async (_request, reply) => await reply.redirect('/login'))
  await app.ready()
  const { notes: [cause], fix } = await app.cors.explain({ origin: page, url: '/', method: 'PUT' })
  t.equal(cause?.code, 'redirect')
  t.equal(fix, cause?.fix)
})

t.test('a note says where the origin is to be added', async t => {
  t.match(await (await application({ origin: page })).cors.explain({ origin: newcomer, url: '/' }), { notes: [{ code: 'origin-refused', where: 'registration' }] })
  t.match(await (await application({ origin: page }, { origin: page })).cors.explain({ origin: newcomer, url: '/' }), { notes: [{ code: 'origin-refused', where: 'route' }] })
  t.match(await (await application({ origin: () => false })).cors.explain({ origin: newcomer, url: '/' }), { notes: [{ code: 'origin-refused', where: 'registration' }] })
  t.match(await (await application({ delegator: () => ({ origin: page }) })).cors.explain({ origin: newcomer, url: '/' }), { notes: [{ code: 'origin-refused', where: 'delegator' }] })
})

t.test('the fix for a preflight that is left to the application has its headers and cookies too', async t => {
  const app = await application({ origin: page, allowedHeaders: ['x-a'], preflight: false })
  const asked = { origin: page, url: '/', ...put, ...include }
  const { fix } = await app.cors.explain(asked)
  const [, written = ''] = /^Let the plugin answer it, (.*), or answer it from an OPTIONS route of \/\.$/.exec(fix) ?? []
  t.equal(written, "preflight: true, methods: ['GET', 'HEAD', 'POST', 'PUT'], allowedHeaders: ['x-a', 'content-type'], credentials: true")
  t.match(await (await application({ origin: page, ...runInThisContext(`({ ${written} })`) })).cors.explain(asked), { allowed: true })
})
