import { checkRegExp } from '../../regexp/check.js'
import { isList, isRegExp, quote, readRegExp, show } from '../../text.js'
import type { CorsIssueCode } from '../issue.js'
import { urlsFixes } from '../suggest/regexp.js'
import { insecureRule } from './insecure-origin.js'
import { checkHeaders, checkMethods } from './names.js'
import { checkAnyOriginWithCredentials, checkEnforce, checkExposedAny, checkOriginGiven, originRule } from './origin.js'
import { publicSuffixRule } from './public-suffix.js'
import { RegExpList } from './regexps.js'
import { isAllowed, OriginEntry, type Rules } from './rule.js'

/** What no schema can say, one rule after the other. */
export function checkRules (rules: Rules): void {
  checkOriginGiven(rules)
  checkOrigins(rules)
  checkAnyOriginWithCredentials(rules)
  checkMethods(rules)
  checkHeaders(rules)
  checkExposedAny(rules)
  checkCacheControl(rules)
  checkUrls(rules)
  checkDelegator(rules)
  checkEnforce(rules)
}

/** A field value: visible characters, with spaces and tabs only between them (RFC 9110, section 5.5). */
const FIELD_VALUE = /^[\x21-\x7E\x80-\xFF]+(?:[\t ]+[\x21-\x7E\x80-\xFF]+)*$/

/** `invalid-type` of a `cacheControl` that is a text, but can't be the value of a header. */
function checkCacheControl ({ own: { cacheControl }, issues }: Rules): void {
  if (typeof cacheControl !== 'string' || cacheControl === '' || FIELD_VALUE.test(cacheControl)) return
  const mended = cacheControl.replace(/\s+/g, ' ').trim()
  issues.add({ option: 'cacheControl' }, {
    code: 'invalid-type',
    value: cacheControl,
    message: `cacheControl has to be the value of a header, which ${show(cacheControl)} can't be`,
    fix: FIELD_VALUE.test(mended) ? quote(mended) : null
  })
}

/** A delegator that expects a callback, as other CORS libraries have it, would fail with every request. */
function checkDelegator ({ own: { delegator }, issues }: Rules): void {
  if (typeof delegator !== 'function' || !takesMoreThanOne(delegator)) return
  issues.add({ option: 'delegator' }, {
    code: 'invalid-type',
    value: delegator,
    message: 'delegator is called with the request alone, and returns options or a promise of them: there is no callback',
    fix: '(request) => ({ origin: \'https://app.example.com\' })'
  })
}

/** Reading the length throws where somebody has made it so. */
function takesMoreThanOne (called: object): boolean {
  try {
    const length: unknown = Reflect.get(called, 'length')
    return typeof length === 'number' && length > 1
  } catch {
    return false
  }
}

/** What is wrong with entries of `origin`. Each is looked at once, since a list may be long. */
function checkOrigins (rules: Rules): void {
  const { merged: { origin }, issues } = rules
  const items = isList(origin) ? origin : [origin]
  const regexps = new RegExpList()
  const checks = [
    originRule(rules, regexps), insecureRule(rules, regexps), publicSuffixRule(rules, regexps)
  ].filter(rule => rule !== null)
  if (checks.length === 0) return
  for (let index = 0; index < items.length && !issues.isFull; index++) {
    const entry = new OriginEntry(items[index], items === origin ? index : null)
    for (const rule of checks) rule(entry)
  }
}

/** `urls-regexp-flags` and `urls-regexp-slow`. */
function checkUrls (rules: Rules): void {
  const { urls } = rules.own
  if (!isRegExp(urls)) return
  const checked = checkRegExp(readRegExp(urls), 'part')
  for (const { kind, message } of checked.problems) {
    if (kind !== 'flags' && isAllowed('unchecked-regexps', rules)) continue
    const code: CorsIssueCode = kind === 'flags' ? 'urls-regexp-flags' : 'urls-regexp-slow'
    rules.issues.add({ option: 'urls' }, { code, value: urls, message, fix: () => urlsFixes(checked) })
  }
}
