import { getPublicSuffix, parse } from 'tldts'
import { isOnlyEncrypted } from '../../origin/examples.js'
import { isRegExp } from '../../origin/is-regexp.js'
import { isLoopback } from '../../origin/loopback.js'
import type { RegExpList } from '../../origin/regexp/list.js'
import { literalOf, readRegExp } from '../../origin/regexp/read.js'
import { quote } from '../../origin/source.js'
import { ANY_LABELS } from '../../origin/usable.js'
import type { Problem } from '../issue-list.js'
import type { OriginEntry, OriginRule } from './origin-entry.js'
import { firstGiven, isAllowed, type Rules } from './rule.js'

/** `origin-insecure-with-credentials` and `origin-public-suffix-with-credentials`. */
export function credentialsRule (rules: Rules, regexps: RegExpList): OriginRule | null {
  const option = firstGiven(['origin', 'credentials', 'dangerouslyAllow'], rules)
  if (rules.merged.credentials !== true || option === undefined) return null
  const insecureAllowed = isAllowed('insecure-origins', rules)
  const unchecked = isAllowed('unchecked-regexps', rules)
  const suffixesAllowed = isAllowed('public-suffixes', rules)
  const report = (entry: OriginEntry, problem: Problem | null): void => {
    if (problem !== null) rules.issues.add(entry.placeAt(option), problem)
  }
  return entry => {
    const { value } = entry
    if (typeof value === 'string') {
      const insecure = !insecureAllowed && value.startsWith('http://')
      const pattern = !suffixesAllowed && value.includes(`://${ANY_LABELS}`)
      const host = insecure || pattern ? entry.hostOf(value) : null
      if (host === null) return
      if (insecure) report(entry, insecureProblem(value, host))
      if (pattern) report(entry, suffixProblem(value, host))
    } else if (!insecureAllowed && isRegExp(value)) {
      report(entry, insecureRegExp(value, regexps, unchecked))
    }
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

const OF_BOTH_SECTIONS = { allowPrivateDomains: true, extractHostname: false, detectIp: false }

/** Names right below a public suffix belong to anyone who registers one (publicsuffix.org, both sections). */
function suffixProblem (value: string, host: string): Problem | null {
  const suffix = host.slice(ANY_LABELS.length)
  if (getPublicSuffix(suffix, OF_BOTH_SECTIONS) !== suffix || !isListed(suffix)) return null
  return {
    code: 'origin-public-suffix-with-credentials',
    value,
    message: `anyone can have a name below ${suffix}, and its pages could act for users who are logged in`,
    fix: `the names that are yours, such as '${value.replace('*', 'app')}'`
  }
}

/** Where no rule of the list matches, the last label counts as the suffix (publicsuffix.org, "Algorithm"). */
function isListed (suffix: string): boolean {
  if (suffix.includes('.')) return true
  const { isIcann, isPrivate } = parse(suffix, OF_BOTH_SECTIONS)
  return isIcann === true || isPrivate === true
}
