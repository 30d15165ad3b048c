import { parse } from 'tldts'
import { diagnoseOrigin } from '../../origin/diagnose.js'
import { insecureExample } from '../../origin/examples.js'
import { isRegExp } from '../../origin/is-regexp.js'
import { isLoopback } from '../../origin/loopback.js'
import { originRegExpProblems } from '../../origin/regexp/index.js'
import { literalOf, readRegExp } from '../../origin/regexp/read.js'
import { quote } from '../../origin/source.js'
import { exampleHost, isUsableOrigin } from '../../origin/usable.js'
import type { Place, Problem } from '../issue-list.js'
import { MAX_REGEXPS } from './origin.js'
import { firstGiven, isAllowed, itemsOf, type Rules } from './rule.js'

/** `origin-insecure-with-credentials` and `origin-public-suffix-with-credentials`. */
export function checkOriginsWithCredentials (rules: Rules): void {
  const option = firstGiven(['origin', 'credentials', 'dangerouslyAllow'], rules)
  if (rules.merged.credentials !== true || option === undefined) return
  const insecureAllowed = isAllowed('insecure-origins', rules)
  const suffixesAllowed = isAllowed('public-suffixes', rules)
  let regexps = 0
  for (const { index, value } of itemsOf(rules.merged.origin)) {
    if (isRegExp(value) && ++regexps > MAX_REGEXPS) continue
    const place = { option, index: option === 'origin' ? index : null }
    if (!insecureAllowed) report(insecureProblem(value), place, rules)
    if (!suffixesAllowed && typeof value === 'string') report(suffixProblem(value), place, rules)
  }
}

function report (problem: Problem | null, place: Place, { issues }: Rules): void {
  if (problem !== null) issues.add(place, problem)
}

/** Whoever is on the way to an http site, in the same network say, can put a page there that uses the credentials. */
function insecureProblem (value: unknown): Problem | null {
  if (typeof value === 'string') return insecureText(value)
  return isRegExp(value) ? insecureRegExp(value) : null
}

function insecureText (value: string): Problem | null {
  if (!value.startsWith('http://')) return null
  const host = exampleHost(value)
  if (host === null || isLoopback(host)) return null
  const secure = value.replace('http:', 'https:')
  const diagnosis = isUsableOrigin(secure) ? null : diagnoseOrigin(secure)
  return problem(value, quote(value), diagnosis === null ? quote(secure) : diagnosis.fix)
}

function insecureRegExp (value: RegExp): Problem | null {
  if (originRegExpProblems(value).some(({ kind }) => kind === 'slow')) return null
  const example = insecureExample(value)
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

/** Names right below a public suffix belong to anyone who registers one (publicsuffix.org, both sections). */
function suffixProblem (value: string): Problem | null {
  const host = value.includes('://*.') ? exampleHost(value) : null
  if (host === null) return null
  const suffix = host.slice('a.'.length)
  const { publicSuffix, isIcann, isPrivate } = parse(suffix, { allowPrivateDomains: true, extractHostname: false })
  if (publicSuffix !== suffix || (isIcann !== true && isPrivate !== true)) return null
  return {
    code: 'origin-public-suffix-with-credentials',
    value,
    message: `anyone can have a name below ${suffix}, and its pages could act for users who are logged in`,
    fix: `the names that are yours, such as ${quote(value.replace('*', 'app'))}`
  }
}
