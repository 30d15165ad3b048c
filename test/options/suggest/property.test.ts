import fc from 'fast-check'
import t from 'tap'
import type { CorsIssue } from '../../../lib/options/issue.js'
import { parseCorsOptions } from '../../../lib/options/parse.js'
import { compile } from '../../../lib/policy/policy.js'
import { issuesOf } from '../refused.js'
import { repaired, type Written } from './printed.js'

// Right options, a mistake in them, and others beside it: whatever is printed as a fix has to keep its promise.

const label = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/).filter(text => text !== 'nan' && text !== 'null' && text !== 'undefined')
const name = fc.tuple(fc.array(label, { minLength: 1, maxLength: 2 }), fc.constantFrom('com', 'org', 'co.uk', 'example', 'dev', 'vercel.app')).map(([labels, end]) => [...labels, end].join('.'))
const port = fc.constantFrom('', '', ':8443', ':3000')
const right = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(name, port).map(([host, end]) => `https://${host}${end}`) },
  { weight: 1, arbitrary: fc.tuple(name, port).map(([host, end]) => `http://${host}${end}`) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom('localhost', '127.0.0.1', '[::1]', '192.168.0.7', '10.1.2.3', 'printer'), fc.constantFrom('', ':3000', ':5173')).map(parts => `http://${parts.join('')}`) },
  fc.tuple(fc.constantFrom('capacitor', 'ionic', 'app', 'chrome-extension'), label).map(([scheme, host]) => `${scheme}://${host}`)
)

const escaped = (origin: string): string => origin.replace(/[.[\]]/g, '\\$&').replaceAll('/', '\\/')
const withoutScheme = (origin: string): string => origin.replace(/^[a-z-]+:\/\//, '')
const withoutPort = (origin: string): string => origin.replace(/:\d+$/, '')
const onWeb = (origin: string): boolean => /^https?:/.test(origin)

/** Ways to get an origin wrong: slash, path, scheme, case, port, lists in texts, variables, escapes and anchors. */
const WRONG: ReadonlyArray<(origin: string) => unknown> = [
  origin => `${origin}/`,
  origin => `${origin}/path?query#fragment`,
  origin => ` ${origin}\n`,
  withoutScheme,
  origin => origin.replace('://', ':/'),
  origin => origin.replace(/^[a-z]/, letter => letter.toUpperCase()),
  origin => onWeb(origin) ? origin.replace(/\/\/[a-z]/, letters => letters.toUpperCase()) : `${origin} `,
  origin => `${withoutPort(origin)}:${origin.startsWith('https') ? '443' : onWeb(origin) ? '80' : '0x'}`,
  origin => `${withoutPort(origin)}:99999`,
  origin => `${withoutPort(origin)}:`,
  origin => `${origin}, https://other.example.com`,
  origin => `["${origin}","https://other.example.com/"]`,
  origin => [origin, ''],
  origin => [undefined, origin],
  origin => ['undefined', origin, null],
  origin => [false, `${origin}/`],
  origin => `"${origin}"`,
  origin => new RegExp(`^${origin.replace(/[[\]]/g, '\\$&')}$`),
  origin => new RegExp(`^${escaped(origin)}`),
  origin => new RegExp(escaped(origin)),
  origin => new RegExp(`${escaped(origin)}$`, 'g'),
  origin => new RegExp(`^${escaped(origin)}$`, 'gm'),
  origin => new RegExp(`^${escaped(origin)}\\/$`),
  origin => new RegExp(`^${escaped(origin)}\\/`),
  origin => new RegExp(`^${escaped(withoutScheme(origin))}$`),
  origin => new RegExp(`${escaped(withoutScheme(origin))}$`),
  origin => new RegExp(escaped(withoutScheme(origin))),
  origin => new RegExp(`^${escaped(onWeb(origin) ? origin.toUpperCase() : origin.replace(/^[a-z-]+/, scheme => scheme.toUpperCase()))}$`),
  origin => new RegExp(`^(${escaped(origin)}|https:\\/\\/other\\.example\\.com`.concat(')')),
  origin => new RegExp(`^(?:[a-z]+)+${escaped(origin.replace(/^[a-z-]+/, ''))}$`),
  origin => String(new RegExp(`^${escaped(origin)}$`)),
  origin => String(new RegExp(`^${escaped(origin)}`)),
  origin => `^${escaped(origin)}$`
]

/** Other mistakes, and what is right, beside it: types, names, null, other libraries' names. */
const BESIDE: ReadonlyArray<Record<string, unknown>> = [
  {}, {}, {}, { credentials: true }, { credentials: true }, { credentials: null }, { credentials: 'true' }, { maxAge: null }, { maxAge: '600' }, { allowedMethods: ['GET'] },
  { allowHeaders: ['x-a'] }, { expose_headers: ['ETag'] }, { allowedHeaders: ['Cookie', 'x-a'] }, { allowedHeaders: 'Origin, x-a' }, { methods: 'get,patch' }, { methods: ['TRACE', 'PUT'] },
  { methods: [null, 'PUT'] }, { exposedHeaders: ['Set-Cookie'] }, { exposedHeaders: null }, { enforce: 'all' }, { preflight: null }, { supportsCredentials: true }, { hook: 'on-request' }, { credential: true, maxage: '5' }
]

const keyOf = ({ code, value }: CorsIssue): string => `${code} ${String(value)}`

/** Whether right options let an origin in. */
function letsIn (options: Written): (origin: string) => boolean {
  return compile(parseCorsOptions(options)).origins.match
}

/** Throws where a fix, alone, doesn't make its problem go away, or brings another one. */
function holdAlone (options: Written, issues: readonly CorsIssue[], issue: CorsIssue, fix: string): void {
  const before = issues.map(keyOf)
  before.splice(before.indexOf(keyOf(issue)), 1)
  for (const left of issuesOf(() => parseCorsOptions(repaired(options, [{ path: issue.path, fix }]))).map(keyOf)) {
    const index = before.indexOf(left)
    if (index === -1) throw new Error(`${fix} at ${issue.path} brings or leaves ${left}`)
    before.splice(index, 1)
  }
}

/** Throws where all fixes together don't boot, keep a page out that was meant, or let a stranger in. */
function holdTogether (options: Written, fixes: ReadonlyArray<{ path: string, fix: string }>, origin: string): void {
  const shown = fixes.map(({ path, fix }) => `${path}: ${fix}`).join(', ')
  const fixed = repaired(options, fixes)
  const left = issuesOf(() => parseCorsOptions(fixed))
  if (left.length > 0) throw new Error(`${shown} leaves ${left.map(keyOf).join()}`)
  const lets = letsIn(fixed)
  const bare = origin.replace(/^[a-z-]+/, '')
  // Where the scheme was not written, or http is not to be had, another one may have been meant, as may be another port
  const meant = [origin, `http${bare}`, `https${bare}`].flatMap(page => [page, withoutPort(page)])
  if (!meant.some(lets)) throw new Error(`${shown} lets in no page of ${origin}`)
  for (const stranger of [`${withoutPort(origin)}.stranger.test`, `https://stranger${withoutPort(withoutScheme(origin)).replace(/^\[.*/, '.test')}.test`, 'https://stranger.test']) {
    if (lets(stranger)) throw new Error(`${shown} lets in ${stranger}`)
  }
}

t.test('of 20,000 mistakes, no fix breaks its promise', { timeout: 600_000 }, async t => {
  let printed = 0
  let booted = 0
  fc.assert(fc.property(right, right, fc.constantFrom(...WRONG), fc.constantFrom(...BESIDE), fc.boolean(), (origin, other, wrong, beside, isListed) => {
    const written = wrong(origin)
    const options = { ...beside, origin: isListed && !Array.isArray(written) ? [other, written] : written }
    const issues = issuesOf(() => parseCorsOptions(options))
    const fixes = issues.flatMap(issue => issue.fix === null ? [] : [{ ...issue, fix: issue.fix }])
    for (const { fix, ...issue } of fixes) holdAlone(options, issues, { ...issue, fix }, fix)
    printed += fixes.length
    if (issues.length === 0 || fixes.length < issues.length) return
    booted++
    holdTogether(options, fixes, origin)
  }), { numRuns: 20_000, ...process.env['SEED'] === undefined ? {} : { seed: Number(process.env['SEED']) } })
  t.ok(printed > 10_000, `${printed} fixes are printed`)
  t.ok(booted > 8_000, `${booted} options are right after them`)
})
