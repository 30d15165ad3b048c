import { isList } from '../origin/source.js'

/** What is longer would fill the memory, where it is kept to be compared. */
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
    const names = Object.keys(options)
    if (names.length > MOST_OPTIONS) return null
    const copies: Array<[string, unknown]> = []
    for (const name of names) {
      const value: unknown = Reflect.get(options, name)
      const copy = isList(value) ? copyOf(value) : value
      const isPlain = copy === undefined || isPlainValue(copy) || (Array.isArray(copy) && copy.every(isPlainValue))
      if (!isPlain) return null
      copies.push([name, copy])
    }
    return Object.fromEntries(copies)
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
  if (length > LONGEST_LIST) return null
  const items: unknown[] = []
  for (let index = 0; index < length; index++) items.push(list[index])
  return items
}

function isPlainValue (value: unknown): boolean {
  return typeof value === 'string' ? value.length <= LONGEST_TEXT : typeof value === 'boolean' || Number.isFinite(value)
}
