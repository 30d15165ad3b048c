import type { AST } from '@eslint-community/regexpp'
import type { RegExpText } from '../text.js'
import { isAnchored } from './anchors.js'
import { type CharacterNode, charactersOfNode, textOf } from './automaton.js'

/*
 * Signs for what an expression leaves open. None of them occurs in an origin.
 */
const ANY_TEXT_OR_NONE = '*'
const ANY_TEXT = '!'
const LABEL_OR_NONE = '<'
const LABEL = '>'
const NUMBER = '#'

/** More than this is no longer a hint. */
const MOST_ORIGINS = 8

/** The rest of an origin after the scheme and the wildcard: a host with a port or the `*` port. */
const HOST = /^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:]+\])(?::(?:[0-9]{1,5}|\*))?$/
const LOOPBACK = /^(?:localhost|127\.0\.0\.1)$/

/** The origins and patterns that an expression was written for, as far as they can be told. */
interface Intended {
  readonly origins: readonly string[]
  /** Whether the expression itself names the scheme. */
  readonly withScheme: boolean
}

/** Reads an expression as origins and patterns; `null` where they could not say what it says. */
export function intendedOrigins (pattern: AST.Pattern, { flags }: RegExpText): Intended | null {
  const texts = ofAlternatives(pattern.alternatives, flags.replace(/[^iuv]/g, ''))
  if (texts === null) return null
  const withScheme = texts.every(text => text.includes('://'))
  const anchored = isAnchored(pattern, 'start')
  const origins = new Set<string>()
  for (const text of texts) {
    const read = ofText(withScheme ? text : schemeAdded(text, anchored))
    if (read === null) return null
    for (const origin of read) origins.add(origin)
  }
  const distinct = [...origins].filter(origin => !origins.has(`${origin}:*`))
  return distinct.length > MOST_ORIGINS ? null : { origins: distinct, withScheme }
}

/** Origins as they are written in the options. */
export function listed (origins: readonly string[]): string {
  const quoted = origins.map(origin => `'${origin}'`)
  return quoted.length === 1 ? quoted.join('') : `[${quoted.join(', ')}]`
}

/** Without a scheme, an expression was written for the host, or the end of it. */
function schemeAdded (text: string, anchored: boolean): string {
  if (LOOPBACK.test(text)) return `http://${text}:*`
  // A single word is no host that a page could come from
  if (!text.includes('.') || text.includes('://')) return ''
  return anchored || text.startsWith(ANY_TEXT_OR_NONE) ? `https://${text}` : `https://${ANY_TEXT_OR_NONE}${text}`
}

function ofText (text: string): string[] | null {
  const [, scheme = '', open = '', written = ''] = /^([a-z][a-z0-9+.-]*:\/\/)([*!<>]?)(.*)$/.exec(text) ?? []
  const rest = written.replace(/^(localhost|127\.0\.0\.1)[*!]$/, '$1:*').replace(/:[#*!<>]$/, ':*')
  if (open === '') return HOST.test(rest) ? [scheme + rest] : null
  if (rest.startsWith('.')) return /[*!]/.test(open) && HOST.test(rest.slice(1)) ? [`${scheme}*${rest}`] : null
  if (!HOST.test(rest)) return null
  return open === ANY_TEXT_OR_NONE || open === LABEL_OR_NONE ? [scheme + rest, `${scheme}*.${rest}`] : [`${scheme}*.${rest}`]
}

function ofAlternatives (alternatives: readonly AST.Alternative[], flags: string): string[] | null {
  return collected(alternatives.map(({ elements }) => elements.reduce<string[] | null>((before, element) => {
    const after = ofElement(element, flags)
    return before === null || after === null ? null : limited(before.flatMap(start => after.map(end => start + end)))
  }, [''])))
}

function collected (lists: ReadonlyArray<string[] | null>): string[] | null {
  const all = lists.flatMap(list => list ?? [])
  return lists.includes(null) ? null : limited(all)
}

function limited (texts: string[]): string[] | null {
  return texts.length > MOST_ORIGINS ? null : texts
}

function ofElement (element: AST.Element, flags: string): string[] | null {
  switch (element.type) {
    case 'Assertion': return element.kind === 'start' || element.kind === 'end' ? [''] : null
    case 'Group': return element.modifiers === null ? ofAlternatives(element.alternatives, flags) : null
    case 'CapturingGroup': return ofAlternatives(element.alternatives, flags)
    case 'Quantifier': return ofQuantifier(element, flags)
    case 'Backreference': return null
    default: return ofCharacter(element, flags)
  }
}

function ofCharacter (node: CharacterNode, flags: string): string[] | null {
  // An unescaped dot was meant as one
  if (node.type === 'CharacterSet' && node.kind === 'any') return ['.']
  if (node.type === 'Character') {
    const character = String.fromCodePoint(node.value)
    return [flags.includes('i') ? character.toLowerCase() : character]
  }
  const text = textOf(charactersOfNode(node, flags))
  return text.length === 1 ? [text] : null
}

function ofQuantifier ({ element, min, max }: AST.Quantifier, flags: string): string[] | null {
  if (max === 1) {
    const once = ofElement(element, flags)
    return min === 0 && once !== null ? ['', ...once] : once
  }
  if (element.type === 'Group' || element.type === 'CapturingGroup') {
    const turns = ofElement(element, flags)
    if (turns?.every(turn => /^[*!<>]\.$/.test(turn)) !== true) return null
    return min === 0 ? ['', `${ANY_TEXT}.`] : [`${ANY_TEXT}.`]
  }
  if (element.type === 'Assertion' || element.type === 'Backreference') return null
  return repeated(textOf(charactersOfNode(element, flags)), min)
}

/** What characters stand for that are repeated: part of a host, a label, a number. */
function repeated (text: string, min: number): string[] | null {
  if (text.length < 2) return null
  if (/^[0-9]+$/.test(text)) return [NUMBER]
  if (!/[a-z]/.test(text)) return null
  if (text.includes('.')) return [min === 0 ? ANY_TEXT_OR_NONE : ANY_TEXT]
  return [min === 0 ? LABEL_OR_NONE : LABEL]
}

/** The flags under which an expression means the same at every call, and `^` and `$` are the ends of the subject. */
export function withoutRefusedFlags (flags: string): string {
  return flags.replace(/[gmy]/g, '')
}

/**
 * The source with each of the parts that match too much narrowed: a lone dot is escaped, what is repeated becomes
 * the characters of a label.
 */
export function narrowedSource (source: string, parts: readonly CharacterNode[]): string {
  return replaced(source, parts.map(part => ({ part, text: isLoneDot(part) ? '\\.' : '[a-z0-9-]' })))
}

/**
 * The source with a loop around a single loop made one: `(?:[a-z]+)+` becomes `[a-z]+`. `null` where there is
 * more inside.
 */
export function flattenedSource (source: string, quantifier: AST.Quantifier): string | null {
  const { element } = quantifier
  if (element.type !== 'Group' && element.type !== 'CapturingGroup') return null
  const [inner, ...others] = element.alternatives.flatMap(({ elements }) => elements)
  if (inner?.type !== 'Quantifier' || others.length > 0 || element.alternatives.length > 1) return null
  if (inner.max !== Infinity || quantifier.max !== Infinity) return null
  const sign = inner.min === 0 || quantifier.min === 0 ? '*' : '+'
  return replaced(source, [{ part: quantifier, text: inner.element.raw + sign }])
}

function isLoneDot (node: CharacterNode): boolean {
  return node.type === 'CharacterSet' && node.parent.type !== 'Quantifier'
}

function replaced (source: string, changes: ReadonlyArray<{ readonly part: AST.Node, readonly text: string }>): string {
  let result = ''
  let done = 0
  for (const { part, text } of changes.toSorted((one, other) => one.part.start - other.part.start)) {
    result += source.slice(done, part.start) + text
    done = part.end
  }
  return result + source.slice(done)
}
