import { listedIn } from './list-text.js'
import { mend, type Entry } from './mend.js'
import { MAX_REGEXPS } from './regexp/list.js'
import { entriesSource, listSource, quote, shorten } from './source.js'
import { isUsableOrigin } from './usable.js'

/** Why a text can't stand in `origin`. */
export interface OriginDiagnosis {
  /** What is wrong: a sentence without its full stop. */
  message: string
  /** What to write instead, as JavaScript source; `null` where it can't be known. */
  fix: string | null
}

const MAX_TEXT_LENGTH = 20_000
const MAX_ENTRY_LENGTH = 1_000
const MAX_ENTRIES = 500

/** Words that get into texts, and what was meant by them. */
const WORDS = new Map<string, OriginDiagnosis>([
  ['true', { message: 'is true written as a text', fix: 'true' }],
  ['false', { message: 'is false written as a text', fix: 'false' }],
  ['any', { message: 'is written *', fix: '\'*\'' }],
  ['all', { message: 'is written *', fix: '\'*\'' }],
  ['.*', { message: 'is written *', fix: '\'*\'' }],
  ['none', { message: 'is written false', fix: 'false' }],
  ['null', { message: 'is not an origin that can be listed', fix: null }],
  ['undefined', { message: 'is what a variable gives that was never set', fix: null }],
  ['nan', { message: 'is what a variable gives that was never set', fix: null }],
  ['[object object]', { message: 'is an object turned into text', fix: null }],
  ['self', { message: 'is not needed: pages of the server\'s own origin make no CORS requests', fix: null }],
  ['same-origin', { message: 'is not needed: pages of the server\'s own origin make no CORS requests', fix: null }]
])

const SYNTAX = 'is not an origin as browsers send it: scheme://host, or scheme://host:port, of at most 300 characters'

/**
 * Why a text is neither an origin as browsers send it (RFC 6454, section 6.2) nor a pattern, and what to write instead.
 *
 * @param value any text but `'*'`, `'null'` and `'file://'`, which have meanings of their own
 * @returns `null` where it is one of them
 */
export function diagnoseOrigin (value: string): OriginDiagnosis | null {
  if (isUsableOrigin(value)) return null
  const { message, fix } = diagnose(value)
  return { message: `${quote(shorten(value))} ${message}`, fix }
}

function diagnose (value: string): OriginDiagnosis {
  if (value.length > MAX_TEXT_LENGTH) return { message: SYNTAX, fix: null }
  const text = value.trim()
  const entries = listedIn(text)
  const [only] = entries
  if (only === undefined) return { message: 'is empty; a variable of the environment may not be set', fix: null }
  if (entries.length > 1) {
    return { message: `is a list of ${entries.length} written as one text`, fix: fixOfList(entries) }
  }
  const word = WORDS.get(only.toLowerCase())
  if (word !== undefined) return word
  const found = new Set<string>()
  if (text !== value) found.add('has white space around it')
  if (only !== text) found.add('has quotation marks or separators around it')
  const fixed = mendEntry(only, found)
  return { message: found.size === 0 ? SYNTAX : [...found].join('; '), fix: fixed === null ? null : entriesSource(fixed) }
}

function fixOfList (entries: string[]): string | null {
  if (entries.length > MAX_ENTRIES) return null
  const fixed: Entry[] = []
  let regexps = 0
  for (const entry of entries) {
    const mended = WORDS.has(entry.toLowerCase()) ? null : mendEntry(entry, new Set())
    if (mended === null) return null
    if (typeof mended[0] === 'object' && ++regexps > MAX_REGEXPS) return null
    fixed.push(...mended)
  }
  return listSource(fixed)
}

function mendEntry (text: string, found: Set<string>): Entry[] | null {
  if (text === '*' || isUsableOrigin(text)) return [text]
  return text.length > MAX_ENTRY_LENGTH ? null : mend(text, found)
}
