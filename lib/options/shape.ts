import type { Static, TObject } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { isList, isRegExp, listSource, quote, show } from '../text.js'
import type { GivenOptions } from './copy.js'
import type { IssueList, Problem } from './issue.js'
import { choiceMeant, meantBy } from './meant.js'
import { ABOUT, type About } from './schema-types.js'
import { type CorsOptionName, CorsOptionsSchema } from './schema.js'
import { explainUnknown } from './unknown.js'

const { properties } = CorsOptionsSchema

/**
 * Checks the names and the types of options, and reports each problem in words.
 *
 * @param schema the options that are known here: all, or those of a route
 */
export function hasShape<T extends TObject> (schema: T, given: GivenOptions, issues: IssueList): given is GivenOptions & Static<T> {
  let fits = true
  for (const [option, value] of Object.entries(given)) {
    if (!Object.hasOwn(schema.properties, option)) reportUnknown(option, value, issues)
    else if (!isOption(option) || takes(option, value)) continue
    else reportType(option, value, issues)
    fits = false
  }
  return fits
}

function isOption (name: string): name is CorsOptionName {
  return Object.hasOwn(properties, name)
}

function takes (option: CorsOptionName, value: unknown): boolean {
  // The schema accepts any object with the properties of a regular expression.
  return Value.Check(properties[option], value) && [value].flat().every(item => typeof item !== 'object' || isRegExp(item))
}

function reportUnknown (option: string, value: unknown, issues: IssueList): void {
  if (!issues.isFull) issues.add({ option }, { code: 'unknown-option', value, ...explainUnknown(option, value) })
}

function reportType (option: CorsOptionName, value: unknown, issues: IssueList): void {
  const about = properties[option][ABOUT]
  if (about.items !== undefined && isList(value)) reportItems(option, value, about, issues)
  else issues.add({ option }, problemOf(option, value, about))
}

function problemOf (option: CorsOptionName, value: unknown, about: About): Problem {
  const { words, example, outOfRange } = about
  const fix = value === null ? withoutNull(option) : value === false && HEADERS.has(option) ? 'leave it out' : about.items === undefined ? meantBy(properties[option], value) : entriesIn(value) ?? meantBy(properties[option], value)
  return {
    code: Number.isInteger(value) ? outOfRange ?? 'invalid-type' : 'invalid-type',
    value,
    message: `${option} must be ${words}, not ${show(value)}${isPort(value) ? remarkOn(option, value) : ''}${fix === null && example !== undefined ? `; for example ${example}` : ''}`,
    fix
  }
}

/** The fix for `null`: to leave the option out, unless it is one of the two that say who may call. */
function withoutNull (option: CorsOptionName): string | null {
  return option === 'origin' || option === 'delegator' ? null : 'leave it out'
}

/** Options that send a header, which `false` is to keep from being sent. */
const HEADERS = new Set<CorsOptionName>(['maxAge', 'cacheControl', 'exposedHeaders'])

function reportItems (option: CorsOptionName, items: readonly unknown[], about: About, issues: IssueList): void {
  const leaveOut = items.some(item => isItem(option, item)) ? 'leave it out' : null
  for (const [index, item] of items.entries()) {
    if (issues.isFull) return
    if (isItem(option, item)) continue
    issues.add({ option, index }, {
      code: 'invalid-type',
      value: item,
      message: `${option} can only contain ${about.items}, not ${show(item)}${remarkOn(option, item)}`,
      fix: isNothing(item) ? leaveOut : entriesIn(item) ?? choiceMeant(about, item)
    })
  }
}

function isItem (option: CorsOptionName, item: unknown): boolean {
  return takes(option, [item])
}

/** A list may contain itself. */
const DEEPEST = 4

/** The entries of a list inside the list, or of a set; the origin of a URL. `null` for all else. */
function entriesIn (value: unknown): string | null {
  if (value instanceof URL) return quote(value.origin)
  if (!isList(value) && !(value instanceof Set)) return null
  const entries: unknown[] = [...value].flat(DEEPEST)
  const written = entries.filter(entry => typeof entry === 'string' || isRegExp(entry))
  return written.length < entries.length ? null : listSource(written)
}

/** True for the rest of an entry whose condition is false, or whose variable is not set. */
function isNothing (item: unknown): boolean {
  return item === undefined || item === null || item === false
}

/** True for the number of a port that an origin can have; 80 is the one that http has anyway. */
function isPort (value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 65_535 && value !== 80
}

function remarkOn (option: CorsOptionName, item: unknown): string {
  if (item === undefined) return ': an environment variable may not be set; .filter(Boolean) after the list leaves such entries out'
  if (isList(item)) return ': lists don\'t nest'
  if (typeof item === 'function') return ', which stands alone: origin: (origin, request) => boolean'
  if (option === 'origin' && isPort(item)) return `: for a page at this port of the machine itself, write 'http://localhost:${item}'`
  return option === 'origin' && typeof item === 'boolean' ? `, which stands alone: origin: ${item}` : ''
}
