import { unlessTooLarge } from '../../regexp/automaton.js'
import { isOpenToAnyone } from '../../origin/public-suffix.js'
import type { RegExpText } from '../../text.js'
import { Hosts, type Place } from './hosts.js'

/** A host below which anyone can have a name that is allowed, `''` for one that can't be told; or why nothing can be told. */
export type OpenSuffix = { readonly suffix: string } | { readonly unexamined: string }

/**
 * Finds a host below which an expression allows names of anybody's choice, although they belong to anyone; what can't be told is
 * unexamined.
 *
 * @param asWritten whether an expression that is not anchored is read so, and not as if it were
 */
export function findOpenSuffix (text: RegExpText, asWritten: boolean): OpenSuffix | null {
  return unlessTooLarge<OpenSuffix | null>(() => {
    const hosts = Hosts.of(text, asWritten)
    if (typeof hosts === 'string') return { unexamined: `it ${hosts}` }
    const suffix = hosts.areOpenEnded ? '' : openSuffixAt(hosts, hosts.end, [])
    return suffix === null ? null : { suffix }
  }, { unexamined: 'it is too large' })
}

/** More than the longest rules of the list have, so that those before them can't be part of a suffix. */
const MOST_LABELS = 8

/**
 * The suffix that ends in these labels; `''` where the end of the name is left to choice, `null` where there is none.
 *
 * @throws TooLarge
 */
function openSuffixAt (hosts: Hosts, end: Place, labels: readonly string[]): string | null {
  const suffix = labels.join('.')
  const { named, beforeChosen } = hosts.labelsAt(end)
  if (beforeChosen !== null && (suffix === '' ? beforeChosen.states.size > 0 : isOpenToAnyone(suffix))) return suffix
  if (labels.length === MOST_LABELS) return null
  for (const { name, before } of named) {
    const found = before.states.size === 0 ? null : openSuffixAt(hosts, before, [name, ...labels])
    if (found !== null) return found
  }
  return null
}
