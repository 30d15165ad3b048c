import { isList } from '../../origin/source.js'
import { credentialsRule } from './credentials.js'
import { OriginEntry } from './origin-entry.js'
import { originRule } from './origin.js'
import type { Rules } from './rule.js'

/** What is wrong with entries of `origin`. Each is looked at once, since a list may be long. */
export function checkOrigins (rules: Rules): void {
  const checks = [originRule(rules), credentialsRule(rules)].filter(rule => rule !== null)
  if (checks.length === 0) return
  const { origin } = rules.merged
  const check = (value: unknown, index: number | null): void => {
    const entry = new OriginEntry(value, index)
    for (const rule of checks) rule(entry)
  }
  if (isList(origin)) origin.forEach((value, index) => check(value, index))
  else check(origin, null)
}
