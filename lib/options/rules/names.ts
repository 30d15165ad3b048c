import { isForbiddenRequestHeader, isForbiddenResponseHeader } from '../../http/header-names.js'
import { isForbiddenMethod, KNOWN_METHODS, normaliseMethod } from '../../http/methods.js'
import { isToken } from '../../http/token.js'
import { isList, listSource, quote, shorten } from '../../text.js'
import type { CorsIssueCode } from '../issue.js'
import { isWithin } from '../../near.js'
import type { Rules } from './rule.js'

/** One name of a list of methods or headers, with its place. */
interface Name {
  /** `null` where the list is one text. */
  readonly index: number | null
  readonly name: string
}

/** A mistake in a name. */
interface Mistake {
  readonly code: CorsIssueCode
  readonly message: string
  /** The names to write in its place: none where it is to be left out, `null` where they can't be known. */
  readonly instead: readonly string[] | null
}

/** Finds the mistake in a name, if there is one. */
type Judge = (name: string) => Mistake | null

/** Looks at each name of an option, and reports what is wrong with it. */
function checkNames (option: 'methods' | 'allowedHeaders' | 'exposedHeaders', { own, issues }: Rules, judge: Judge): void {
  const names = placedNames(own[option])
  // A variable that is not set, say: nobody can know which names were meant.
  const isNothing = names.every(({ name }) => name.trim() === '')
  // A fix takes the place of the whole text, and is the same for each name in it
  let ofText: string | null | undefined
  for (const { index, name } of names) {
    if (issues.isFull) return
    const mistake = judge(name)
    if (mistake === null) continue
    const { code, message } = mistake
    if (index === null && ofText === undefined) ofText = isNothing ? null : fixOfText(names, judge)
    const fix = ofText !== undefined ? ofText : isNothing ? null : fixOfItem(name, judge)
    issues.add({ option, index }, { code, value: name, message, fix })
  }
}

/** The names in a list, or in a text with commas: there, each once. What is no text is left to the schema. */
export function placedNames (value: unknown): Name[] {
  if (typeof value === 'string') {
    return Array.from(new Set(value.split(',').map(name => name.trim())), name => ({ index: null, name }))
  }
  const names: Name[] = []
  if (!isList(value)) return names
  for (const [index, name] of value.entries()) if (typeof name === 'string') names.push({ index, name })
  return names
}

/** The fix for an item of a list. */
function fixOfItem (name: string, judge: Judge): string | null {
  const names = mended(name, judge)
  if (names === null) return null
  if (names.length === 0) return 'leave it out'
  return names.length === 1 ? names.map(quote).join('') : listSource(names)
}

/** The whole text with every name mended. */
function fixOfText (names: readonly Name[], judge: Judge): string | null {
  const all = joined(names.map(({ name }) => mended(name, judge)))
  if (all === null) return null
  const text = [...new Set(all)].join(', ')
  return text === '' ? '[]' : quote(text)
}

/** The names that stand for a name, all of them without a mistake; itself where it has none. */
function mended (name: string, judge: Judge): readonly string[] | null {
  const mistake = judge(name)
  if (mistake === null) return [name]
  return mistake.instead === null ? null : joined(mistake.instead.map(other => mended(other, judge)))
}

/** The names of several lists; `null` where one of them is not known. */
function joined (lists: ReadonlyArray<readonly string[] | null>): string[] | null {
  const known = lists.filter(list => list !== null)
  return known.length < lists.length ? null : known.flat()
}

/** Variables that are not set, or not read: most of them are tokens. */
const UNFILLED = /^(?:undefined|nan|\$\w+|%\w+%)$|\bprocess\.env\b|\$\{|\{\{/i

/** A text that is no token was perhaps meant as several, or has something after it. */
function notAName (value: string, code: CorsIssueCode, what: string): Mistake | null {
  if (UNFILLED.test(value)) {
    return { code, message: `${quote(shorten(value))} looks like a variable that nothing has filled in: write the name of each ${what}`, instead: null }
  }
  if (isToken(value)) return null
  const isEmpty = value.trim() === ''
  return {
    code,
    message: isEmpty ? `${quote(value)} is empty: an environment variable may not be set; leave it out` : `${quote(shorten(value))} is not the name of a ${what}`,
    instead: isEmpty ? [] : tokensIn(value)
  }
}

function tokensIn (text: string): string[] | null {
  // A list in JSON, as variables of the environment hold it
  const names = text.split(/[\s,;"[\]]+/).filter(name => name !== '')
  return names.every(isToken) ? names : null
}

/** `header-invalid`, `header-forbidden` and `header-misplaced`. */
export function checkHeaders (rules: Rules): void {
  const credentials = rules.merged.credentials === true
  checkNames('allowedHeaders', rules, value => notAHeader(value) ?? mistakeInRequests(value, value.toLowerCase(), credentials))
  checkNames('exposedHeaders', rules, value => notAHeader(value) ?? mistakeInResponses(value, value.toLowerCase()))
}

/** Words for every header or none, and names with a star, which stands alone. */
function notOneHeader (value: string): Mistake | null {
  const word = value.toLowerCase()
  if (word === 'all' || word === 'any') return { code: 'header-invalid', message: `${quote(value)} is no header; every header is '*'`, instead: ['*'] }
  if (word === 'none') return { code: 'header-invalid', message: `${quote(value)} is no header; no header is an empty list`, instead: [] }
  // Any token is a name, though none with other signs is a pattern
  if (value === '*' || !/^[\w-]*\*[\w*-]*$/.test(value)) return null
  return { code: 'header-invalid', message: `${quote(shorten(value))} has a * in it, which stands for every header only where it stands alone: write each header by its name`, instead: null }
}

/** Headers that people write with spaces. */
const OF_SEVERAL_WORDS = /^(?:content-(?:type|disposition|length|encoding|language|range)|accept-language|cache-control|last-modified|retry-after|user-agent|x(?:-[a-z]+){2,})$/i

function notAHeader (value: string): Mistake | null {
  const mistake = notAName(value, 'header-invalid', 'header')
  const hyphened = value.trim().replace(/\s+/g, '-')
  if (mistake !== null && OF_SEVERAL_WORDS.test(hyphened)) return { ...mistake, instead: [hyphened] }
  // A header that was written with its value.
  const name = /^([^:]+):/.exec(value)?.[1]
  if (mistake === null) return notOneHeader(value)
  return name === undefined ? mistake : { ...mistake, instead: tokensIn(name) }
}

function mistakeInRequests (value: string, name: string, credentials: boolean): Mistake | null {
  const shown = quote(shorten(value))
  if (name === 'cookie') {
    const instead = credentials ? ', as they do here' : ': to have them sent, write credentials: true'
    return leaveOut('header-forbidden', `a page never sets ${shown}: browsers send cookies with credentials${instead}`)
  }
  // The standard may add names that begin like this.
  if (isForbiddenRequestHeader(name) || name.startsWith('access-control-request-')) {
    return leaveOut('header-forbidden', `a page never sets ${shown}: only the browser does`)
  }
  if (name.startsWith('access-control-') || name === 'timing-allow-origin') {
    return leaveOut('header-misplaced', `${shown} is a header of the server's answer, which the plugin sends`)
  }
  return null
}

function mistakeInResponses (value: string, name: string): Mistake | null {
  const shown = quote(shorten(value))
  if (isForbiddenResponseHeader(name)) return leaveOut('header-forbidden', `browsers never show ${shown} to a page`)
  if (name === 'origin' || name.startsWith('access-control-request-')) {
    return leaveOut('header-misplaced', `${shown} is a header of the browser's request, not of an answer`)
  }
  return null
}

function leaveOut (code: CorsIssueCode, message: string): Mistake {
  return { code, message: `${message}; leave it out`, instead: [] }
}

/** `method-invalid` and `method-forbidden`. */
export function checkMethods (rules: Rules): void {
  checkNames('methods', rules, value => notAMethod(value) ?? mistakeInMethods(value, value.toUpperCase()))
}

/** Bars and single quotation marks may stand in a token (RFC 9110, section 5.6.2), but not between known methods. */
function notAMethod (value: string): Mistake | null {
  const names = value.split(/[\s,;|'"[\]]+/).filter(name => name !== '')
  const areKnown = names.every(name => KNOWN_METHODS.has(name.toUpperCase()))
  const mistake = notAName(value, 'method-invalid', 'method')
  // One method that something came into, as in `G ET`
  const isTorn = names.length > 1 && KNOWN_METHODS.has(names.join('').toUpperCase())
  if (mistake !== null) return isTorn ? { ...mistake, instead: null } : mistake
  if (!areKnown || names.join('') === value) return null
  return { code: 'method-invalid', message: `${quote(shorten(value))} is not the name of a method`, instead: names }
}

function mistakeInMethods (value: string, upper: string): Mistake | null {
  const shown = quote(shorten(value))
  if (isForbiddenMethod(upper)) return leaveOut('method-forbidden', `no browser sends ${shown}`)
  if (upper === 'ALL' || upper === 'ANY') return { code: 'method-invalid', message: `${shown} is no known method; every method is '*'`, instead: ['*'] }
  if (!KNOWN_METHODS.has(upper)) return misspelled(shown, upper)
  if (normaliseMethod(value) === upper) return null
  return {
    code: 'method-invalid',
    message: `${shown} is not the same method as ${quote(upper)}: browsers send it in the case in which the page writes it`,
    instead: [upper]
  }
}

/** A method of the application's own, unless it is one letter from a known one. */
function misspelled (shown: string, upper: string): Mistake | null {
  const near = [...KNOWN_METHODS].filter(known => Math.abs(known.length - upper.length) <= 1 && isWithin(1, upper, known))
  if (near.length === 0) return null
  return {
    code: 'method-invalid',
    message: `${shown} is no known method. Did you mean ${near.map(quote).join(' or ')}?`,
    instead: near.length === 1 ? near : null
  }
}
