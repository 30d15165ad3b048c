import { originMatcher } from '../../origin/matcher.js'
import { isSerialisedOrigin } from '../../origin/parse.js'
import { isPattern, parsePattern } from '../../origin/pattern.js'
import { isValidOrigin } from '../../origin/validate.js'
import { isList, isRegExp } from '../../text.js'
import { literalIn } from './source.js'

/** An entry of `origin` for who may call. */
export type Entry = string | RegExp

/** The entries that a printed fix holds; `null` where it holds something else. */
export function entriesOf (source: string): Entry[] | null {
  const value = literalIn(source)
  const entries: Entry[] = []
  for (const item of isList(value) ? value : [value]) {
    if (!isRegExp(item) && !(typeof item === 'string' && (item === '*' || isValidOrigin(item)))) return null
    entries.push(item)
  }
  return entries
}

/** True if entries let an origin in. */
export function letsIn (entries: readonly Entry[], origin: string): boolean {
  const texts = entries.filter(entry => typeof entry === 'string')
  return texts.includes('*') || originMatcher({
    exact: texts.filter(text => !isPattern(text)),
    patterns: texts.filter(isPattern).map(parsePattern),
    regexps: entries.filter(isRegExp),
    wellFormed: isSerialisedOrigin
  })(origin)
}
