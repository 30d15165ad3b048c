/** One edit for every so many characters of the longer name is a slip of the finger; more is another word. */
const CHARACTERS_PER_EDIT = 3

/**
 * The name that was probably meant by a mistyped one: the nearest, or one that the mistyped name begins.
 *
 * @returns `undefined` where none is near
 */
export function nearest (mistyped: string, names: readonly string[]): string | undefined {
  const text = mistyped.toLowerCase()
  const [best] = names
    .map(name => ({ name, edits: editsBetween(text, name.toLowerCase()) }))
    .filter(({ name, edits }) => edits <= Math.max(text.length, name.length) / CHARACTERS_PER_EDIT)
    .sort((a, b) => a.edits - b.edits)
  return best?.name ?? (text === '' ? undefined : names.find(name => name.toLowerCase().startsWith(text)))
}

/** Letters put in, left out, replaced, or swapped with the next one (the optimal string alignment distance). */
function editsBetween (from: string, to: string): number {
  let before: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_cell, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const isSwap = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      current.push(Math.min(
        Number(last[column]) + 1,
        Number(current[column - 1]) + 1,
        Number(last[column - 1]) + (from[row - 1] === to[column - 1] ? 0 : 1),
        isSwap ? Number(before[column - 2]) + 1 : Infinity
      ))
    }
    before = last
    last = current
  }
  return Number(last[to.length])
}

/** "Did you mean …?" where a name is near; otherwise nothing. */
export function didYouMean (mistyped: string, names: readonly string[]): string {
  const name = nearest(mistyped, names)
  return name === undefined ? '' : `. Did you mean ${name}?`
}
