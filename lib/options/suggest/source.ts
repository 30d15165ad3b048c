/** A value in a printed fix: as in JSON, or a regular expression. */
export type Literal = string | number | boolean | null | RegExp | readonly Literal[]

/** Reads JavaScript literals as fixes are written: texts in single quotation marks, numbers, words, expressions, lists. */
export class SourceReader {
  private readonly source: string
  private place = 0

  constructor (source: string) {
    this.source = source
  }

  get isAtEnd (): boolean {
    this.skip(/\s+/y)
    return this.place === this.source.length
  }

  /** Goes on after the match of an expression at this place, and returns it; `null` where it matches nothing. */
  skip (sticky: RegExp): string | null {
    sticky.lastIndex = this.place
    const found = sticky.exec(this.source)?.[0] ?? null
    this.place += found?.length ?? 0
    return found
  }

  /** The literal at this place, or `undefined` where there is none. */
  literal (): Literal | undefined {
    this.skip(/\s+/y)
    const text = this.skip(/'(?:[^'\\]|\\.)*'/ys)
    if (text !== null) return unquote(text)
    const word = this.skip(/(?:true|false|null|-?\d+(?:\.\d+)?)(?![\w.])/y)
    if (word !== null) return word === 'true' ? true : word === 'false' ? false : word === 'null' ? null : Number(word)
    const regexp = this.skip(/\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y)
    if (regexp !== null) return regExpOf(regexp)
    return this.skip(/\[/y) === null ? undefined : this.list()
  }

  private list (): Literal[] | undefined {
    const items: Literal[] = []
    while (this.skip(/\s*\]/y) === null) {
      const item = this.literal()
      if (item === undefined || (this.skip(/\s*,/y) === null && this.skip(/\s*(?=\])/y) === null)) return undefined
      items.push(item)
    }
    return items
  }
}

/** The value of one literal, or `undefined` where a source is something else. */
export function literalIn (source: string): Literal | undefined {
  const reader = new SourceReader(source)
  const value = reader.literal()
  return reader.isAtEnd ? value : undefined
}

const ESCAPED = new Map([['n', '\n'], ['r', '\r'], ['t', '\t']])

function unquote (quoted: string): string {
  return quoted.slice(1, -1).replace(/\\(?:u[0-9a-f]{4}|.)/gs, escape => {
    const escaped = escape.slice(1)
    return escaped.length > 1 ? String.fromCharCode(parseInt(escaped.slice(1), 16)) : ESCAPED.get(escaped) ?? escaped
  })
}

function regExpOf (literal: string): RegExp | undefined {
  const end = literal.lastIndexOf('/')
  try {
    return new RegExp(literal.slice(1, end), literal.slice(end + 1))
  } catch {
    return undefined
  }
}
