import type * as t from '@babel/types'
import { isWithin, type Range, rangeOf, type Source, walk } from './source.js'

/** A text in the place of another. */
interface Edit extends Range {
  readonly text: string
}

/** A statement before and after. */
export interface Change extends Range {
  readonly line: number
  readonly before: string
  readonly after: string
}

/** Collects changes of a file. They are written where the code is, so that comments and layout stay. */
export class Edits {
  readonly #edits: Edit[] = []
  readonly #wholes: Range[] = []
  readonly #removed = new Map<t.ObjectExpression, ReadonlySet<t.Node>>()

  constructor (readonly source: Source) {}

  replace ({ start, end }: Range, text: string): void {
    this.#edits.push({ start, end, text })
  }

  insert (position: number, text: string): void {
    this.replace({ start: position, end: position }, text)
  }

  removeProperty (object: t.ObjectExpression, property: t.Node): void {
    this.#removed.set(object, new Set([...this.#removed.get(object) ?? [], property]))
  }

  /** Adds a property before the others, in their layout. */
  addProperty (object: t.ObjectExpression, text: string): void {
    const { start } = rangeOf(object)
    const [first] = object.properties
    if (first === undefined) this.insert(start + 1, ` ${text} `)
    else this.insert(start + 1, `${/^\s*$/.exec(this.source.text.slice(start + 1, rangeOf(first).start))?.[0] ?? ' '}${text},`)
  }

  /** Adds a property after another one, in its layout. */
  addAfter (property: t.Node, text: string): void {
    const { start, end } = rangeOf(property)
    const [space = ''] = /\s*$/.exec(this.source.text.slice(0, start)) ?? []
    this.insert(end, `,${space === '' ? ' ' : space}${text}`)
  }

  /** Has a part that changes in several places shown as one. */
  showWhole (range: Range): void {
    this.#wholes.push(range)
  }

  #all (): Edit[] {
    return [...this.#edits, ...Array.from(this.#removed).flatMap(([object, removed]) => this.#removals(object, removed))]
  }

  /** Properties go with their commas, and with the lines that they have for themselves. */
  #removals ({ properties }: t.ObjectExpression, removed: ReadonlySet<t.Node>): Edit[] {
    const { text } = this.source
    const lastKept = properties.findLastIndex(property => !removed.has(property))
    const before = (property: t.Node): number => text.slice(0, rangeOf(property).start).trimEnd().length
    return properties.flatMap((property, i) => {
      if (!removed.has(property)) return []
      const { end } = rangeOf(property)
      // Behind the last one that stays, the comma goes that stands before.
      if (lastKept >= 0 && i > lastKept) return [{ start: rangeOf(properties[i - 1] ?? property).end, end, text: '' }]
      const [comma = ''] = /^\s*,/.exec(text.slice(end)) ?? []
      return [{ start: before(property), end: end + comma.length, text: '' }]
    })
  }

  /** The text of a part of the file, changed. */
  apply ({ start, end }: Range): string {
    const { text } = this.source
    let result = ''
    let at = start
    for (const edit of this.#all().filter(edit => isWithin(edit, { start, end })).sort(inOrder)) {
      // What stands in a part that is replaced as a whole is gone with it.
      if (edit.end < at || (edit.start < at && edit.text !== '')) continue
      result += text.slice(at, Math.max(edit.start, at)) + edit.text
      at = Math.max(edit.end, at)
    }
    return result + text.slice(at, end)
  }

  /** The statements that change, in the order of the file: of those that stand in each other, the innermost with all of the change. */
  changes (): Change[] {
    const statements = Array.from(walk(this.source.root)).filter(isShown).map(rangeOf)
      .filter(range => !this.#wholes.some(whole => range.start > whole.start && isWithin(range, whole)))
    const found = new Map<number, Range>()
    for (const edit of this.#all()) {
      const around = statements.filter(range => isWithin(edit, range)).at(-1) ?? edit
      found.set(around.start, around)
    }
    const ranges = Array.from(found.values())
    const outermost = ranges.filter(range => !ranges.some(other => other !== range && isWithin(range, other)))
    return outermost.sort((a, b) => a.start - b.start).map(range => ({
      ...range,
      line: this.source.lineAt(range.start),
      before: this.source.text.slice(range.start, range.end),
      after: this.apply(range)
    }))
  }
}

/** Insertions first, and what replaces more before what replaces less. */
function inOrder (a: Edit, b: Edit): number {
  const isInsertion = Number(b.start === b.end) - Number(a.start === a.end)
  return a.start - b.start || isInsertion || b.end - a.end
}

/** Statements that say something alone. A block, or a branch of one, does not. */
function isShown (node: t.Node): boolean {
  return SHOWN.has(node.type)
}

const SHOWN: ReadonlySet<string> = new Set([
  'ImportDeclaration', 'TSImportEqualsDeclaration', 'VariableDeclaration', 'FunctionDeclaration', 'ExpressionStatement',
  'ExportDefaultDeclaration', 'ExportNamedDeclaration', 'ReturnStatement'
])
