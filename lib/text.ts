import { types } from 'node:util'

const MAX_SHOWN = 100

/** By character; those that are missing here are added when they come, because a long list can have a million of them. */
const ESCAPES = new Map([['\'', '\\\''], ['\\', '\\\\'], ['\t', '\\t'], ['\n', '\\n'], ['\r', '\\r']])

/** Escapes control characters and those that change the direction of a text, so that no value can forge what is shown. */
export function escapeControls (text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, escapeOf)
}

/** A text as it is written in JavaScript. */
export function quote (text: string): string {
  return `'${text.replace(/['\\\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, escapeOf)}'`
}

function escapeOf (character: string): string {
  const known = ESCAPES.get(character)
  if (known !== undefined) return known
  const escape = `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  ESCAPES.set(character, escape)
  return escape
}

/** A list of texts and expressions as it is written in JavaScript. */
export function listSource (entries: ReadonlyArray<string | RegExp>): string {
  return `[${entries.map(entry => typeof entry === 'string' ? quote(entry) : String(entry)).join(', ')}]`
}

/** The same, but one entry stands alone. */
export function entriesSource (entries: ReadonlyArray<string | RegExp>): string {
  const source = listSource(entries)
  return entries.length === 1 ? source.slice(1, -1) : source
}

/** Cuts a text that is too long to be read in a message. */
export function shorten (text: string, length: number = MAX_SHOWN): string {
  return text.length > length ? `${text.slice(0, length)}…` : text
}

/** A value as a message names it. It is not converted by methods of its own, which may be anybody's. */
export function show (value: unknown): string {
  switch (typeof value) {
    case 'string': return `the text ${quote(shorten(value))}`
    case 'number':
    case 'boolean':
    case 'undefined': return String(value)
    case 'object': return showObject(value)
    default: return `a ${typeof value}`
  }
}

function showObject (value: object | null): string {
  if (value === null) return 'null'
  if (isRegExp(value)) return 'a regular expression'
  return isList(value) ? 'a list' : 'an object'
}

/** Whether a value is a list; unlike `Array.isArray`, this throws on no proxy. */
export function isList (value: unknown): value is readonly unknown[] {
  return !isRevoked(value) && Array.isArray(value)
}

/** Whether a value is a proxy that has been revoked: looking at it in any way throws. */
export function isRevoked (value: unknown): boolean {
  if (typeof value !== 'object' && typeof value !== 'function') return false
  try {
    Array.isArray(value)
    return false
  } catch {
    return true
  }
}

/**
 * Whether a value is a `RegExp`, of any realm, whatever its prototype or its own properties claim.
 * The engine is asked, because the accessors of `RegExp.prototype` throw on all else: that takes long in a long list.
 */
export function isRegExp (value: unknown): value is RegExp {
  return types.isRegExp(value)
}

/** The text of a regular expression: what `/source/flags` would be written as. */
export interface RegExpText {
  readonly source: string
  readonly flags: string
}

/**
 * The getters of `RegExp.prototype` by flag. `flags` itself is no help: it asks the object for properties
 * that the object may have replaced (ECMA-262, "get RegExp.prototype.flags").
 */
const FLAG_GETTERS = [
  ['d', 'hasIndices'],
  ['g', 'global'],
  ['i', 'ignoreCase'],
  ['m', 'multiline'],
  ['s', 'dotAll'],
  ['u', 'unicode'],
  ['v', 'unicodeSets'],
  ['y', 'sticky']
] as const

/**
 * Reads source and flags from the regular expression itself, past own properties and subclasses that
 * pretend to others.
 *
 * @throws TypeError if `regexp` only looks like a regular expression.
 */
export function readRegExp (regexp: RegExp): RegExpText {
  let flags = ''
  for (const [flag, name] of FLAG_GETTERS) if (Reflect.get(RegExp.prototype, name, regexp) === true) flags += flag
  return { source: Reflect.get(RegExp.prototype, 'source', regexp), flags }
}

/** The literal that a person would write. */
export function literalOf ({ source, flags }: RegExpText): string {
  return `/${source}/${flags}`
}

const LONGEST_QUOTE = 60

/** A part of an expression, quoted for a message and shortened where it is long. */
export function quotePart (raw: string): string {
  return raw.length > LONGEST_QUOTE ? `"${raw.slice(0, LONGEST_QUOTE)}…"` : `"${raw}"`
}
