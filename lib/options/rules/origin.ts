import { regExpFlagsProblems, type RegExpProblem } from '../../regexp/check.js'
import { isList, isRegExp, quote } from '../../text.js'
import type { Problem } from '../issue.js'
import { diagnoseOrigin, type OriginDiagnosis } from '../suggest/origin.js'
import { namesIn } from './names.js'
import type { RegExpList } from './regexps.js'
import { firstGiven, isAllowed, type OriginRule, type Rules } from './rule.js'
import { unsetProblem } from './unset.js'

const EXAMPLE = '[\'https://app.example.com\']'

/** `origin-missing`: nobody has said who may call. */
export function checkOriginGiven ({ merged, issues }: Rules): void {
  const { origin, delegator } = merged
  if (isList(origin) && origin.length === 0) {
    issues.add({ option: 'origin' }, {
      code: 'origin-missing',
      value: origin,
      message: 'origin is an empty list, so nobody may call; false switches CORS off',
      fix: EXAMPLE
    })
  } else if (origin === undefined && delegator === undefined && !issues.has('origin') && !issues.hasMisspelled('origin', 'delegator')) {
    issues.add({ option: 'origin' }, {
      code: 'origin-missing',
      value: undefined,
      message: 'origin must say who may call: a list of origins, \'*\' for any, or false to switch CORS off',
      fix: `origin: ${EXAMPLE}`
    })
  }
}

/** What may stand for an expression, which then has to be checked as any other. */
const EXPRESSION = /\*|^\^|\$$|\\[./]|^\/.*[+?()[\]|].*\/[dgimsuvy]*$/

const EFFORT_OF_EXPRESSION = 25

/** The entries of a long list take time themselves: so many leave a third of the expressions. */
const LONG_LIST = 10_000
const EFFORT_OF_EXPRESSION_IN_LONG_LIST = 75

/** Looks for what was meant, until it has taken so long that more would hold up the start of the server. */
class Diagnoses {
  readonly #effortOfExpression: number
  #effort = 800

  /** @param entries how many there are in the list, whatever they are */
  constructor (entries: number) {
    const length = Math.min(1, entries / LONG_LIST)
    this.#effortOfExpression = EFFORT_OF_EXPRESSION + length * (EFFORT_OF_EXPRESSION_IN_LONG_LIST - EFFORT_OF_EXPRESSION)
  }

  problemOf (value: string): Problem {
    const { message, fix } = this.#diagnosis(value) ?? { message: 'is no origin as browsers send it', fix: null }
    return { code: 'origin-invalid', value, message, fix }
  }

  #diagnosis (value: string): OriginDiagnosis | null {
    this.#effort -= 1 + value.length / 50
    if (this.#effort <= 0) return null
    const expressions = value.split(/[,;|\s]/).filter(entry => EXPRESSION.test(entry)).length
    const affordable = expressions === 0 || this.#effort > this.#effortOfExpression
    this.#effort -= this.#effortOfExpression * expressions
    return affordable ? diagnoseOrigin(value) : null
  }
}

/** `origin-null`, `origin-invalid` and the rules for expressions: what is wrong with an entry by itself. */
export function originRule (rules: Rules, regexps: RegExpList, entries: number): OriginRule | null {
  const option = firstGiven(['origin', 'dangerouslyAllow'], rules)
  if (option === undefined) return null
  const nullAllowed = isAllowed('null-origin', rules)
  const unchecked = isAllowed('unchecked-regexps', rules)
  const diagnoses = new Diagnoses(entries)
  return entry => {
    const { value } = entry
    if (typeof value !== 'string') {
      if (!isRegExp(value)) return
      const problems = unchecked ? regExpFlagsProblems(value) : regexps.check(value).problems
      for (const problem of problems) rules.issues.add(entry.placeAt(option), problemOfRegExp(value, problem))
    } else if (value === 'null' || value === 'file://') {
      if (!nullAllowed) rules.issues.add(entry.placeAt(option), opaqueProblem(value))
    } else if (value !== '*' && entry.hostOf(value) === null) {
      rules.issues.add(entry.placeAt(option), unsetProblem(value) ?? diagnoses.problemOf(value))
    }
  }
}

function opaqueProblem (value: string): Problem {
  return {
    code: 'origin-null',
    value,
    message: `${quote(value)} is sent by any sandboxed page and any local file, whoever wrote it`,
    fix: 'the origin of a server that serves the page, or dangerouslyAllow: [\'null-origin\']'
  }
}

function problemOfRegExp (value: RegExp, { kind, message, fix }: RegExpProblem): Problem {
  return { code: `origin-regexp-${kind}`, value, message, fix }
}

/** The entry that makes `origin` mean any origin, if one does: `'*'`, alone or in a list, or `true`. */
function anyOrigin ({ merged: { origin } }: Rules): { index: number | null, value: unknown } | undefined {
  if (origin === true || origin === '*') return { index: null, value: origin }
  const index = isList(origin) ? origin.indexOf('*') : -1
  return index === -1 ? undefined : { index, value: '*' }
}

/** `origin-any-with-credentials`: every site on the web could read what users see when they are logged in. */
export function checkAnyOriginWithCredentials (rules: Rules): void {
  const any = anyOrigin(rules)
  if (any === undefined || rules.merged.credentials !== true || isAllowed('any-origin-with-credentials', rules)) return
  const option = firstGiven(['origin', 'credentials', 'dangerouslyAllow'], rules)
  if (option === undefined) return
  rules.issues.add({ option, index: option === 'origin' ? any.index : null }, {
    code: 'origin-any-with-credentials',
    value: any.value,
    message: 'any origin together with credentials would let every site read, and do, what a user who is logged in can',
    fix: 'origin: [\'https://app.example.com\'] with credentials: true, or credentials: false'
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
    message: `enforce: '${enforce}' would refuse nothing, because any origin is allowed`,
    fix: 'origin: [\'https://app.example.com\'] with enforce, or enforce: false'
  })
}

/** `exposed-any-with-credentials`: there, `*` is no more than a name (Fetch, "CORS protocol and credentials"). */
export function checkExposedAny (rules: Rules): void {
  const { exposedHeaders, credentials } = rules.merged
  const option = firstGiven(['exposedHeaders', 'credentials'], rules)
  if (credentials !== true || option === undefined) return
  const any = namesIn(exposedHeaders).find(({ name }) => name === '*')
  if (any === undefined) return
  rules.issues.add({ option, index: option === 'exposedHeaders' ? any.index : null }, {
    code: 'exposed-any-with-credentials',
    value: exposedHeaders,
    message: 'with credentials, * is the name of a header, and exposes no other',
    fix: 'exposedHeaders: [\'ETag\', \'Link\'], each by its name'
  })
}
