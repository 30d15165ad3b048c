import { usableHost } from '../../origin/usable.js'
import type { Place } from '../issue-list.js'
import type { CorsOptionName } from '../schema.js'

/** One entry of `origin`, which may be of any type. */
export class OriginEntry {
  readonly value: unknown
  readonly #index: number | null
  #host: string | null | undefined

  /** @param index `null` where `origin` is no list */
  constructor (value: unknown, index: number | null) {
    this.value = value
    this.#index = index
  }

  /**
   * The host of an origin or pattern, otherwise `null`. It is read when the first rule asks, for all of them.
   *
   * @param text - the value, which only the caller knows to be one
   */
  hostOf (text: string): string | null {
    if (this.#host === undefined) this.#host = usableHost(text)
    return this.#host
  }

  /** Where to report the entry: at its index where the option to report at is `origin` itself. */
  placeAt (option: CorsOptionName): Place {
    return option === 'origin' ? { option, index: this.#index } : { option }
  }
}

/** Looks at one entry, and reports what is wrong with it. */
export type OriginRule = (entry: OriginEntry) => void
