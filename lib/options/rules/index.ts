import { checkAnyOriginWithCredentials, checkEnforce, checkExposedAny } from './any-origin.js'
import { checkCacheControl } from './cache-control.js'
import { checkOriginsWithCredentials } from './credentials.js'
import { checkHeaders } from './headers.js'
import { checkMethods } from './methods.js'
import { checkOriginEntries, checkOriginGiven } from './origin.js'
import type { Rules } from './rule.js'
import { checkUrls } from './urls.js'

/** What no schema can say, one rule after the other. */
export function checkRules (rules: Rules): void {
  checkOriginGiven(rules)
  checkOriginEntries(rules)
  checkAnyOriginWithCredentials(rules)
  checkOriginsWithCredentials(rules)
  checkMethods(rules)
  checkHeaders(rules)
  checkExposedAny(rules)
  checkCacheControl(rules)
  checkUrls(rules)
  checkEnforce(rules)
}
