import { diagnoseOrigin } from '../../origin/diagnose.js'
import { isRegExp } from '../../origin/is-regexp.js'
import { originRegExpProblems } from '../../origin/regexp/index.js'
import { literalOf, readRegExp } from '../../origin/regexp/read.js'
import { isList, quote, shorten } from '../../origin/source.js'
import { isUsableOrigin } from '../../origin/usable.js'
import type { Place } from '../issue-list.js'
import { firstGiven, isAllowed, itemsOf, type Rules } from './rule.js'

/** Origins that any sandboxed page or local file has (WHATWG HTML, "serialization of an origin"). */
const OPAQUE = new Set<unknown>(['null', 'file://'])

/** Checking an expression takes so long that more of them would hold up the start of the server. */
export const MAX_REGEXPS = 32

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

/** Looks for what was meant, until it has taken so long that more would hold up the start of the server. */
class OriginTexts {
  #effort = 800

  check (value: string, place: Place, { issues }: Rules): void {
    if (value === '*' || isUsableOrigin(value)) return
    this.#effort -= 1 + value.length / 50 + (value.includes('*') ? 25 : 0)
    const diagnosis = this.#effort > 0 ? diagnoseOrigin(value) : null
    issues.add(place, { code: 'origin-invalid', value, message: `${quote(shorten(value))} is no origin as browsers send it`, fix: null, ...diagnosis })
  }
}

/** `origin-null`, `origin-invalid` and the rules for expressions: each entry of `origin` on its own. */
export function checkOriginEntries (rules: Rules): void {
  const option = firstGiven(['origin', 'dangerouslyAllow'], rules)
  if (option === undefined) return
  const texts = new OriginTexts()
  const checked = new Set<string>()
  for (const { index, value } of itemsOf(rules.merged.origin)) {
    const place = { option, index: option === 'origin' ? index : null }
    if (OPAQUE.has(value)) checkOpaque(value, place, rules)
    else if (typeof value === 'string') texts.check(value, place, rules)
    else if (isRegExp(value)) checkRegExp(value, place, checked, rules)
  }
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

function checkRegExp (value: RegExp, place: Place, checked: Set<string>, rules: Rules): void {
  const written = readRegExp(value)
  const unchecked = isAllowed('unchecked-regexps', rules)
  if (unchecked && !/[gmy]/.test(written.flags)) return
  const literal = literalOf(written)
  if (checked.size >= MAX_REGEXPS && !checked.has(literal)) {
    rules.issues.add(place, {
      code: 'origin-regexp-slow',
      value,
      message: `is one of more than ${MAX_REGEXPS} regular expressions, too many to be checked, and to be tried for a request`,
      fix: 'patterns such as \'https://*.example.com\''
    })
    return
  }
  checked.add(literal)
  for (const { kind, message, fix } of originRegExpProblems(value)) {
    if (unchecked && kind !== 'flags') continue
    rules.issues.add(place, { code: `origin-regexp-${kind}`, value, message, fix })
  }
}
