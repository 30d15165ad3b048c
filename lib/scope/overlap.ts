import type { RouteRecord } from './route-table.js'

/** The URLs of routes, in short: all begin with `start`, and where it is closed, there are no others. */
interface Range {
  readonly start: string
  readonly isOpen: boolean
  /** What all of these routes have in common. */
  readonly value: unknown
}

/** What makes the rest of a URL unknown: parameters, wildcards, and what a request may write in another way. */
const UNKNOWN = /[:*?;%]/

/**
 * Whether any two routes that `valueOf` tells apart may have a URL in common. It goes by how their URLs begin: no router
 * has to be filled, and what it says no to is certain, whatever the settings of the application's own.
 */
export function mayShareUrls (records: readonly RouteRecord[], valueOf: (record: RouteRecord) => unknown): boolean {
  const ranges = new Map<string, Range>()
  for (const record of records) {
    const range = rangeOf(record.url, valueOf(record))
    const known = ranges.get(range.start)
    if (known !== undefined && known.value !== range.value) return true
    if (known?.isOpen !== true) ranges.set(range.start, range)
  }
  // The open ranges that the one at hand lies in: they have one value, or the search would have ended.
  const around: Range[] = []
  // Sorted, a start stands before all that begins with it.
  for (const range of [...ranges.values()].sort((a, b) => a.start < b.start ? -1 : 1)) {
    let outer = around.at(-1)
    for (; outer !== undefined && !range.start.startsWith(outer.start); outer = around.at(-1)) around.pop()
    if (outer !== undefined && outer.value !== range.value) return true
    if (range.isOpen) around.push(range)
  }
  return false
}

/** Letter case, repeated slashes, and one at the end may or may not matter: here, they don't. */
function rangeOf (url: string, value: unknown): Range {
  // Sigma is the one letter whose lower case depends on what comes after it.
  const path = `${url.toLowerCase().replaceAll('ς', 'σ')}/`.replace(/\/+/g, '/')
  const end = path.search(UNKNOWN)
  return { start: end === -1 ? path : path.slice(0, end), isOpen: end !== -1, value }
}
