import { checkRegExp } from '../../regexp/check.js'
import { entriesSource, listSource, quote, readRegExp, shorten } from '../../text.js'
import type { Entry } from './entries.js'
import { mendEntry, quotedRegExp } from './mend.js'
import { placeholderClause } from './placeholder.js'
import { regExpFixes } from './regexp.js'

/** Why a text can't stand in `origin`, and what was meant. */
export interface OriginDiagnosis {
  /** The mistake: a sentence without its full stop. */
  message: string
  /** Texts to write instead, as JavaScript source, best first; none where that can't be known. */
  fixes: readonly string[]
}

const ONE = 'write an origin as browsers send it, such as \'https://app.example.com\' or \'http://localhost:3000\''
const SEVERAL = 'write each origin as an entry of a list, such as [\'https://app.example.com\', \'http://localhost:3000\']'

/** What to write where no fix can be printed; `undefined` where a message says so itself. */
function adviceFor (value: string, message: string): string | undefined {
  if (/\bwrite |leave it out/.test(message)) return undefined
  return message.startsWith(LIST) || /:\/\/.*:\/\//s.test(value) ? SEVERAL : ONE
}

const MAX_TEXT_LENGTH = 20_000
const MAX_ENTRIES = 500

const LEAVE_OUT = ['leave it out']
const ANY: OriginDiagnosis = { message: 'is written *', fixes: ['\'*\''] }
const NOBODY: OriginDiagnosis = { message: 'is written false', fixes: ['false'] }
const OWN: OriginDiagnosis = {
  message: 'is not needed, since pages of the server\'s own origin make no CORS requests: leave it out, or write origin: false if no other pages may call',
  fixes: ['leave it out', 'false']
}
const UNSET: OriginDiagnosis = { message: 'looks like an environment variable that is not set: set it, or leave it out', fixes: LEAVE_OUT }
const EMPTY: OriginDiagnosis = {
  message: 'is empty: an environment variable may not be set; .filter(Boolean) after the list leaves such entries out',
  fixes: LEAVE_OUT
}

/** Words that get into texts, and what was meant by them. */
const WORDS = new Map<string, OriginDiagnosis>([
  ['true', { message: 'is true written as a text: true allows every origin', fixes: ['true'] }],
  ['false', { message: 'is false written as a text', fixes: ['false'] }],
  ['any', ANY],
  ['all', ANY],
  ['.*', ANY],
  ['anyone', ANY],
  ['everyone', ANY],
  ['none', NOBODY],
  ['nobody', NOBODY],
  ['off', NOBODY],
  ['disabled', NOBODY],
  ['null', { message: 'is not an origin that can be listed', fixes: [] }],
  ['undefined', UNSET],
  ['nan', UNSET],
  ['[object object]', { message: 'is an object turned into text', fixes: [] }],
  ['self', OWN],
  ['same-origin', OWN],
  ['sameorigin', OWN],
  ['same_origin', OWN]
])

const SYNTAX = 'is not an origin as browsers send it: scheme://host, or scheme://host:port, of at most 300 characters'

/**
 * Why a text is neither an origin as browsers send it (RFC 6454, section 6.2) nor a pattern, and what to write instead.
 *
 * @param value a text that is neither, and none of `'*'`, `'null'` and `'file://'`, which have meanings of their own
 */
export function diagnoseOrigin (value: string): OriginDiagnosis & { otherwise: string | undefined } {
  const { message, fixes } = diagnose(value)
  return { message: `${quote(shorten(value))} ${message}`, fixes, otherwise: adviceFor(value, message) }
}

function diagnose (value: string): OriginDiagnosis {
  if (value.length > MAX_TEXT_LENGTH) return { message: SYNTAX, fixes: [] }
  const trimmed = value.trim()
  const text = withoutMarkdown(trimmed.replace(ESCAPED_BREAK, '\n'))
  const regexp = SEVERAL_REGEXPS.test(text) ? undefined : quotedRegExp(text.replace(QUOTATION_MARKS, ''))
  if (regexp !== undefined) {
    return { message: 'is a regular expression in quotation marks, while it must stand without them', fixes: regexp === null ? [] : fixesOfRegExp(regexp) }
  }
  const placeholder = placeholderClause(text)
  if (placeholder !== null) return { message: placeholder, fixes: [] }
  const entries = listedIn(text)
  const [only] = entries
  if (only === undefined) return EMPTY
  if (entries.length > 1 && entries.some(entry => WORDS.get(entry.toLowerCase()) === UNSET)) {
    return { message: `${LIST} ${entries.length} written as one text, and an environment variable in it is not set: set it, or leave it out`, fixes: [] }
  }
  if (entries.length > 1) return { message: `${LIST} ${entries.length} written as one text`, fixes: fixesOfList(entries) }
  const word = WORDS.get(only.toLowerCase())
  if (word !== undefined) return word
  const found = new Set<string>()
  if (trimmed !== value) found.add('has white space around it')
  if (only !== trimmed) found.add('has quotation marks, brackets, separators or invisible characters around it')
  const fixed = mendEntry(only, found)
  return { message: found.size === 0 ? SYNTAX : [...found].join('; '), fixes: fixed === null ? [] : [entriesSource(fixed)] }
}

function fixesOfRegExp (regexp: RegExp): string[] {
  const checked = checkRegExp(readRegExp(regexp), 'whole')
  return checked.problems.length === 0 ? [String(regexp)] : regExpFixes(checked)
}

/** Beside others, no host that a page could come from, but the rest of a name with commas in it. */
const WORD = /^(?:https?:\/\/)?(?!localhost$)[\w-]+$/i

function fixesOfList (entries: string[]): string[] {
  if (entries.length > MAX_ENTRIES || entries.some(entry => WORD.test(entry))) return []
  const fixed: Entry[] = []
  for (const entry of entries) {
    const mended = WORDS.has(entry.toLowerCase()) ? null : mendEntry(entry, new Set())
    if (mended === null) return []
    fixed.push(...mended)
  }
  return [listSource(fixed)]
}

const LIST = 'is a list of'

/** A line break that was escaped once too often, before another origin or at the end. */
const ESCAPED_BREAK = /\\[nrt](?=\s*(?:[a-z][a-z0-9+.-]*:\/\/|\\|$))/gi

/** One host with several ports. */
const PORTS = /^([^\s,;|]*:)[[({]?(\d+(?:\s*[,;|]\s*:?\d+)+)[\])}]?\/?$/

/** Not the one that somebody typed in place of the colon in `https://`. */
const SEPARATOR = /(?<!\bhttps?)[,;|，；、]/i

/** Texts that hold a list in JSON, as variables of the environment do. */
const JSON_LIST = /^\[\s*["'].*["']\s*\]$/s

/** A list of expressions is a list, though it begins and ends as one does. */
const SEVERAL_REGEXPS = /\/[a-z]*\s*[,;]\s*\/|:\/\/[^,;]*[,;]\s*[a-z]+:\/\//

/** One at either end: a run of them would take time that grows with its square. */
const QUOTATION_MARKS = /^["'`<“‘«]|["'`>”’»]$/g

/** Characters that are copied along with an origin, from a chat or a document; a trailing dot may belong to the host. */
const AT_START = /[\s\p{Cf}"'`´“”„‟‘’‚‛«»‹›<>=,;•]/u
const AT_END = /[\s\p{Cf}"'`´“”„‟‘’‚‛«»‹›<>),;…!]/u

/** Brackets and emphasis directly before a scheme, or a parenthesis around the whole. */
const OPENING = /^[[({*_~]+(?=[a-z][a-z0-9+.-]*:\/\/)|^\((?=[^()]*$)/i

/** The brackets that close them, but for those that are gone by then. */
const CLOSING = new Map([['[', ']'], ['(', ''], ['{', '}']])

/** An entry without what is copied along. Read from its ends: an expression would take time that grows with the square of a run. */
function unwrapped (text: string): string {
  let start = 0
  let end = text.length
  while (start < end && AT_START.test(text.charAt(start))) start++
  while (end > start && AT_END.test(text.charAt(end - 1).replace('.', text.charAt(end - 2)))) end--
  const entry = text.slice(start, end)
  const [opening = ''] = OPENING.exec(entry) ?? []
  const closing = Array.from(opening, sign => CLOSING.get(sign) ?? sign).toReversed().join('')
  // The port may be a *
  const isClosed = entry.endsWith(closing) && !entry.endsWith(`:${closing}`)
  return entry.slice(opening.length, isClosed ? entry.length - closing.length : undefined)
}

/** A text without links and list signs as Markdown has them. */
function withoutMarkdown (text: string): string {
  return text.replace(/\[[^\][]*\]\(([^()\s]*)\)/g, '$1').replace(/^[ \t]*(?:[-*•·–—]|\d{1,3}[.)])[ \t]+(?=\S)/gm, '')
}

/**
 * The entries of a text that was meant as a list: separated by commas, semicolons or bars, or by spaces or line breaks
 * where each entry has a scheme. One entry where it is no list, none where nothing is left.
 */
function listedIn (text: string): string[] {
  const [, host = '', ports] = PORTS.exec(text) ?? []
  if (ports !== undefined) return ports.split(/\D+/).map(port => `${host}${port}`)
  const inner = JSON_LIST.test(text) ? text.slice(1, -1) : unwrapped(text)
  const entries = partsOf(inner, SEPARATOR)
  if (entries.length > 1) return entries
  const words = entries.flatMap(entry => partsOf(entry, /\s(?:(?:and|or|&|\+)\s)?/i))
  return words.every(word => LIKE_AN_ORIGIN.test(word)) ? words : entries
}

/** With a scheme of an application, or a host that has a dot or a port. */
const LIKE_AN_ORIGIN = /^(?:(?!https?:)[a-z][a-z0-9+.-]*:\/\/\S|(?:https?:\/\/)?(?:localhost(?:[:/]|$)|\[|(?:\*\.)?[^\s.:/]+[.:][^\s/]))/i

function partsOf (text: string, separator: RegExp): string[] {
  return text.split(separator).map(unwrapped).filter(entry => entry !== '')
}
