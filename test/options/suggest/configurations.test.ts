import t from 'tap'
import { boot, mayRead, printedIn, repaired, type Written } from './printed.js'

// Configurations of the kinds that real projects have, with names of their own. Each boots as it is, is refused for safety with
// no fix but a message that says what to write, or boots with its printed fixes; and lets in who was meant.

/** `process.env` of a project. */
const env: Readonly<Record<string, string | undefined>> = {
  FRONTEND_URL: 'https://shop.example.com',
  FRONTEND_URL_SLASH: 'https://shop.example.com/',
  ALLOWED_ORIGINS: 'https://shop.example.com, https://admin.example.com,',
  ALLOWED_ORIGINS_JSON: '["https://shop.example.com","https://admin.example.com"]',
  DOMAIN: 'shop.example.com',
  MAX_AGE: '86400',
  CREDENTIALS: 'true'
}

const SHOP = 'https://shop.example.com'
const ADMIN = 'https://admin.example.com'
const DEV = 'http://localhost:3000'

interface Configuration {
  readonly options: Written
  readonly letsIn?: readonly string[]
  readonly refuses?: readonly string[]
}

const UNCHANGED: Readonly<Record<string, Configuration>> = {
  'any origin of a public API': { options: { origin: '*' }, letsIn: [SHOP, 'http://a.test'], refuses: [] },
  'a reflected origin without credentials': { options: { origin: true, methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] }, letsIn: [SHOP], refuses: [] },
  'CORS that is switched off': { options: { origin: false }, refuses: [SHOP] },
  'one page from the environment': { options: { origin: env['FRONTEND_URL'], credentials: true }, letsIn: [SHOP] },
  'a page from the environment, or that of development': { options: { origin: env['NOT_SET'] ?? DEV, credentials: true }, letsIn: [DEV] },
  'a list in the environment that the code takes apart': { options: { origin: env['ALLOWED_ORIGINS']?.split(',').map(entry => entry.trim()).filter(Boolean) }, letsIn: [SHOP, ADMIN] },
  'pages of production and of development': { options: { origin: [SHOP, DEV, 'http://localhost:5173'], credentials: true, maxAge: 600 }, letsIn: [SHOP, DEV] },
  'localhost with any port': { options: { origin: ['http://localhost:*', 'http://127.0.0.1:*'], credentials: true }, letsIn: [DEV, 'http://127.0.0.1:8080'], refuses: ['http://localhost.evil.test'] },
  'localhost with any port, as an expression': { options: { origin: /^https?:\/\/localhost(:\d+)?$/, credentials: true }, letsIn: [DEV, 'https://localhost'], refuses: ['http://localhost.evil.test'] },
  'all names below a domain': { options: { origin: [SHOP, 'https://*.example.com'], credentials: true }, letsIn: [SHOP, ADMIN, 'https://a.b.example.com'], refuses: ['https://evilexample.com'] },
  'previews with names of their own': { options: { origin: [SHOP, 'https://pr-*.example.com'], credentials: true }, letsIn: ['https://pr-123.example.com'], refuses: ['https://pr-.example.com'] },
  'previews on a shared domain, without credentials': { options: { origin: [SHOP, 'https://*--shop.netlify.app', /^https:\/\/shop-[a-z0-9-]+\.vercel\.app$/] }, letsIn: ['https://deploy-preview-7--shop.netlify.app', 'https://shop-git-main.vercel.app'], refuses: ['https://other.netlify.app'] },
  'mobile and desktop web views': { options: { origin: ['capacitor://localhost', 'ionic://localhost', 'http://localhost', 'https://localhost', 'tauri://localhost', 'app://.'], credentials: true }, letsIn: ['capacitor://localhost', 'tauri://localhost', 'app://.'] },
  'a browser extension': { options: { origin: ['chrome-extension://abcdefghijklmnopabcdefghijklmnop', SHOP], credentials: true }, letsIn: ['chrome-extension://abcdefghijklmnopabcdefghijklmnop'], refuses: ['chrome-extension://other'] },
  'a function that looks origins up': { options: { origin: async (origin: string) => [SHOP, ADMIN].includes(origin), credentials: true }, letsIn: [SHOP, ADMIN] },
  'a delegator that knows two kinds of routes': { options: { delegator: (request: { url: string }) => request.url.startsWith('/public') ? { origin: '*' } : { origin: [SHOP], credentials: true } }, letsIn: [SHOP] },
  'a desktop shell whose pages are files': { options: { origin: ['null', SHOP], dangerouslyAllow: ['null-origin'] }, letsIn: ['null', SHOP] },
  'a printer in the local network': { options: { origin: /^http:\/\/192\.168\.\d{1,3}\.\d{1,3}(?::\d{1,5})?$/ }, letsIn: ['http://192.168.1.7:3000'], refuses: ['http://192.168.1.7.evil.test'] }
}

const FIXED: Readonly<Record<string, Configuration>> = {
  'a page from the environment, with a slash': { options: { origin: env['FRONTEND_URL_SLASH'], credentials: true }, letsIn: [SHOP] },
  'a list in the environment, as it is': { options: { origin: env['ALLOWED_ORIGINS'], credentials: true }, letsIn: [SHOP, ADMIN] },
  'a list in the environment, as JSON': { options: { origin: env['ALLOWED_ORIGINS_JSON'], credentials: true }, letsIn: [SHOP, ADMIN] },
  'a list in the environment, taken apart at commas': { options: { origin: env['ALLOWED_ORIGINS']?.split(','), credentials: true }, letsIn: [SHOP, ADMIN] },
  'a variable that is not set, beside the page of development': { options: { origin: [env['NOT_SET'], DEV], credentials: true }, letsIn: [DEV] },
  'an entry that a condition takes away': { options: { origin: [SHOP, false, null, DEV], credentials: true }, letsIn: [SHOP, DEV] },
  'a domain from the environment': { options: { origin: env['DOMAIN'] }, letsIn: [SHOP] },
  'names below a domain, without the scheme': { options: { origin: ['*.example.com', 'example.com'], credentials: true }, letsIn: ['https://example.com', ADMIN], refuses: ['https://evilexample.com'] },
  'an expression as other plugins\' documentation has it': { options: { origin: [/\.example\.com$/, 'http://localhost:3000/'], credentials: true }, letsIn: [ADMIN, DEV], refuses: ['https://example.com.evil.test'] },
  'an expression for localhost': { options: { origin: [SHOP, /localhost/], credentials: true }, letsIn: [SHOP, DEV, 'http://localhost'], refuses: ['http://localhost.evil.test', 'https://notlocalhost.test'] },
  'previews on a shared domain, open at the end': { options: { origin: [/^https:\/\/shop-.*\.vercel\.app/, SHOP] }, letsIn: ['https://shop-git-main.vercel.app', SHOP], refuses: ['https://shop-x.vercel.app.evil.test'] },
  'addresses of the office': { options: { origin: ['http://192.168.*', 'http://10.0.0.*:8080'] }, letsIn: ['http://192.168.1.20:5173', 'http://10.0.0.9:8080'], refuses: ['http://11.0.0.1'] },
  'options of Express with null for what is not used': { options: { origin: SHOP, methods: 'GET,HEAD,PUT,PATCH,POST,DELETE', preflightContinue: false, optionsSuccessStatus: 204, maxAge: null, exposedHeaders: null }, letsIn: [SHOP] },
  'options of NestJS': { options: { origin: [SHOP, 'http://localhost:4200/'], methods: 'GET,HEAD,PUT,PATCH,POST,DELETE', allowedHeaders: 'Content-Type, Accept, Authorization, Origin', credentials: true }, letsIn: [SHOP, 'http://localhost:4200'] },
  'options of a Python framework': { options: { allow_origins: [SHOP], allow_credentials: true, allow_methods: ['*'], allow_headers: ['*'], max_age: 600 }, letsIn: [SHOP] },
  'options of a Go library': { options: { AllowedOrigins: [SHOP], AllowedMethods: ['GET', 'POST'], AllowCredentials: true, MaxAge: 300, OptionsPassthrough: false }, letsIn: [SHOP] },
  'numbers and words from the environment': { options: { origin: SHOP, maxAge: env['MAX_AGE'], credentials: env['CREDENTIALS'] }, letsIn: [SHOP] },
  'forbidden names that were copied together': { options: { origin: SHOP, allowedHeaders: ['Content-Type', 'Authorization', 'Cookie', 'Origin', 'Access-Control-Allow-Origin'], exposedHeaders: ['Set-Cookie', 'ETag'], credentials: true }, letsIn: [SHOP] },
  '\'*\' with credentials': { options: { origin: '*', credentials: true }, letsIn: [SHOP], refuses: [] },
  'app schemes as expressions': { options: { origin: [/^capacitor:\/\//, /^ionic:\/\//, DEV] }, letsIn: ['capacitor://localhost', 'ionic://localhost', DEV] },
  'an expression for everybody': { options: { origin: /.*/ }, letsIn: [SHOP, 'http://a.test'], refuses: [] }
}

/** What is not safe, or means nothing, with what the message says to write. */
const REFUSED: Readonly<Record<string, { readonly options: Written, readonly message: RegExp }>> = {
  'a reflected origin with credentials': { options: { origin: true, credentials: true }, message: /list the origins of your pages/ },
  'a variable that is not set': { options: { origin: env['NOT_SET'], credentials: true }, message: /origin must say who may call.*environment variable/ },
  'an empty variable': { options: { origin: '', credentials: true }, message: /environment variable/ },
  'a list with nothing in it': { options: { origin: [env['NOT_SET']] }, message: /environment variable/ },
  'a page of a variable that is not set': { options: { origin: `https://${String(env['NOT_SET'])}`, credentials: true }, message: /environment variable/ },
  'previews on a shared domain, with credentials': { options: { origin: [SHOP, /^https:\/\/[a-z0-9-]+\.vercel\.app$/], credentials: true }, message: /anyone can have a name below vercel\.app/ },
  'an address of the office, with credentials': { options: { origin: ['http://192.168.1.7:3000'], credentials: true }, message: /dangerouslyAllow: \['insecure-origins'\]/ },
  'null in a list': { options: { origin: [SHOP, 'null'], credentials: true }, message: /dangerouslyAllow: \['null-origin'\]/ },
  'a function with a callback': { options: { origin: (_origin: string, callback: (error: null, allowed: boolean) => void) => { callback(null, true) }, credentials: true }, message: /\(origin, request\) => boolean/ }
}

t.test('there are forty of them and more', async t => {
  t.ok([UNCHANGED, FIXED, REFUSED].flatMap(Object.keys).length >= 40)
})

for (const [name, { options, letsIn = [], refuses = ['https://stranger.test', 'null'] }] of Object.entries(UNCHANGED)) {
  t.test(`${name}: boots as it is`, async t => {
    const app = await boot(options)
    if (typeof app === 'string') return t.fail(app)
    for (const page of letsIn) t.ok(await mayRead(app, page), `${page} is let in`)
    for (const page of refuses) if (!letsIn.includes(page)) t.notOk(await mayRead(app, page), `${page} is not`)
    await app.close()
  })
}

for (const [name, { options, letsIn = [], refuses = ['https://stranger.test', 'null'] }] of Object.entries(FIXED)) {
  t.test(`${name}: boots with the fixes that are printed`, async t => {
    const message = await boot(options)
    if (typeof message !== 'string') return t.fail('it is refused')
    const app = await boot(repaired(options, printedIn(message)))
    if (typeof app === 'string') return t.fail(`${message}\nthen: ${app}`)
    for (const page of letsIn) t.ok(await mayRead(app, page), `${page} is let in`)
    for (const page of refuses) t.notOk(await mayRead(app, page), `${page} is not`)
    await app.close()
  })
}

for (const [name, { options, message }] of Object.entries(REFUSED)) {
  t.test(`${name}: is refused, and the message says what to write`, async t => {
    const refused = await boot(options)
    t.match(refused, message)
    t.strictSame(printedIn(String(refused)), [], 'nobody can know what was meant')
  })
}
