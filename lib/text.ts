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

/** A list of texts and expressions as JavaScript source. */
export function listSource (entries: ReadonlyArray<string | RegExp>): string {
  return `[${entries.map(entry => typeof entry === 'string' ? quote(entry) : String(entry)).join(', ')}]`
}

/** A list as JavaScript source; a single entry without brackets. */
export function entriesSource (entries: ReadonlyArray<string | RegExp>): string {
  const source = listSource(entries)
  return entries.length === 1 ? source.slice(1, -1) : source
}

/** Cuts a text that is too long for a message. */
export function shorten (text: string, length: number = MAX_SHOWN): string {
  return text.length > length ? `${text.slice(0, length)}…` : text
}

/** A value as messages show it. */
export function show (value: unknown): string {
  switch (typeof value) {
    case 'string': return quote(shorten(value))
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
  if (isList(value)) return 'a list'
  const name = classOf(value)
  return name === '' || name === 'Object' ? 'an object' : `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`
}

/** The name of an object's class; `''` for one without. */
function classOf (value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value)
  return typeof prototype === 'object' && prototype !== null && typeof prototype.constructor === 'function' ? prototype.constructor.name : ''
}

/** `Array.isArray` that types the items as unknown. */
export function isList (value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}

/** True for a `RegExp` of any realm: a test runner may run the application in another realm than the plugin. */
export function isRegExp (value: unknown): value is RegExp {
  return Object.prototype.toString.call(value) === '[object RegExp]'
}

/** The text of a regular expression. */
export interface RegExpText {
  readonly source: string
  readonly flags: string
}

/** Copies the text of a regular expression, which may change. */
export function readRegExp ({ source, flags }: RegExp): RegExpText {
  return { source, flags }
}

/** A regular expression as a literal. */
export function literalOf ({ source, flags }: RegExpText): string {
  return `/${source}/${flags}`
}

const LONGEST_QUOTE = 60

/** A part of an expression, quoted for a message, and cut if it is long. */
export function quotePart (raw: string): string {
  return raw.length > LONGEST_QUOTE ? `"${raw.slice(0, LONGEST_QUOTE)}…"` : `"${raw}"`
}
