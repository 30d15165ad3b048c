import { unlessTooLarge } from '../../regexp/automaton.js'
import { isOpenToAnyone } from '../../origin/public-suffix.js'
import type { RegExpText } from '../../text.js'
import { Hosts, type Position, type Schemes } from './hosts.js'

/** A host below which anyone can have a name that is allowed, `''` for one that can't be told; or why nothing can be told. */
export type OpenSuffix = { readonly suffix: string } | { readonly unexamined: string }

/** With one alternative that begins so, which is how most are written, no other scheme needs to be looked at. */
const ONLY_WEB = /^\^https?\??:[^|]*$/
const WEB: readonly Schemes[] = ['web']
const WEB_AND_OTHERS: readonly Schemes[] = ['web', 'others']

/**
 * Finds a host below which an expression allows names of anybody's choice, although they belong to anyone, or, in other schemes
 * than those of the web, hosts of anybody's choice; what can't be told is unexamined.
 *
 * @param asWritten whether an expression that is not anchored is read so, and not as if it were
 */
export function findOpenSuffix (text: RegExpText, asWritten: boolean): OpenSuffix | null {
  return unlessTooLarge<OpenSuffix | null>(() => {
    for (const schemes of ONLY_WEB.test(text.source) ? WEB : WEB_AND_OTHERS) {
      const hosts = Hosts.of(text, asWritten, schemes)
      if (typeof hosts === 'string') return { unexamined: `it ${hosts}` }
      const isAnyName = hosts.areOpenEnded || (schemes === 'others' && hosts.labelsAt(hosts.end).areWhole)
      const suffix = isAnyName ? '' : openSuffixAt(hosts, hosts.end, [])
      if (suffix !== null) return { suffix }
    }
    return null
  }, { unexamined: 'it is too large' })
}

/** More than the longest rules of the list have, so that those before them can't be part of a suffix. */
const MOST_LABELS = 8

/**
 * The suffix that ends in these labels; `''` where the end of the name is left to choice, `null` where there is none.
 *
 * @throws TooLarge
 */
function openSuffixAt (hosts: Hosts, end: Position, labels: readonly string[]): string | null {
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
