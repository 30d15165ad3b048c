import { isLoopback } from '../../http/hosts.js'
import { isRegExp, quote, readRegExp } from '../../text.js'
import type { Problem } from '../issue.js'
import { regExpFixes } from '../suggest/regexp.js'
import { secured } from '../suggest/secure.js'
import { findInsecure, type Insecure, isOnlySecure } from '../expressions/insecure.js'
import { examined, type RegExpList } from './regexps.js'
import { firstGiven, isAllowed, type OriginEntry, type OriginRule, type Rules } from './rule.js'

/** `origin-insecure-with-credentials`. */
export function insecureRule (rules: Rules, regexps: RegExpList): OriginRule | null {
  const option = firstGiven(['origin', 'credentials', 'dangerouslyAllow'], rules)
  if (rules.merged.credentials !== true || option === undefined || isAllowed('insecure-origins', rules)) return null
  const unchecked = isAllowed('unchecked-regexps', rules)
  const problemOf = (entry: OriginEntry): Problem | null => {
    const { value } = entry
    if (isRegExp(value)) return insecureRegExp(value, regexps, unchecked)
    if (typeof value !== 'string' || !value.startsWith('http://')) return null
    const host = entry.hostOf(value)
    return host === null || isLoopback(host) ? null : problem(value, `${quote(value)} is plain http`, () => secured([quote(value)]))
  }
  return entry => {
    const found = problemOf(entry)
    if (found !== null) entry.report(found, option, rules)
  }
}

/** Anyone on the network path to an http site can serve a page there that uses the credentials. */
function problem (value: unknown, what: string, fix: Problem['fix']): Problem {
  return {
    code: 'origin-insecure-with-credentials',
    value,
    message: `${what}: anyone on the network path could serve a page there that acts as your logged-in user`,
    fix,
    otherwise: 'serve the page over https and list that origin; where https is not to be had, as in a private network, write dangerouslyAllow: [\'insecure-origins\']'
  }
}

function insecureRegExp (value: RegExp, regexps: RegExpList, unchecked: boolean): Problem | null {
  const listed = regexps.check(value)
  const checked = unchecked ? listed : examined(listed)
  // Where expressions are checked, one that was not examined has been refused already.
  if (!unchecked && checked === null) return null
  if (checked === 'too many' || checked === null) {
    return isOnlySecure(readRegExp(value)) ? null : problem(value, messageOf({ unexamined: 'it comes after so many others' }), null)
  }
  const found = findInsecure(checked, unchecked)
  return found === null ? null : problem(value, messageOf(found), () => secured([String(value), ...regExpFixes(checked)]))
}

function messageOf (found: Insecure): string {
  if ('example' in found) return `${quote(found.example)}, which the expression allows, is plain http`
  return `whether the expression allows plain http can't be told, because ${found.unexamined}`
}
