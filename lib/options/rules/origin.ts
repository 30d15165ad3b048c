import { flagsProblems } from '../../regexp/check.js'
import { isList, isRegExp, quote, quotePart, readRegExp } from '../../text.js'
import { holdsOrigin } from '../aliases.js'
import { opaqueOriginOf, whyDead } from '../expressions/dead.js'
import type { Problem } from '../issue.js'
import { diagnoseOrigin } from '../suggest/origin.js'
import { flagsFixes, regExpFixes } from '../suggest/regexp.js'
import { secured } from '../suggest/secure.js'
import { placedNames } from './names.js'
import { examined, MAX_REGEXPS, type RegExpList } from './regexps.js'
import { firstGiven, isAllowed, type OriginRule, type Rules } from './rule.js'
import { unsetIn, unsetProblem } from './unset.js'

/** `origin-missing`: nobody has said who may call. */
export function checkOriginGiven ({ own, merged, issues, isDelegated }: Rules): void {
  const { origin, delegator } = merged
  if (isList(origin) && origin.length === 0) {
    issues.add({ option: 'origin' }, {
      code: 'origin-missing',
      value: origin,
      message: 'origin is an empty list, so nobody may call: list the origins of your pages, or write false to switch CORS off',
      fix: null
    })
  } else if (origin === undefined && delegator === undefined && !issues.has('origin') && !issues.hasMisspelled('origin', 'delegator') && !Object.values(own).some(value => holdsOrigin(value))) {
    issues.add({ option: 'origin' }, {
      code: 'origin-missing',
      value: undefined,
      message: isDelegated === true
        ? `the delegator has given no origin: request.headers.origin is undefined for a request without Origin; ${INSTEAD_OF_TRUE}`
        : 'origin must say who may call: a list such as [\'https://app.example.com\'], \'*\' for any origin, or false to switch CORS off. ' +
          'If it comes from an environment variable, the variable is not set',
      fix: null
    })
  }
}

/** `origin-null`, `origin-invalid` and the rules for expressions: what is wrong with an entry by itself. */
export function originRule (rules: Rules, regexps: RegExpList): OriginRule | null {
  const option = firstGiven(['origin', 'dangerouslyAllow'], rules)
  if (option === undefined) return null
  const nullAllowed = isAllowed('null-origin', rules)
  const unchecked = isAllowed('unchecked-regexps', rules)
  const advice = adviceFor(rules)
  return entry => {
    const { value } = entry
    if (typeof value !== 'string') {
      if (!isRegExp(value)) return
      for (const problem of (unchecked ? problemsOfUnchecked : problemsOfRegExp)(value, regexps, nullAllowed, advice)) entry.report(problem, option, rules)
    } else if (value === 'null' || value === 'file://') {
      if (!nullAllowed) entry.report(opaqueProblem(value), option, rules)
    } else if (value !== '*' && entry.hostOf(value) === null) {
      entry.report(unsetProblem(value) ?? invalidProblem(value), option, rules)
    }
  }
}

function invalidProblem (value: string): Problem {
  const { message, fixes, otherwise } = diagnoseOrigin(value)
  return { code: 'origin-invalid', value, message, fix: () => [...fixes, ...secured(fixes)], otherwise }
}

function opaqueProblem (value: string): Problem {
  return {
    code: 'origin-null',
    value,
    message: `${quote(value)} is sent by any sandboxed page and any local file, whoever wrote it: ` +
      'serve the page over http and list that origin, or write dangerouslyAllow: [\'null-origin\']',
    fix: null
  }
}

/** Where any origin may be allowed, `'*'` is among the advice. */
function adviceFor ({ merged: { credentials, enforce } }: Rules): string {
  const advice = 'write the origins you mean, or a pattern such as \'https://*.example.com\' or \'http://localhost:*\''
  return credentials === true || typeof enforce === 'string' ? advice : `${advice}, or '*' for any origin`
}

/** What to do about the rest of a variable in an expression. */
function adviceForUnset (unset: string): string {
  return unset.startsWith('$') ? 'an expression takes no template: write the origins it stands for' : 'an environment variable may not be set'
}

function problemsOfRegExp (value: RegExp, regexps: RegExpList, nullAllowed: boolean, write: string): Problem[] {
  const checked = regexps.check(value)
  if (checked === 'too many') return [tooManyProblem(value)]
  if (checked === null) return []
  const unset = unsetIn(checked.text.source)
  // What can take long is not tried out
  const isTried = examined(checked) !== null
  const dead = isTried ? whyDead(checked.text, nullAllowed) : null
  const isRight = dead === null && checked.problems.length === 0
  if (unset !== null && isRight) return [unsetRegExp(value, unset)]
  const opaque = isTried ? opaqueOriginOf(checked.text, isRight) : null
  if (opaque !== null && !nullAllowed && (isRight || dead !== null)) return [{ ...opaqueProblem(opaque), value, ...isRight ? {} : { code: 'origin-regexp-dead' } }]
  const fix = (): string[] => {
    const fixes = opaque === null ? regExpFixes(checked) : [quote(opaque)]
    return [...fixes, ...secured(fixes)]
  }
  const advice = unset === null ? { fix, otherwise: write } : { fix: null, otherwise: adviceForUnset(unset) }
  if (dead !== null) return [{ ...deadProblem(value, dead), ...advice }]
  return checked.problems.map(({ kind, message }) => ({ code: `origin-regexp-${kind}`, value, message, ...advice }))
}

/** An expression that could match an origin, but nobody's. */
function unsetRegExp (value: RegExp, unset: string): Problem {
  return { ...deadProblem(value, `has ${quotePart(unset)} in it`), otherwise: adviceForUnset(unset) }
}

/** The problems of an expression that need not be safe. */
function problemsOfUnchecked (value: RegExp, regexps: RegExpList, nullAllowed: boolean, write: string): Problem[] {
  const text = readRegExp(value)
  const unset = unsetIn(text.source)
  if (unset !== null && unset !== '') return [unsetRegExp(value, unset)]
  const checked = regexps.check(value)
  const dead = checked === null || checked === 'too many' ? null : whyDead(text, nullAllowed)
  if (dead !== null) return [{ ...deadProblem(value, dead), otherwise: opaqueOriginOf(text, true) === null ? write : 'write dangerouslyAllow: [\'null-origin\'] too' }]
  return flagsProblems(text).map(({ message }) => ({ code: 'origin-regexp-flags', value, message, fix: () => flagsFixes(text) }))
}

function deadProblem (value: RegExp, why: string): Problem {
  return { code: 'origin-regexp-dead', value, message: why, fix: null }
}

function tooManyProblem (value: RegExp): Problem {
  return {
    code: 'origin-regexp-slow',
    value,
    message: `is one of more than ${MAX_REGEXPS} regular expressions, too many to be checked, and to be tried for a request: ` +
      'write patterns such as \'https://*.example.com\'',
    fix: null
  }
}

/** The entry that makes `origin` mean any origin, if one does: `'*'`, alone or in a list, or `true`. */
function anyOrigin ({ merged: { origin } }: Rules): { index: number | null, value: unknown } | undefined {
  if (origin === true || origin === '*') return { index: null, value: origin }
  const index = isList(origin) ? origin.indexOf('*') : -1
  return index === -1 ? undefined : { index, value: '*' }
}

/** Every delegator that people write at first checks the origin, and then answers `true`. */
const INSTEAD_OF_TRUE = 'once the delegator has checked the origin, write origin: allowed ? request.headers.origin : false'

/** `origin-any-with-credentials`: every site on the web could read what users see when they are logged in. */
export function checkAnyOriginWithCredentials (rules: Rules): void {
  const any = anyOrigin(rules)
  if (any === undefined || rules.merged.credentials !== true || isAllowed('any-origin-with-credentials', rules)) return
  const option = firstGiven(['origin', 'credentials', 'dangerouslyAllow'], rules)
  if (option === undefined) return
  rules.issues.add({ option, index: option === 'origin' ? any.index : null }, {
    code: 'origin-any-with-credentials',
    value: any.value,
    message: any.value === true
      ? `any origin with credentials lets every site read, and do, what your logged-in user can: ${rules.isDelegated === true ? INSTEAD_OF_TRUE : 'list the origins of your pages'}`
      : 'browsers refuse \'*\' with credentials, so cookies never worked with it: leave credentials out, which loses nothing, or list the ' +
        'origins of your pages',
    fix: any.value === true ? null : 'credentials: false'
  })
}

/** `enforce-any-origin`: where any origin is allowed, nothing would be refused. */
export function checkEnforce (rules: Rules): void {
  const any = anyOrigin(rules)
  const { enforce } = rules.merged
  const option = firstGiven(['enforce', 'origin'], rules)
  if (any === undefined || option === undefined || (enforce !== 'unsafe' && enforce !== 'all')) return
  rules.issues.add({ option }, {
    code: 'enforce-any-origin',
    value: enforce,
    message: `enforce: '${enforce}' would refuse nothing, because any origin is allowed: ` +
      (any.value === true && rules.isDelegated === true ? INSTEAD_OF_TRUE : 'list the origins of your pages, or leave enforce out'),
    fix: null
  })
}

/** `exposed-any-with-credentials`: there, `*` is no more than a name (Fetch, "CORS protocol and credentials"). */
export function checkExposedAny (rules: Rules): void {
  const { exposedHeaders, credentials } = rules.merged
  const option = firstGiven(['exposedHeaders', 'credentials'], rules)
  if (credentials !== true || option === undefined) return
  const any = placedNames(exposedHeaders).find(({ name }) => name === '*')
  if (any === undefined) return
  rules.issues.add({ option, index: option === 'exposedHeaders' ? any.index : null }, {
    code: 'exposed-any-with-credentials',
    value: exposedHeaders,
    message: 'with credentials, * is the name of a header, and exposes no other: write each header by its name, such as [\'ETag\', \'Link\']',
    fix: null
  })
}
