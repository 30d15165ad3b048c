import t from 'tap'
import { FRAMEWORKS, remedyFor, type CorsRemedy, type Framework } from '../../../lib/browser/index.js'

const little: CorsRemedy = { options: { origin: 'https://app.example.com' } }
const much: CorsRemedy = {
  options: {
    origin: ['http://192.168.0.7:5173', 'capacitor://localhost'],
    methods: ['GET', 'HEAD', 'POST', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type'],
    exposedHeaders: ['etag', 'x-total-count'],
    credentials: true,
    dangerouslyAllow: ['insecure-origins']
  }
}

/** What each text writes for credentials, and what has to be installed; `null` for nothing. */
const words: Record<Framework, [credentials: RegExp, install: string | null]> = {
  'fastify-cors-policy': [/credentials: true/, 'npm install fastify-cors-policy'],
  'fastify-cors': [/credentials: true/, 'npm install @fastify/cors'],
  express: [/credentials: true/, 'npm install cors'],
  koa: [/credentials: true/, 'npm install @koa/cors'],
  hono: [/credentials: true/, null],
  nestjs: [/credentials: true/, null],
  django: [/CORS_ALLOW_CREDENTIALS = True/, 'pip install django-cors-headers'],
  flask: [/supports_credentials=True/, 'pip install flask-cors'],
  fastapi: [/allow_credentials=True/, null],
  spring: [/setAllowCredentials\(true\)/, null],
  aspnet: [/AllowCredentials\(\)/, null],
  laravel: [/'supports_credentials' => true/, null],
  rails: [/credentials: true/, "gem 'rack-cors'"],
  go: [/AllowCredentials: true/, 'go get github.com/rs/cors'],
  nginx: [/Allow-Credentials true/, null],
  headers: [/Allow-Credentials: true/, null]
}

for (const framework of FRAMEWORKS) {
  t.test(`a person with ${framework} reads where the text goes and what to install, and finds what is needed in it`, async t => {
    const [credentials, install] = words[framework]
    const text = remedyFor(much, framework)
    const names = ['DELETE', 'authorization', 'content-type', 'etag', 'x-total-count', 'http://192.168.0.7:5173', 'capacitor://localhost']
    for (const name of names) t.ok(text.toLowerCase().includes(name.toLowerCase()), name)
    t.match(text, credentials)
    const [first = '', second = ''] = text.split('\n').filter(line => line !== '<?php')
    t.match(first, /^(?:\/\/|#) ./, 'the first line is a comment')
    if (install !== null) t.ok(`${first}\n${second}`.includes(install), install)
    else if (framework !== 'headers') t.match(`${first}\n${second}`, /nothing to install/)
    t.ok(text.endsWith('\n') && !text.includes('\n\n\n\n'), 'it is tidy')
  })

  t.test(`with ${framework}, a plain GET gets its origin, and nothing else`, async t => {
    const [credentials] = words[framework]
    const text = remedyFor(little, framework)
    t.match(text, 'https://app.example.com')
    t.notMatch(text, credentials)
    t.notMatch(text, /\b(?:PUT|DELETE|PATCH|content-type|authorization|etag)\b/i)
  })
}

t.test('whoever grants more already is told to add, and not to lose it', async t => {
  for (const framework of FRAMEWORKS) {
    const [beginning = ''] = /^(?:<\?php\n)?(?:(?:\/\/|#).*\n)+/.exec(remedyFor(much, framework)) ?? []
    t.match(beginning, /^(?:\/\/|#) Where CORS is set up already, add this to its lists: here is only what this one request needs\.$/m, framework)
  }
})

t.test('where an empty list of headers means all of them, a header is listed that every page may send', async t => {
  for (const framework of ['koa', 'hono', 'go'] as const) {
    t.match(remedyFor(little, framework), /\b[aA]llow(?:ed)?Headers: .*['"]Accept['"]/)
  }
})

t.test('Vary is written where the library leaves it out', async t => {
  for (const framework of ['flask', 'fastapi', 'aspnet', 'nginx', 'headers'] as const) t.match(remedyFor(little, framework), /vary/i)
})

t.test('cookies need Django to trust the origin too', async t => {
  t.match(remedyFor(much, 'django'), 'CSRF_TRUSTED_ORIGINS = [*globals().get("CSRF_TRUSTED_ORIGINS", []), "http://192.168.0.7:5173", "capacitor://localhost"]')
  t.notMatch(remedyFor(little, 'django'), 'CSRF_TRUSTED_ORIGINS')
})

t.test('the plugin\'s exceptions are written for the plugin only', async t => {
  for (const framework of FRAMEWORKS) t.equal(remedyFor(much, framework).includes('insecure-origins'), framework === 'fastify-cors-policy')
})

t.test('lists may be written as one text, as in the options', async t => {
  const { options } = much
  const written = { ...options, methods: 'GET, HEAD,POST, DELETE', allowedHeaders: 'authorization, content-type', exposedHeaders: 'etag, x-total-count, etag' }
  for (const framework of FRAMEWORKS) t.equal(remedyFor({ options: written }, framework), remedyFor(much, framework))
})

t.test('a value that is not one origin, method or header is refused', async t => {
  const { options } = little
  const origins = [
    '*', 'null', '', 'https://*.example.com', 'https://app.example.com/', 'app.example.com', 'https://a.example,b.example',
    'https://a.example\nb', "https://a'b.example", 'https://a"b.example', 'https://a$b.example', 'https://user@a.example', 'https://a\\b'
  ]
  for (const framework of FRAMEWORKS) {
    for (const origin of origins) t.throws(() => remedyFor({ options: { origin } }, framework), TypeError(`not an origin that a remedy can grant: ${JSON.stringify(origin)}`))
    for (const name of ['*', '', 'a b', 'a\r\nb', 'a"b']) {
      const error = TypeError(`not a name that a remedy can grant: ${JSON.stringify(name)}`)
      t.throws(() => remedyFor({ options: { ...options, methods: [name] } }, framework), error)
      t.throws(() => remedyFor({ options: { ...options, allowedHeaders: ['accept', name] } }, framework), error)
      t.throws(() => remedyFor({ options: { ...options, exposedHeaders: [name] } }, framework), error)
    }
  }
})

t.test('an unknown framework is refused with those that there are', async t => {
  for (const framework of ['rocket', 'toString', '__proto__']) {
    // @ts-expect-error: as a program without types may call it
    t.throws(() => remedyFor(little, framework), TypeError(`unknown framework ${JSON.stringify(framework)}: use one of ${FRAMEWORKS.join(', ')}`))
  }
})
