import { schemesNear } from '../../origin/schemes.js'

/** A scheme that an expression spells out before `://`, perhaps beside others in parentheses, perhaps without its last letter. */
const SCHEME = /(?<=^|[\^(|:])([a-z]+)(\??)(?=(?:[a-z?|]*\))?:(?:\\?\/|\[\/\]){2})/g

/** A scheme in an expression that is one letter from those of the web. */
interface Misspelled {
  readonly written: string
  /** The schemes that may be meant, the likelier first. */
  readonly near: readonly string[]
}

/** The misspelled schemes in the source of an expression. */
export function misspelledIn (source: string): Misspelled[] {
  return Array.from(source.matchAll(SCHEME), ([, written = '', optional = '']) => ({ written, near: nearOf(written, optional) })).filter(({ near }) => near.length > 0)
}

/** The source of an expression with its schemes spelled right; `null` where two may be meant. */
export function respelledSource (source: string, spelled: (written: string, near: readonly string[]) => string | null): string | null {
  if (misspelledIn(source).some(({ written, near }) => spelled(written, near) === null)) return null
  return source.replace(SCHEME, (_found, written: string, optional: string) => `${String(spelled(written, nearOf(written, optional)))}${optional}`)
}

/** In `https?`, the last letter is optional, and both forms count. */
function nearOf (written: string, optional: string): string[] {
  const shorter = written.slice(0, -1)
  return optional !== '' && shorter === 'http' ? [] : schemesNear(written)
}
