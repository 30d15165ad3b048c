import { checkAnyOriginWithCredentials, checkEnforce, checkExposedAny } from './any-origin.js'
import { checkCacheControl } from './cache-control.js'
import { checkDelegator } from './delegator.js'
import { checkHeaders } from './headers.js'
import { checkMethods } from './methods.js'
import { checkOriginGiven } from './origin.js'
import { checkOrigins } from './origins.js'
import type { Rules } from './rule.js'
import { checkUrls } from './urls.js'

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
