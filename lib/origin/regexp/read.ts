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
export function quote (raw: string): string {
  return raw.length > LONGEST_QUOTE ? `"${raw.slice(0, LONGEST_QUOTE)}…"` : `"${raw}"`
}
