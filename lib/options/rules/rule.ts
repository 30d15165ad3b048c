import { isList } from '../../text.js'
import type { GivenOptions } from '../copy.js'
import type { IssueList, Problem } from '../issue.js'
import type { CorsException, CorsOptionName } from '../schema.js'
import { givenHost } from './unset.js'

/** The options that a rule looks at. The values may be of any type: a wrong one is reported elsewhere, and hides nothing else. */
export interface Rules {
  /** The options that were given, to be checked each on its own. */
  readonly own: GivenOptions
  /** The options that result, to be checked together: those given over those of the registration. */
  readonly merged: GivenOptions
  readonly issues: IssueList
  /** A delegator chose the options that were given. */
  readonly isDelegated?: boolean
}

/** True if `dangerouslyAllow` names the exception. */
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

/** One entry of `origin`, which may be of any type. */
export class OriginEntry {
  readonly value: unknown
  private readonly index: number | null
  private host: string | null | undefined

  /** @param index `null` where `origin` is no list */
  constructor (value: unknown, index: number | null) {
    this.value = value
    this.index = index
  }

  /**
   * The host of an origin or pattern, otherwise `null`. It is read when the first rule asks, for all of them.
   *
   * @param text - the value, which only the caller knows to be one
   */
  hostOf (text: string): string | null {
    if (this.host === undefined) this.host = givenHost(text)
    return this.host
  }

  /** Reports a problem: where the option to report at is not `origin` itself, no fix of the entry can go there. */
  report (problem: Problem, option: CorsOptionName, { issues }: Rules): void {
    if (option === 'origin') issues.add({ option, index: this.index }, problem)
    else issues.add({ option }, { ...problem, fix: null })
  }
}

/** Looks at one entry, and reports what is wrong with it. */
export type OriginRule = (entry: OriginEntry) => void
