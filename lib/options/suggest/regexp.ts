import type { AST } from '@eslint-community/regexpp'
import { isLoopback } from '../../http/loopback.js'
import { ORIGINS } from '../../origin/language.js'
import { parseOrigin } from '../../origin/parse.js'
import { isListedName, isOpenToAnyone } from '../../origin/public-suffix.js'
import { isValidOrigin } from '../../origin/validate.js'
import { anchoredSource, isAnchored } from '../../regexp/anchors.js'
import { automatonOf } from '../../regexp/automaton.js'
import { checkRegExp, type CheckedRegExp, withoutRefusedFlags } from '../../regexp/check.js'
import { textsOf } from '../../regexp/language.js'
import { parseRegExp } from '../../regexp/parse.js'
import { flattenedSource, narrowedSource } from '../../regexp/rewrite.js'
import { entriesSource, literalOf, type RegExpText } from '../../text.js'
import { entriesOf, letsIn } from './entries.js'
import { type Reading, readingsOf } from './reading.js'
import { isPrivateHost } from './secure.js'

/** More than this is no longer a hint. */
const MOST_ENTRIES = 8

/**
 * What to write in place of an expression that is refused, best first: origins and patterns that say the same, or the
 * expression anchored, narrowed, or without what makes it slow. Each lets in what the expression was meant for.
 */
export function regExpFixes (checked: CheckedRegExp): string[] {
  const { text, pattern, looseness } = checked
  if (pattern === null) return []
  const narrowed = narrowedText(checked)
  // What can take long is not tried out
  if (checked.slowness !== null && checkRegExp(narrowed, 'whole').slowness !== null) return []
  const stateless = checked.slowness === null ? new RegExp(text.source, narrowed.flags) : new RegExp(narrowed.source, narrowed.flags)
  if (ANYONE.every(origin => stateless.test(origin))) return ['\'*\'']
  const rewritten = rewrittenOf(checked)
  const meant = meaningOf(pattern, text.flags) ?? meaningOfExamples(checked, stateless)
  if (meant === null) return []
  const written = meant.entries.length === 0 || meant.entries.length > MOST_ENTRIES ? [] : [entriesSource(meant.entries)]
  const namesOrigins = looseness !== null || !meant.isWhole
  const candidates = namesOrigins ? [...written, ...rewritten] : [...rewritten, ...written]
  return candidates.filter(candidate => keeps(candidate, meant))
}

/** Whoever lets these in lets anyone in. */
const ANYONE = ['http://a.example', 'https://stranger.test', 'https://192.0.2.1:8443']

/** What an expression was meant for. */
interface Meaning {
  readonly entries: ReadonlyArray<string | RegExp>
  readonly examples: readonly string[]
  readonly strangers: readonly string[]
  /** Whether it names whole origins, from their scheme on. */
  readonly isWhole: boolean
}

function keeps (candidate: string, meant: Meaning): boolean {
  const entries = entriesOf(candidate)
  return entries !== null && meant.examples.every(example => letsIn(entries, example)) && !meant.strangers.some(stranger => letsIn(entries, stranger))
}

/** The expression with its open parts narrowed, its loops made one, and without the flags that are refused. */
function narrowedText ({ text: { source, flags }, looseness, slowness }: CheckedRegExp): RegExpText {
  const flattened = slowness?.quantifier == null ? null : flattenedSource(source, slowness.quantifier)
  return { source: flattened ?? (looseness === null ? source : narrowedSource(source, looseness.parts)), flags: withoutRefusedFlags(flags) }
}

/** The narrowed expression anchored, for any port too where it is open at its end: as far as nothing is wrong with it then. */
function rewrittenOf (checked: CheckedRegExp): string[] {
  const { source, flags } = narrowedText(checked)
  const pattern = parseRegExp({ source, flags })
  if (typeof pattern === 'string') return []
  const isClosed = isAnchored(pattern, 'end')
  const anchored = isClosed && isAnchored(pattern, 'start') ? source : anchoredSource(pattern)
  const sources = isClosed ? [anchored] : [anchored, anchored.replace(/\$$/, '(?::\\d{1,5})?$')]
  return sources.map(source => ({ source, flags })).filter(text => checkRegExp(text, 'whole').problems.length === 0).map(literalOf)
}

const MOST_EXAMPLES = 20
const MOST_TRIED = 200

/** What an expression that can't be read was meant for, told from origins that it matches. */
function meaningOfExamples (checked: CheckedRegExp, stateless: RegExp): Meaning | null {
  const text = narrowedText(checked)
  const pattern = parseRegExp(text)
  if (typeof pattern === 'string') return null
  const opensAtEnd = !isAnchored(pattern, 'end')
  const examples: string[] = []
  for (const example of originsIn(pattern, text.flags)) {
    const origin = parseOrigin(example)
    if (origin === null || !stateless.test(example)) continue
    const isWeb = DEFAULT_PORTS.has(origin.scheme)
    if (opensAtEnd && isWeb && origin.port === '' && !isWholeName(origin.host)) return null
    examples.push(example)
    if (opensAtEnd && isWeb && origin.port === '' && isPrivateHost(origin.host)) examples.push(`${example}:5173`)
    if (examples.length >= MOST_EXAMPLES) break
  }
  return examples.length === 0 ? null : meaning([], examples, examples.map(example => `${example.replace(/:\d+$/, '')}.stranger.test`), true)
}

/** Origins in the language of an expression; none where it is too large. */
function originsIn (pattern: AST.Pattern, flags: string): string[] {
  const found: string[] = []
  try {
    for (const text of textsOf(automatonOf(pattern, flags, 'whole'), ORIGINS)) if (found.push(text) === MOST_TRIED) break
    return found
  } catch {
    return []
  }
}

/** Whether a host is one that can be called, and not the beginning of one. */
function isWholeName (host: string): boolean {
  return /^\[|^\d+(?:\.\d+){3}$/.test(host) || isLoopback(host) || isListedName(host)
}

function meaningOf (pattern: AST.Pattern, flags: string): Meaning | null {
  const entries = new Map<string, string | RegExp>()
  const examples = new Set<string>()
  const strangers = new Set<string>()
  let isWhole = true
  const readings = readingsOf(pattern, flags)
  if (readings === null) return null
  for (const reading of readings) {
    const meant = meaningOfReading(reading)
    if (meant === null) return null
    isWhole &&= meant.isWhole
    for (const entry of meant.entries) entries.set(String(entry), entry)
    for (const example of meant.examples) examples.add(example)
    for (const stranger of meant.strangers) strangers.add(stranger)
  }
  const distinct = [...entries.values()].filter(entry => !entries.has(`${String(entry)}:*`))
  return {
    entries: distinct,
    examples: [...examples],
    strangers: [...strangers].filter(stranger => !letsIn(distinct, stranger)),
    isWhole
  }
}

const AUTHORITY = /^(\[[0-9a-f:]*\]|[^:/]*)(:[0-9#*!<>]*)?(\/.*)?$/
const NAME = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?$/
const ADDRESS_BEGINNING = /^(?:10|127|192\.168|172\.(?:1[6-9]|2\d|3[01])|169\.254)(?:\.\d{1,3})*\.?$/

/** What one reading of an expression stands for, or `null` where that can't be told. */
function meaningOfReading ({ text, opensAtStart, opensAtEnd }: Reading): Meaning | null {
  const [, written, rest = ''] = /^([a-z][a-z0-9+.-]*|[*!<>]?):\/\/(.*)$/is.exec(text) ?? [undefined, undefined, text.replace(/^\/\//, '')]
  const isWhole = written !== undefined
  const lower = written?.toLowerCase() ?? ''
  const isAnyScheme = isWhole && !/^[a-z]/.test(lower)
  const isWeb = !isWhole || isAnyScheme || lower === 'http' || lower === 'https'
  const [, host = '', port, path] = AUTHORITY.exec(isWeb ? rest.toLowerCase() : rest) ?? []
  if (host === '' && (isWeb || !opensAtEnd || port !== undefined)) return null
  if (host === '' || (!isWeb && /^[*!>]$/.test(host))) return meaning([`${lower}://*`], [`${lower}://localhost`, `${lower}://abcdef`], ['https://stranger.test'], isWhole)
  const isClosed = !opensAtEnd || port !== undefined || path !== undefined
  const name = host.replace(/^[*!<>]/, '')
  if (!isClosed && isWeb && ADDRESS_BEGINNING.test(host) && host.replace(/\.$/, '').split('.').length < 4) {
    return networkMeaning(lower === '' ? ['http'] : [lower], host)
  }
  // A single word is no host that a page could come from
  if (!isWhole && !name.includes('.') && !isLoopback(name)) return null
  const isOpen = isWeb && (!isWhole && opensAtStart ? true : name !== host)
  const schemes = isAnyScheme ? ['http', 'https'] : isWhole ? [lower] : isLoopback(name) || ADDRESS_BEGINNING.test(name) ? ['http'] : ['https']
  const meanings = schemes.map(scheme => hostMeaning({ scheme, host, port, isOpen, opensAtStart: !isWhole && opensAtStart, isClosed }))
  return meanings.includes(null) ? null : joined(meanings.filter(found => found !== null), isWhole)
}

function meaning (entries: ReadonlyArray<string | RegExp>, examples: readonly string[], strangers: readonly string[], isWhole: boolean): Meaning {
  return { entries, examples, strangers, isWhole }
}

function joined (meanings: readonly Meaning[], isWhole: boolean): Meaning {
  return meaning(
    meanings.flatMap(({ entries }) => entries), meanings.flatMap(({ examples }) => examples), meanings.flatMap(({ strangers }) => strangers), isWhole
  )
}

/** A private network whose first numbers are written: any address in it, at any port. */
export function networkMeaning (schemes: readonly string[], beginning: string): Meaning {
  const numbers = beginning.replace(/\.$/, '').split('.')
  const left = 4 - numbers.length
  const source = [...numbers, ...new Array<string>(left).fill('\\d{1,3}')].join('\\.')
  const fill = (number: number): string => [...numbers, ...new Array<number>(left).fill(number)].join('.')
  return meaning(
    schemes.map(scheme => new RegExp(`^${scheme}://${source}(?::\\d{1,5})?$`)),
    schemes.flatMap(scheme => [`${scheme}://${fill(7)}`, `${scheme}://${fill(20)}:5173`]),
    schemes.map(scheme => `${scheme}://${fill(7)}.stranger.test`),
    true
  )
}

interface HostParts {
  readonly scheme: string
  readonly host: string
  readonly port: string | undefined
  /** Whether names below the host, or longer ones, are meant too. */
  readonly isOpen: boolean
  readonly opensAtStart: boolean
  readonly isClosed: boolean
}

const DEFAULT_PORTS = new Map([['http', ':80'], ['https', ':443']])

function hostMeaning ({ scheme, host, port: written = '', isOpen, opensAtStart, isClosed }: HostParts): Meaning | null {
  const sign = /^[*!<>]/.exec(host)?.[0] ?? ''
  const rest = host.slice(sign.length).replace(/^(localhost|127\.0\.0\.1)[*!]$/, '$1')
  const isLonger = rest.length < host.length - sign.length
  const name = rest.replace(/^\./, '')
  const isWeb = DEFAULT_PORTS.has(scheme)
  if (isWeb ? !NAME.test(name) && !/^\[[0-9a-f:]+\]$/.test(name) : !/^[^/?#@*!<>]+$/.test(name)) return null
  // The rest of a label, or of a name, is not known
  if (!isClosed && !isLonger && isWeb && !isWholeName(name)) return null
  const anyPort = /[#*!<>]/.test(written) || (written === '' && (isLonger || (!isClosed && isWeb && isPrivateHost(name))))
  const port = anyPort ? ':*' : written === DEFAULT_PORTS.get(scheme) ? '' : written
  const withPort = (text: string): string => `${scheme}://${text}${port}`
  const isSubdomain = sign !== '' ? rest.startsWith('.') : isOpen && rest.startsWith('.')
  if (isSubdomain && sign !== '' && !/[*!]/.test(sign)) return null
  if (sign !== '' && rest.startsWith('-')) return partMeaning(scheme, rest, port)
  const entries: string[] = []
  const isLoopbackName = isLoopback(name) && !isSubdomain
  const bare = !isSubdomain && (sign === '' || sign === '*' || sign === '<')
  if (bare) entries.push(withPort(name))
  if ((isSubdomain || sign !== '' || opensAtStart) && !isLoopbackName && /[a-z]/.test(name)) entries.push(withPort(`*.${name}`))
  if (opensAtStart && bare && isOnSharedSuffix(name)) entries.push(withPort(`*-${name}`))
  if (entries.length === 0) return null
  return meaning(entries, entries.flatMap(examplesOf), [`${scheme}://${name}.stranger.test`, `${scheme}://stranger${name.replace(/^\[.*/, '.test')}`], false)
}

/** Names whose first label ends so, as previews have them: `*--shop.netlify.app`. */
function partMeaning (scheme: string, rest: string, port: string): Meaning | null {
  const entry = `${scheme}://*${rest}${port}`
  return isValidOrigin(entry) ? meaning([entry], examplesOf(entry), [`${scheme}://x${rest}.stranger.test`], false) : null
}

/** Whether a name is one of the many below a suffix where previews of it get names of their own, as on Vercel. */
function isOnSharedSuffix (name: string): boolean {
  const suffix = name.slice(name.indexOf('.') + 1)
  return suffix.includes('.') && isOpenToAnyone(suffix)
}

/** Origins that an origin or a pattern lets in. */
export function examplesOf (entry: string): string[] {
  const [scheme = '', rest = ''] = entry.split('://')
  const ported = rest.endsWith(':*') ? [rest.slice(0, -2), rest.replace(/\*$/, '5173')] : [rest]
  return ported.flatMap(host => host.includes('*') ? [host.replace('*', 'x')] : [host]).map(host => `${scheme}://${host}`)
}

/** What to write in place of an expression that need not be safe: without its flags. */
export function flagsFixes ({ source, flags }: RegExpText): string[] {
  return [literalOf({ source, flags: withoutRefusedFlags(flags) })]
}

/** What to write in place of an expression for paths: without its flags, and its loops made one. */
export function urlsFixes ({ text: { source, flags }, slowness }: CheckedRegExp): string[] {
  const kept = withoutRefusedFlags(flags)
  const flattened = slowness?.quantifier == null ? null : flattenedSource(source, slowness.quantifier)
  return [literalOf({ source: flattened ?? source, flags: kept })]
}
