import { isList } from '../../text.js'
import type { GivenOptions } from '../copy.js'
import { SourceReader } from './source.js'

/**
 * Options with a fix put where it belongs: a value in place of the one at `path`, a list in place of a list's item spliced
 * in, `name: value` sets that option, `leave it out` removes what is there, and a bare name renames the option.
 *
 * @param path a JSON pointer to an option, or to an item of its list; `''` for all options
 * @returns `null` where the fix is something else, such as advice
 */
export function withFix (options: GivenOptions, path: string, fix: string): GivenOptions | null {
  const [option, index] = stepsOf(path)
  const settings = settingsIn(fix)
  if (settings !== null) return { ...options, ...settings }
  if (option === undefined) return fix === 'leave it out' ? {} : null
  if (fix === 'leave it out') return without(options, option, index)
  if (/^[a-z_]\w*$/i.test(fix) && !/^(?:true|false|null)$/.test(fix)) return index === undefined ? renamed(options, option, fix) : null
  const reader = new SourceReader(fix)
  const value = reader.literal()
  if (value === undefined || !reader.isAtEnd) return null
  return { ...options, [option]: index === undefined ? value : spliced(options[option], index, isList(value) ? value : [value]) }
}

/** The steps of a JSON pointer (RFC 6901, section 4). */
export function stepsOf (path: string): string[] {
  return path.split('/').slice(1).map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The options that `name: value` sets, or several of these with commas. */
export function settingsIn (fix: string): Record<string, unknown> | null {
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
