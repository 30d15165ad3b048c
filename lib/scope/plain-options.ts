import { isList } from '../origin/source.js'

/** Comparing what is longer would take longer than checking it again. */
const MOST_OPTIONS = 50
const LONGEST_LIST = 100
const LONGEST_TEXT = 1000

/**
 * A copy of options that consist of texts, numbers, booleans and short lists of these, as most do: equal ones are those
 * that are written the same in JSON, which leaves out what is `undefined`. `null` for all others.
 *
 * @param options - anything; each value is read once
 */
export function plainOptionsOf (options: unknown): object | null {
  if (typeof options !== 'object' || options === null || isList(options)) return null
  try {
    if (Object.keys(options).length > MOST_OPTIONS) return null
    const copies = Object.entries(options).map(([option, value]) => [option, isList(value) ? copyOf(value) : value] as const)
    return copies.every(([, copy]) => copy === undefined || [copy].flat().every(isPlain)) ? Object.fromEntries(copies) : null
  } catch {
    // What can't be read is explained by whoever checks the options.
    return null
  }
}

/** Whether options are what they were when a copy was made of them. */
export function isCopyOf (copy: object, options: object): boolean {
  const copied = Object.entries(copy)
  try {
    return Object.keys(options).length === copied.length && copied.every(([option, value]) => {
      const now: unknown = Reflect.get(options, option)
      return Array.isArray(value) && isList(now) ? now.length === value.length && value.every((item, index) => item === now[index]) : now === value
    })
  } catch {
    return false
  }
}

function copyOf (list: readonly unknown[]): unknown[] | null {
  const { length } = list
  return length <= LONGEST_LIST ? Array.from({ length }, (_, index) => list[index]) : null
}

function isPlain (value: unknown): boolean {
  return typeof value === 'string' ? value.length <= LONGEST_TEXT : typeof value === 'boolean' || Number.isFinite(value)
}
