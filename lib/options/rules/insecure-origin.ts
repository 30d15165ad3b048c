import { isOnlyEncrypted } from '../../regexp/insecure.js'
import { isRegExp, literalOf, quote, readRegExp } from '../../text.js'
import { isLoopback } from '../../http/loopback.js'
import type { Problem } from '../issue.js'
import type { RegExpList } from './regexps.js'
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
    return host === null ? null : insecureProblem(value, host)
  }
  return entry => {
    const found = problemOf(entry)
    if (found !== null) rules.issues.add(entry.placeAt(option), found)
  }
}

/** Whoever is on the way to an http site, in the same network say, can put a page there that uses the credentials. */
function insecureProblem (value: string, host: string): Problem | null {
  if (isLoopback(host)) return null
  const secure = `https${value.slice('http'.length)}`
  return problem(value, `'${value}'`, `'${secure.endsWith(':443') ? secure.slice(0, -':443'.length) : secure}'`)
}

function insecureRegExp (value: RegExp, regexps: RegExpList, unchecked: boolean): Problem | null {
  // Where expressions are checked, one that was not examined has been refused already.
  if (!unchecked && regexps.check(value).isUnexamined) return null
  const { source, flags } = readRegExp(value)
  if (isOnlyEncrypted(source)) return null
  const { insecure: example, isUnexamined } = regexps.check(value)
  if (isUnexamined) return unexaminedProblem(value)
  if (example === null) return null
  const secure = source.replace(/^\^https?\??:/, '^https:')
  return problem(value, `${quote(example)}, which the expression allows,`, secure === source ? null : literalOf({ source: secure, flags }))
}

function unexaminedProblem (value: RegExp): Problem {
  return {
    code: 'origin-insecure-with-credentials',
    value,
    message: 'the expression comes after so many others that it was not examined whether it allows origins that are not encrypted',
    fix: 'an expression that begins with ^https: and has no other alternative'
  }
}

function problem (value: unknown, subject: string, fix: string | null): Problem {
  return {
    code: 'origin-insecure-with-credentials',
    value,
    message: `${subject} is not encrypted: whoever is on the way could put a page there that acts for users who are logged in`,
    fix
  }
}
