import { RegExpList } from '../../origin/regexp/list.js'
import { isList } from '../../origin/source.js'
import { insecureRule } from './insecure-origin.js'
import { OriginEntry } from './origin-entry.js'
import { originRule } from './origin.js'
import { publicSuffixRule } from './public-suffix.js'
import type { Rules } from './rule.js'

/** What is wrong with entries of `origin`. Each is looked at once, since a list may be long. */
export function checkOrigins (rules: Rules): void {
  const { merged: { origin }, issues } = rules
  const items = isList(origin) ? origin : [origin]
  const regexps = new RegExpList(items.length)
  const checks = [
    originRule(rules, regexps, items.length), insecureRule(rules, regexps), publicSuffixRule(rules, regexps)
  ].filter(rule => rule !== null)
  if (checks.length === 0) return
  for (let index = 0; index < items.length && !issues.isFull; index++) {
    const entry = new OriginEntry(items[index], items === origin ? index : null)
    for (const rule of checks) rule(entry)
  }
}
