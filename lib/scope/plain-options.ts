import { isList } from '../origin/source.js'

/** Copying longer lists, to compare them, would take longer than checking them again. */
const LONGEST_LIST = 100

/**
 * A copy of options that consist of texts, numbers, booleans and short lists of these, as most do: equal ones are those
 * that are written the same in JSON. `null` for all others.
 *
 * @param options - anything; each value is read once
 */
export function plainOptionsOf (options: unknown): object | null {
  if (typeof options !== 'object' || options === null || isList(options)) return null
  try {
    const copies = Object.entries(options).map(([option, value]) => [option, copyOf(value)] as const)
    return copies.every(([, copy]) => isPlain(copy)) ? Object.fromEntries(copies) : null
  } catch {
    // What can't be read is explained by whoever checks the options.
    return null
  }
}

function copyOf (value: unknown): unknown {
  return isList(value) && value.length <= LONGEST_LIST ? Array.from({ length: value.length }, (_, index) => value[index]) : value
}

function isPlain (value: unknown): boolean {
  if (Array.isArray(value)) return value.length <= LONGEST_LIST && value.every(item => !Array.isArray(item) && isPlain(item))
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
}
