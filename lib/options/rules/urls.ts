import { isRegExp } from '../../origin/is-regexp.js'
import { urlsRegExpProblems } from '../../origin/regexp/index.js'
import type { CorsIssueCode } from '../issue.js'
import { isAllowed, type Rules } from './rule.js'

/** `urls-regexp-flags` and `urls-regexp-slow`. */
export function checkUrls (rules: Rules): void {
  const { urls } = rules.own
  if (!isRegExp(urls)) return
  for (const { kind, message, fix } of urlsRegExpProblems(urls)) {
    if (kind !== 'flags' && isAllowed('unchecked-regexps', rules)) continue
    const code: CorsIssueCode = kind === 'flags' ? 'urls-regexp-flags' : 'urls-regexp-slow'
    rules.issues.add({ option: 'urls' }, { code, value: urls, message, fix })
  }
}
