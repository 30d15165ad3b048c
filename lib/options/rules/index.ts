import { checkRegExp } from '../../regexp/check.js'
import { isList, isRegExp, quote, readRegExp, show } from '../../text.js'
import type { CorsIssueCode } from '../issue.js'
import { urlsFixes } from '../suggest/regexp.js'
import { checkCallbacks } from './callback.js'
import { insecureRule } from './insecure-origin.js'
import { checkHeaders, checkMethods } from './names.js'
import { checkAnyOriginWithCredentials, checkEnforce, checkExposedAny, checkOriginGiven, originRule } from './origin.js'
import { publicSuffixRule } from './public-suffix.js'
import { RegExpList } from './regexps.js'
import { isAllowed, OriginEntry, type Rules } from './rule.js'

/** Checks what no schema can say, one rule after the other. */
export function checkRules (rules: Rules): void {
  checkOriginGiven(rules)
  checkOrigins(rules)
  checkAnyOriginWithCredentials(rules)
  checkMethods(rules)
  checkHeaders(rules)
  checkExposedAny(rules)
  checkCacheControl(rules)
  checkUrls(rules)
  checkCallbacks(rules)
  checkEnforce(rules)
}

/** A list of directives (RFC 9111, section 5.2): names, some with a token or a quoted text as their argument. */
const DIRECTIVES = /^[\w-]+(?:=(?:[\w-]+|"[^"\p{Cc}\P{ASCII}]*"))?(?:[\t ]*,[\t ]*[\w-]+(?:=(?:[\w-]+|"[^"\p{Cc}\P{ASCII}]*"))?)*$/u

/** `invalid-type` of a `cacheControl` that is a text, but can't be the value of that header. */
function checkCacheControl ({ own: { cacheControl }, issues }: Rules): void {
  if (typeof cacheControl !== 'string' || cacheControl === '' || isCacheControl(cacheControl)) return
  issues.add({ option: 'cacheControl' }, {
    code: 'invalid-type',
    value: cacheControl,
    message: `cacheControl must be the value of a Cache-Control header, such as 'public, max-age=600', not ${show(cacheControl)}`,
    fix: mendedCacheControl(cacheControl.trim())
  })
}

/** Digits alone would be a directive, but one that nobody knows. */
function isCacheControl (value: string): boolean {
  return DIRECTIVES.test(value) && !/^\d+$/.test(value)
}

/** Seconds as a text, the header with its name, or directives with other separators than commas. */
function mendedCacheControl (value: string): string | null {
  if (/^\d+$/.test(value)) return String(Number(value))
  const mended = value.replace(/^cache-control\s*:\s*/i, '').replace(/\s*=\s*/g, '=').replace(/\s*;\s*/g, ', ')
  return isCacheControl(mended) ? quote(mended) : null
}

/** Checks the entries of `origin`. Each is looked at once, since a list may be long. */
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
