import type { AST } from '@eslint-community/regexpp'
import { DEFAULT_PORTS, isLoopback } from '../../http/hosts.js'
import { isListedName, isOpenToAnyone } from '../../origin/public-suffix.js'
import { isValidOrigin } from '../../origin/validate.js'
import { letsIn } from './entries.js'
import { type Reading, readingsOf } from './reading.js'
import { isPrivateHost } from './secure.js'

/** The origins that an expression was meant for. */
export interface Meaning {
  readonly entries: ReadonlyArray<string | RegExp>
  readonly examples: readonly string[]
  readonly strangers: readonly string[]
  /** It names whole origins, from their scheme on. */
  readonly isWhole: boolean
}

/** True if a host is one that can be called, and not the beginning of one. */
export function isWholeName (host: string): boolean {
  return /^\[|^\d+(?:\.\d+){3}$/.test(host) || isLoopback(host) || isListedName(host)
}

/** The meaning of an expression, told from the texts that it reads as; `null` where that can't be told. */
export function meaningOf (pattern: AST.Pattern, flags: string): Meaning | null {
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

/** The meaning of one reading of an expression; `null` where that can't be told. */
function meaningOfReading ({ text, opensAtStart, opensAtEnd }: Reading): Meaning | null {
  const [, written, rest = ''] = /^([a-z][a-z0-9+.-]*|[*!<>]?):\/\/(.*)$/is.exec(text) ?? [undefined, undefined, text.replace(/^\/\//, '')]
  const isWhole = written !== undefined
  const lower = written?.toLowerCase() ?? ''
  const isAnyScheme = isWhole && !/^[a-z]/.test(lower)
  const isWeb = !isWhole || isAnyScheme || lower === 'http' || lower === 'https'
  const [, host = '', portText, path] = AUTHORITY.exec(isWeb ? rest.toLowerCase() : rest) ?? []
  // An expression that ends with the colon leaves the port to choice
  const port = portText === ':' && opensAtEnd ? ':*' : portText
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

export function meaning (entries: ReadonlyArray<string | RegExp>, examples: readonly string[], strangers: readonly string[], isWhole: boolean): Meaning {
  return { entries, examples, strangers, isWhole }
}

function joined (meanings: readonly Meaning[], isWhole: boolean): Meaning {
  return meaning(
    meanings.flatMap(({ entries }) => entries), meanings.flatMap(({ examples }) => examples), meanings.flatMap(({ strangers }) => strangers), isWhole
  )
}

/** A private network whose first numbers are written: any address in it, at any port. */
function networkMeaning (schemes: readonly string[], beginning: string): Meaning {
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
  /** Names below the host, or longer ones, are meant too. */
  readonly isOpen: boolean
  readonly opensAtStart: boolean
  readonly isClosed: boolean
}

function hostMeaning ({ scheme, host, port: written = '', isOpen, opensAtStart, isClosed }: HostParts): Meaning | null {
  const sign = /^[*!<>]/.exec(host)?.[0] ?? ''
  const rest = host.slice(sign.length).replace(/^(localhost|127\.0\.0\.1)[*!]$/, '$1')
  const isLonger = rest.length < host.length - sign.length
  const name = rest.replace(/^\./, '')
  const isWeb = DEFAULT_PORTS.has(scheme)
  if (isWeb ? !NAME.test(name) && !/^\[[0-9a-f:]+\]$/.test(name) : !/^[^/?#@*!<>]+$/.test(name)) return null
  // The rest of a label, or of a name, is not known
  if (!isClosed && !isLonger && isWeb && !isWholeName(name)) return null
  // A port of which a part is written is more than any
  if (/\d.*[#*!<>]/.test(written)) return null
  const anyPort = /[#*!<>]/.test(written) || (written === '' && (isLonger || (!isClosed && isWeb && isPrivateHost(name))))
  const port = anyPort ? ':*' : written === `:${DEFAULT_PORTS.get(scheme)}` ? '' : written
  const withPort = (text: string): string => `${scheme}://${text}${port}`
  const isSubdomain = sign !== '' ? rest.startsWith('.') : isOpen && rest.startsWith('.')
  // A part of a label: of one that is left to choice, or before letters that anyone can put others in front of
  if (/[<>]/.test(sign) && !rest.startsWith('-')) return null
  if ((sign !== '' || opensAtStart) && rest.startsWith('-')) return partMeaning(scheme, rest, port)
  const entries: string[] = []
  const isLoopbackName = isLoopback(name) && !isSubdomain
  const bare = !isSubdomain && (sign === '' || sign === '*')
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

/** True if a name is one of the many below a suffix where previews of it get names of their own, as on Vercel. */
function isOnSharedSuffix (name: string): boolean {
  const suffix = name.slice(name.indexOf('.') + 1)
  return suffix.includes('.') && isOpenToAnyone(suffix)
}

/** Origins that an origin or a pattern lets in. */
function examplesOf (entry: string): string[] {
  const [scheme = '', rest = ''] = entry.split('://')
  const ported = rest.endsWith(':*') ? [rest.slice(0, -2), rest.replace(/\*$/, '5173')] : [rest]
  return ported.flatMap(host => host.includes('*') ? [host.replace('*', 'x')] : [host]).map(host => `${scheme}://${host}`)
}
