import { getPublicSuffix, parse } from 'tldts'
import { isRegExp } from '../../origin/is-regexp.js'
import { isLoopback } from '../../origin/loopback.js'
import { literalOf, readRegExp } from '../../origin/regexp/read.js'
import { quote } from '../../origin/source.js'
import { ANY_LABELS, usableHost } from '../../origin/usable.js'
import type { Place, Problem } from '../issue-list.js'
import { firstGiven, forEachOrigin, isAllowed, type Rules } from './rule.js'

/** `origin-insecure-with-credentials` and `origin-public-suffix-with-credentials`. */
export function checkOriginsWithCredentials (rules: Rules): void {
  const option = firstGiven(['origin', 'credentials', 'dangerouslyAllow'], rules)
  if (rules.merged.credentials !== true || option === undefined) return
  const insecureAllowed = isAllowed('insecure-origins', rules)
  const suffixesAllowed = isAllowed('public-suffixes', rules)
  forEachOrigin(option, rules, (value, place) => {
    if (typeof value === 'string') {
      const insecure = !insecureAllowed && value.startsWith('http://')
      const pattern = !suffixesAllowed && value.includes(`://${ANY_LABELS}`)
      const host = insecure || pattern ? usableHost(value) : null
      if (host === null) return
      if (insecure) report(insecureProblem(value, host), place, rules)
      if (pattern) report(suffixProblem(value, host), place, rules)
    } else if (isRegExp(value) && !insecureAllowed) {
      report(insecureRegExp(value, rules), place, rules)
    }
  })
}

function report (problem: Problem | null, place: Place, { issues }: Rules): void {
  if (problem !== null) issues.add(place, problem)
}

/** Whoever is on the way to an http site, in the same network say, can put a page there that uses the credentials. */
function insecureProblem (value: string, host: string): Problem | null {
  if (isLoopback(host)) return null
  const secure = `https${value.slice('http'.length)}`
  return problem(value, quote(value), quote(secure.endsWith(':443') ? secure.slice(0, -':443'.length) : secure))
}

function insecureRegExp (value: RegExp, { regexps }: Rules): Problem | null {
  const example = regexps.check(value)?.insecure ?? null
  if (example === null) return null
  const { source, flags } = readRegExp(value)
  const secure = source.replace(/^\^https?\??:/, '^https:')
  return problem(value, `${quote(example)}, which the expression allows,`, secure === source ? null : literalOf({ source: secure, flags }))
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
  if (getPublicSuffix(suffix, OF_BOTH_SECTIONS) !== suffix) return null
  const { isIcann, isPrivate } = parse(suffix, OF_BOTH_SECTIONS)
  if (isIcann !== true && isPrivate !== true) return null
  return {
    code: 'origin-public-suffix-with-credentials',
    value,
    message: `anyone can have a name below ${suffix}, and its pages could act for users who are logged in`,
    fix: `the names that are yours, such as ${quote(value.replace('*', 'app'))}`
  }
}
