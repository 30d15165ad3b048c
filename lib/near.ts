/** More edits than this make another word. */
const MOST_EDITS = 3
/** One edit for every so many characters is a slip of the finger. */
const CHARACTERS_PER_EDIT = 3

/** The name that a mistyped one is nearest to; `undefined` where none is near. */
export function nearest (mistyped: string, names: Iterable<string>): string | undefined {
  const known = [...names]
  const most = Math.min(MOST_EDITS, Math.floor(mistyped.length / CHARACTERS_PER_EDIT))
  for (let edits = 1; edits <= most; edits++) {
    const name = known.find(candidate => isWithin(edits, mistyped, candidate))
    if (name !== undefined) return name
  }
  return undefined
}

/** True if so many letters put in, left out, replaced, or swapped with the next one, make one text of the other. */
export function isWithin (edits: number, from: string, to: string): boolean {
  if (Math.abs(from.length - to.length) > edits) return false
  let same = 0
  while (same < from.length && from[same] === to[same]) same++
  const [a, b] = [from.slice(same), to.slice(same)]
  if (a === b) return true
  if (edits === 0) return false
  return isWithin(edits - 1, a.slice(1), b) || isWithin(edits - 1, a, b.slice(1)) ||
    isWithin(edits - 1, a.slice(1), b.slice(1)) ||
    (a[0] === b[1] && a[1] === b[0] && isWithin(edits - 1, a.slice(2), b.slice(2)))
}
