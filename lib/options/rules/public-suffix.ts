import { isOpenToAnyone } from '../../origin/public-suffix.js'
import { isPattern, parsePattern } from '../../origin/pattern.js'
import type { CheckedRegExp } from '../../regexp/check.js'
import { isRegExp, readRegExp } from '../../text.js'
import type { Problem } from '../issue.js'
import { Hosts, type Place } from './hosts.js'
import { isRefusedUnexamined, type RegExpList } from './regexps.js'
import { firstGiven, isAllowed, type OriginEntry, type OriginRule, type Rules } from './rule.js'

/** `origin-public-suffix-with-credentials`, which is about `enforce` too: it lets in the origins that are allowed. */
export function publicSuffixRule (rules: Rules, regexps: RegExpList): OriginRule | null {
  const { credentials, enforce } = rules.merged
  const reason = credentials === true ? 'credentials' : 'enforce'
  if (reason === 'enforce' && enforce !== 'unsafe' && enforce !== 'all') return null
  const option = firstGiven(['origin', reason, 'dangerouslyAllow'], rules)
  if (option === undefined || isAllowed('public-suffixes', rules)) return null
  const danger = reason === 'credentials' ? 'its pages could act for users who are logged in' : 'enforce would let its pages in'
  const unchecked = isAllowed('unchecked-regexps', rules)
  return entry => {
    const { value } = entry
    const found = isRegExp(value) ? findingOfRegExp(value, unchecked ? null : regexps.check(value)) : findingOfPattern(entry)
    if (found !== null) rules.issues.add(entry.placeAt(option), problemOf(value, found, danger))
  }
}

/** A host below which anyone can have a name that is allowed, `''` for one that can't be told; or why nothing can be told. */
type Finding = { readonly suffix: string } | { readonly unexamined: string }

function findingOfPattern (entry: OriginEntry): Finding | null {
  const { value } = entry
  if (typeof value !== 'string' || !isPattern(value) || entry.hostOf(value) === null) return null
  const { wildcard, suffix } = parsePattern(value)
  if (wildcard === 'host') return { suffix: '' }
  if (wildcard === 'none') return null
  const name = suffix.slice(suffix.indexOf('.') + 1)
  return isOpenToAnyone(name) ? { suffix: name } : null
}

/** @param checked `null` where expressions are not checked */
function findingOfRegExp (regexp: RegExp, checked: CheckedRegExp | 'too many' | null): Finding | null {
  // What is refused for its cost or number is examined no further
  if (isRefusedUnexamined(checked)) return null
  try {
    const hosts = Hosts.of(readRegExp(regexp), checked === null)
    if (typeof hosts === 'string') return { unexamined: `it ${hosts}` }
    const suffix = openSuffixOf(hosts)
    return suffix === null ? null : { suffix }
  } catch {
    // TooLarge, or a limit of the engine
    return { unexamined: 'it is too large' }
  }
}

/** More than the longest rules of the list have, so that those before them can't be part of a suffix. */
const MOST_LABELS = 8

/**
 * A host below which an expression allows names of anybody's choice, although they belong to anyone; `''` where it leaves
 * the end of the name to choice. `null` where there is none.
 *
 * @throws TooLarge
 */
function openSuffixOf (hosts: Hosts): string | null {
  return hosts.areOpenEnded ? '' : openSuffixAt(hosts, hosts.end, [])
}

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

function problemOf (value: unknown, found: Finding, danger: string): Problem {
  return { code: 'origin-public-suffix-with-credentials', value, message: `${messageOf(found, danger)}; list the names that are yours`, fix: null }
}

function messageOf (found: Finding, danger: string): string {
  if ('unexamined' in found) return `whether the expression allows names that anyone can have can't be told, because ${found.unexamined}`
  return `anyone can have a name ${found.suffix === '' ? 'that this allows' : `below ${found.suffix}`}, and ${danger}`
}
