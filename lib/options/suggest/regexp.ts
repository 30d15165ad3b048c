import type { AST } from '@eslint-community/regexpp'
import { DEFAULT_PORTS } from '../../http/hosts.js'
import { parseOrigin } from '../../origin/parse.js'
import { anchoredSource, isAnchored } from '../../regexp/anchors.js'
import { checkRegExp, type CheckedRegExp, withoutRefusedFlags } from '../../regexp/check.js'
import { parseRegExp } from '../../regexp/parse.js'
import { flattenedSource, narrowedSource } from '../../regexp/rewrite.js'
import { entriesSource, literalOf, type RegExpText } from '../../text.js'
import { originsIn } from '../expressions/examples.js'
import { misspelledIn, respelledSource } from '../expressions/schemes.js'
import { entriesOf, letsIn } from './entries.js'
import { isWholeName, type Meaning, meaning, meaningOf } from './meaning.js'
import { spelled } from './parts.js'
import { isPrivateHost } from './secure.js'

/** More than this is no longer a hint. */
const MOST_ENTRIES = 8

/**
 * Fixes for an expression that is refused, best first: origins and patterns that say the same, or the
 * expression anchored, narrowed, or without what makes it slow. Each lets in what the expression was meant for.
 */
export function regExpFixes (checked: CheckedRegExp): string[] {
  const { text, pattern, looseness } = checked
  if (pattern === null) return []
  if (misspelledIn(text.source).length > 0) return respelledFixes(text)
  const narrowed = narrowedText(checked)
  // What can take long is not tried out
  if (checked.slowness !== null && checkRegExp(narrowed, 'whole').slowness !== null) return []
  const stateless = checked.slowness === null ? new RegExp(text.source, narrowed.flags) : new RegExp(narrowed.source, narrowed.flags)
  if (!NAMED.test(text.source.replace(UNNAMED, '')) && ANYONE.every(origin => stateless.test(origin))) return ['\'*\'']
  if (ANY_HOST.test(text.source)) return []
  const rewritten = rewrittenOf(checked)
  const meant = meaningOf(pattern, text.flags) ?? meaningOfExamples(checked, stateless)
  if (meant === null) return localFixes(text, pattern)
  const written = meant.entries.length === 0 || meant.entries.length > MOST_ENTRIES ? [] : [entriesSource(meant.entries)]
  const namesOrigins = looseness !== null || !meant.isWhole
  const candidates = namesOrigins ? [...written, ...rewritten] : [...rewritten, ...written]
  // Examples say with and without a port: those count that the expression has
  const matched = meant.examples.filter(example => stateless.test(example))
  const examples = matched.length === 0 ? meant.examples : matched
  return candidates.filter(candidate => keeps(candidate, { ...meant, examples }))
}

function respelledFixes ({ source, flags }: RegExpText): string[] {
  const respelled = respelledSource(source, spelled)
  return respelled === null ? [] : fixesOf({ source: respelled, flags })
}

/** The expression itself, or its fixes where something is wrong with it. */
function fixesOf (text: RegExpText): string[] {
  const checked = checkRegExp(text, 'whole')
  return checked.problems.length === 0 ? [literalOf(text)] : regExpFixes(checked)
}

/** The beginning of a host of this machine or network, whose pages have http. */
const LOCAL = /^(?:localhost|127\\\.|10\\\.|192\\\.168\\\.)/

/** Fixes for an expression for such a host that has no scheme. */
function localFixes ({ source, flags }: RegExpText, { alternatives }: AST.Pattern): string[] {
  return alternatives.length === 1 && LOCAL.test(source) ? fixesOf({ source: `^http:\\/\\/${source}`, flags }) : []
}

/** The parts of an expression that don't say whom it means: classes, escapes, and counts. */
const UNNAMED = /\[[^\]]*\]|\\.|\{[\d,]*\}/g
const NAMED = /[a-z0-9]/i

/** A host that is any text: narrowed, it would be a single label, which nobody means. */
const ANY_HOST = /https?[?)]*:(?:\\?\/){2}\(?\.[*+]\)?(?::[\\\dd*+]*)?\$?$/

/** Whoever names nobody, not even a scheme, and lets these in, lets anyone in. */
const ANYONE = ['http://a.example', 'https://192.0.2.1:8443', 'chrome-extension://abcdef', 'null', 'file://']

function keeps (candidate: string, meant: Meaning): boolean {
  const entries = entriesOf(candidate)
  return entries !== null && meant.examples.every(example => letsIn(entries, example)) && !meant.strangers.some(stranger => letsIn(entries, stranger))
}

/** The expression with its open parts narrowed, its loops made one, and without the flags that are refused. */
function narrowedText ({ text: { source, flags }, looseness, slowness }: CheckedRegExp): RegExpText {
  const flattened = slowness?.quantifier == null ? null : flattenedSource(source, slowness.quantifier)
  return { source: flattened ?? (looseness === null ? source : narrowedSource(source, looseness.parts)), flags: withoutRefusedFlags(flags) }
}

/** The narrowed expression anchored, for any port too where it is open at its end: as far as nothing is wrong with it then. */
function rewrittenOf (checked: CheckedRegExp): string[] {
  const { source, flags } = narrowedText(checked)
  const pattern = parseRegExp({ source, flags })
  if (typeof pattern === 'string') return []
  const isClosed = isAnchored(pattern, 'end')
  const anchored = isClosed && isAnchored(pattern, 'start') ? source : anchoredSource(pattern)
  const sources = isClosed ? [anchored] : [anchored, anchored.replace(/\$$/, '(?::\\d{1,5})?$')]
  return sources.map(source => ({ source, flags })).filter(text => checkRegExp(text, 'whole').problems.length === 0).map(literalOf)
}

const MOST_EXAMPLES = 20

/** The meaning of an expression that can't be read, told from origins that it matches. */
function meaningOfExamples (checked: CheckedRegExp, stateless: RegExp): Meaning | null {
  const text = narrowedText(checked)
  const pattern = parseRegExp(text)
  if (typeof pattern === 'string') return null
  // As in /^capacitor|ionic:\/\/localhost$/, where anchors would make one alternative match nothing
  if (!pattern.alternatives.every(({ raw }) => raw.includes(':'))) return null
  const opensAtEnd = !isAnchored(pattern, 'end')
  const examples: string[] = []
  for (const example of originsIn(pattern, text.flags)) {
    const origin = parseOrigin(example)
    if (origin === null || !stateless.test(example)) continue
    const isWeb = DEFAULT_PORTS.has(origin.scheme)
    if (opensAtEnd && isWeb && origin.port === '' && !isWholeName(origin.host)) return null
    examples.push(example)
    if (opensAtEnd && isWeb && origin.port === '' && isPrivateHost(origin.host)) examples.push(`${example}:5173`)
    if (examples.length >= MOST_EXAMPLES) break
  }
  return examples.length === 0 ? null : meaning([], examples, examples.map(example => `${example.replace(/:\d+$/, '')}.stranger.test`), true)
}

/** The fix for an expression that need not be safe: the same without its flags. */
export function flagsFixes ({ source, flags }: RegExpText): string[] {
  return [literalOf({ source, flags: withoutRefusedFlags(flags) })]
}

/** The fix for an expression for paths: the same without its flags, and its loops made one. */
export function urlsFixes ({ text: { source, flags }, slowness }: CheckedRegExp): string[] {
  const kept = withoutRefusedFlags(flags)
  const flattened = slowness?.quantifier == null ? null : flattenedSource(source, slowness.quantifier)
  return [literalOf({ source: flattened ?? source, flags: kept })]
}
