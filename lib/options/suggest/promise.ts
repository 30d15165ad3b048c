import { isList, isRegExp, show } from '../../text.js'
import type { GivenOptions } from '../copy.js'
import { SourceReader } from './source.js'

/** What is wrong with options, as far as two sets of them are compared. */
export interface Judged {
  readonly code: string
  readonly path: string
  readonly value: unknown
}

/** Finds what is wrong with options. */
export type Judge = (options: GivenOptions) => readonly Judged[]

const LEAVE_OUT = /^leave it out$/

/**
 * Options with a fix put where it belongs: a value in place of the one at `path`, a list in place of a list's item spliced
 * in, `name: value` sets that option, `leave it out` removes what is there, and a bare name renames the option.
 *
 * @param path a JSON pointer to an option, or to an item of its list; `''` for none
 * @returns `null` where the fix is something else, such as advice
 */
export function withFix (options: GivenOptions, path: string, fix: string): GivenOptions | null {
  const [option, index] = path.split('/').slice(1).map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  const settings = settingsIn(fix)
  if (settings !== null) return { ...options, ...settings }
  if (option === undefined) return null
  if (LEAVE_OUT.test(fix)) return without(options, option, index)
  if (/^[a-z_]\w*$/i.test(fix) && !/^(?:true|false|null)$/.test(fix)) return index === undefined ? renamed(options, option, fix) : null
  const reader = new SourceReader(fix)
  const value = reader.literal()
  if (value === undefined || !reader.isAtEnd) return null
  return { ...options, [option]: index === undefined ? value : spliced(options[option], index, isList(value) ? value : [value]) }
}

/** What `name: value` sets, or several of them with commas. */
function settingsIn (fix: string): Record<string, unknown> | null {
  const reader = new SourceReader(fix)
  const settings: Record<string, unknown> = {}
  do {
    const name = reader.skip(/\s*[a-z]\w*(?=:)/iy)
    if (name === null || reader.skip(/:/y) === null) return null
    const value = reader.literal()
    if (value === undefined) return null
    settings[name.trim()] = value
  } while (reader.skip(/\s*,/y) !== null)
  return reader.isAtEnd ? settings : null
}

function without (options: GivenOptions, option: string, index: string | undefined): GivenOptions {
  if (index !== undefined) return { ...options, [option]: spliced(options[option], index, []) }
  const { [option]: _, ...others } = options
  return others
}

function renamed (options: GivenOptions, from: string, to: string): GivenOptions | null {
  if (Object.hasOwn(options, to)) return null
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name === from ? to : name, value]))
}

function spliced (list: unknown, index: string, items: readonly unknown[]): unknown {
  return isList(list) ? list.toSpliced(Number(index), 1, ...items) : list
}

/**
 * Whether a fix keeps its promise: put where `path` points, it makes the problem go away, and brings no other one.
 *
 * @param options those with the problem
 * @param problem with the path at which the fix is to be put
 * @param judge finds what is wrong with options
 */
export function keepsPromise (options: GivenOptions, problem: Judged, fix: string, judge: Judge): boolean {
  const around = aroundOf(options, problem.path)
  const fixed = withFix(around.options, around.path, fix)
  if (fixed === null) return false
  const left = judge(around.options).map(keyOf)
  left.splice(left.indexOf(keyOf(problem)), 1)
  for (const found of judge(fixed).map(keyOf)) {
    const index = left.indexOf(found)
    if (index === -1) return false
    left.splice(index, 1)
  }
  return true
}

/** Options whose problems may be those of `origin`, a list of which may be long. */
const TOGETHER_WITH_ORIGIN = new Set(['', 'origin', 'credentials', 'enforce', 'dangerouslyAllow', 'delegator'])
const ONE_ORIGIN = 'https://app.example.com'

/**
 * A list may be long, and its other items have nothing to do with the problem: the item is judged with one neighbour, so that
 * the list is not empty where the item is left out.
 */
function aroundOf (options: GivenOptions, path: string): { options: GivenOptions, path: string } {
  const [, option = '', step] = path.split('/')
  const list = options[option]
  const others = TOGETHER_WITH_ORIGIN.has(option) || !Object.hasOwn(options, 'origin') ? options : { ...options, origin: ONE_ORIGIN }
  if (step === undefined || !isList(list)) return { options: others, path }
  const index = Number(step)
  const neighbours = index + 1 < list.length ? [list[index + 1]] : list.slice(Math.max(0, index - 1), index)
  return { options: { ...others, [option]: [list[index], ...neighbours] }, path: `/${option}/0` }
}

/** Places move when lists are spliced: a problem is the same where its code and its value are. */
function keyOf ({ code, value }: Judged): string {
  return `${code} ${isRegExp(value) || typeof value === 'string' ? String(value) : show(value)}`
}
