import { isPattern, parsePattern } from '../../origin/pattern.js'
import { isOpenToAnyone } from '../../origin/public-suffix.js'
import type { CheckedRegExp } from '../../regexp/check.js'
import { isRegExp, readRegExp } from '../../text.js'
import type { Problem } from '../issue.js'
import { regExpFixes } from '../suggest/regexp.js'
import { secured } from '../suggest/secure.js'
import { findOpenSuffix, type OpenSuffix } from '../expressions/open-suffix.js'
import { examined, type RegExpList } from './regexps.js'
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
    const found = isRegExp(value) ? findingOfRegExp(value, regexps, unchecked) : findingOfPattern(entry)
    if (found === null) return
    const checked = !unchecked && isRegExp(value) ? examined(regexps.check(value)) : null
    entry.report(problemOf(value, found, danger, checked), option, rules)
  }
}

function findingOfPattern (entry: OriginEntry): OpenSuffix | null {
  const { value } = entry
  if (typeof value !== 'string' || !isPattern(value) || entry.hostOf(value) === null) return null
  const { wildcard, suffix } = parsePattern(value)
  if (wildcard === 'host') return { suffix: '' }
  if (wildcard === 'none') return null
  const name = suffix.slice(suffix.indexOf('.') + 1)
  return isOpenToAnyone(name) ? { suffix: name } : null
}

function findingOfRegExp (regexp: RegExp, regexps: RegExpList, unchecked: boolean): OpenSuffix | null {
  const checked = regexps.check(regexp)
  if (unchecked) return typeof checked === 'string' || checked === null ? { unexamined: 'it comes after so many others' } : findOpenSuffix(checked.text, true)
  return examined(checked) === null ? null : findOpenSuffix(readRegExp(regexp), false)
}

/** @param checked an expression for which other entries may be put */
function problemOf (value: unknown, found: OpenSuffix, danger: string, checked: CheckedRegExp | null): Problem {
  return {
    code: 'origin-public-suffix-with-credentials',
    value,
    message: `${messageOf(found, danger)}; list the names that are yours, or write dangerouslyAllow: ['public-suffixes']`,
    fix: checked === null ? null : () => candidatesFor(checked)
  }
}

function candidatesFor (checked: CheckedRegExp): string[] {
  const fixes = regExpFixes(checked)
  return [...fixes, ...secured(fixes)]
}

function messageOf (found: OpenSuffix, danger: string): string {
  if ('unexamined' in found) return `whether the expression allows names that anyone can have can't be told, because ${found.unexamined}`
  return `anyone can have a name ${found.suffix === '' ? 'that this allows' : `below ${found.suffix}`}, and ${danger}`
}
