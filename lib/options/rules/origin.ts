import { diagnoseOrigin, type OriginDiagnosis } from '../../origin/diagnose.js'
import { isRegExp } from '../../origin/is-regexp.js'
import { MAX_REGEXPS } from '../../origin/regexp/list.js'
import { readRegExp } from '../../origin/regexp/read.js'
import { isList, quote } from '../../origin/source.js'
import { isUsableOrigin } from '../../origin/usable.js'
import type { Place } from '../issue-list.js'
import { firstGiven, forEachOrigin, isAllowed, type Rules } from './rule.js'

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
  } else if (origin === undefined && delegator === undefined && !issues.has('origin')) {
    issues.add({ option: 'origin' }, {
      code: 'origin-missing',
      value: undefined,
      message: 'origin has to say who may call: a list of origins, \'*\' for any, or false to switch CORS off',
      fix: `origin: ${EXAMPLE}`
    })
  }
}

/** What may stand for an expression, which then has to be checked as any other. */
const EXPRESSION = /\*|^\^|\$$|\\[./]|^\/.*[+?()[\]|].*\/[dgimsuvy]*$/

const EFFORT_OF_EXPRESSION = 25

/** Looks for what was meant, until it has taken so long that more would hold up the start of the server. */
class OriginTexts {
  #effort = 800

  check (value: string, place: Place, { issues }: Rules): void {
    if (value === '*' || isUsableOrigin(value)) return
    const { message, fix } = this.#diagnosis(value) ??
      { message: 'is no origin as browsers send it', fix: null }
    issues.add(place, { code: 'origin-invalid', value, message, fix })
  }

  #diagnosis (value: string): OriginDiagnosis | null {
    this.#effort -= 1 + value.length / 50
    if (this.#effort <= 0) return null
    const expressions = value.split(/[,;|\s]/).filter(entry => EXPRESSION.test(entry)).length
    const affordable = expressions === 0 || this.#effort > EFFORT_OF_EXPRESSION
    this.#effort -= EFFORT_OF_EXPRESSION * expressions
    return affordable ? diagnoseOrigin(value) : null
  }
}

/** `origin-null`, `origin-invalid` and the rules for expressions: each entry of `origin` on its own. */
export function checkOriginEntries (rules: Rules): void {
  const option = firstGiven(['origin', 'dangerouslyAllow'], rules)
  if (option === undefined) return
  const texts = new OriginTexts()
  forEachOrigin(option, rules, (value, place) => {
    if (value === 'null' || value === 'file://') checkOpaque(value, place, rules)
    else if (typeof value === 'string') texts.check(value, place, rules)
    else if (isRegExp(value)) checkRegExp(value, place, rules)
  })
}

function checkOpaque (value: unknown, place: Place, rules: Rules): void {
  if (isAllowed('null-origin', rules)) return
  rules.issues.add(place, {
    code: 'origin-null',
    value,
    message: `${quote(String(value))} is sent by any sandboxed page and any local file, whoever wrote it`,
    fix: 'the origin of a server that serves the page, or dangerouslyAllow: [\'null-origin\']'
  })
}

function checkRegExp (value: RegExp, place: Place, rules: Rules): void {
  const unchecked = isAllowed('unchecked-regexps', rules)
  if (unchecked && !/[gmy]/.test(readRegExp(value).flags)) return
  const checked = rules.regexps.check(value)
  if (checked === null) {
    rules.issues.add(place, {
      code: 'origin-regexp-slow',
      value,
      message: `is one of more than ${MAX_REGEXPS} regular expressions, too many to be checked, and to be tried for a request`,
      fix: 'patterns such as \'https://*.example.com\''
    })
    return
  }
  for (const { kind, message, fix } of checked.problems) {
    if (unchecked && kind !== 'flags') continue
    rules.issues.add(place, { code: `origin-regexp-${kind}`, value, message, fix })
  }
}
