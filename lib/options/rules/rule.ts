import { isList } from '../../origin/source.js'
import type { IssueList } from '../issue-list.js'
import type { GivenOptions } from '../read-options.js'
import type { CorsException, CorsOptionName } from '../schema.js'

/** What a rule looks at. The values may be of any type: a wrong one is reported elsewhere, and hides nothing else. */
export interface Rules {
  /** The options that were given, to be checked each on its own. */
  readonly own: GivenOptions
  /** The options that result, to be checked together: those given over those of the registration. */
  readonly merged: GivenOptions
  readonly issues: IssueList
}

/** Whether `dangerouslyAllow` names the exception. */
export function isAllowed (exception: CorsException, { merged }: Rules): boolean {
  return isList(merged.dangerouslyAllow) && merged.dangerouslyAllow.includes(exception)
}

/**
 * The option to report a problem of several at: the first of them that is given. None where all of them are the
 * registration's, with which they were checked.
 */
export function firstGiven<T extends CorsOptionName> (options: readonly T[], { own }: Rules): T | undefined {
  return options.find(option => Object.hasOwn(own, option))
}
