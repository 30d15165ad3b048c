import type * as t from '@babel/types'
import type { Source } from './source.js'
import { isWithin, type Range, rangeOf, walk } from './syntax.js'

/** A text in the place of another. */
interface Edit extends Range {
  readonly text: string
}

/** A part that goes to another place, with what is written around it there. */
interface Move {
  readonly range: Range
  readonly to: number
  readonly before: string
  readonly after: string
}

/** A statement before and after. */
export interface Change extends Range {
  readonly line: number
  readonly before: string
  readonly after: string
}

/** Collects changes of a file. They are written where the code is, so that comments and layout stay. */
export class Edits {
  private readonly edits: Edit[] = []
  private readonly moves: Move[] = []
  private readonly wholes: Range[] = []
  private readonly removed = new Map<t.ObjectExpression, ReadonlySet<t.Node>>()

  constructor (readonly source: Source) {}

  replace ({ start, end }: Range, text: string): void {
    this.edits.push({ start, end, text })
  }

  insert (position: number, text: string): void {
    this.replace({ start: position, end: position }, text)
  }

  /** Moves a part of the file, with what changes in it. What is left behind is for others to remove. */
  move (range: Range, to: number, before: string, after: string): void {
    this.moves.push({ range, to, before, after })
  }

  /** Removes a statement, with the lines that it has for itself. */
  removeStatement (node: t.Node): void {
    const { text } = this.source
    const { start, end } = rangeOf(node)
    const lines = { start: text.lastIndexOf('\n', start) + 1, end: text.indexOf('\n', end) + 1 || text.length }
    const isAlone = text.slice(lines.start, start).trim() === '' && text.slice(end, lines.end).trim() === ''
    this.replace(isAlone ? lines : { start, end }, '')
  }

  /** Adds lines where the file loads its packages: after the last `import`, or else before the first statement. */
  addAtTop (lines: readonly string[]): void {
    const { body } = this.source.root.program
    const last = body.findLast(({ type }) => type === 'ImportDeclaration')
    const [first] = body
    const semicolon = first !== undefined && this.source.textOf(first).endsWith(';') ? ';' : ''
    const ended = lines.map(line => line.endsWith(';') ? line : line + semicolon)
    if (last !== undefined) this.insert(rangeOf(last).end, ended.map(line => `\n${line}`).join(''))
    else if (first !== undefined) this.insert(rangeOf(first).start, ended.map(line => `${line}\n`).join(''))
  }

  removeProperty (object: t.ObjectExpression, property: t.Node): void {
    this.removed.set(object, new Set([...this.removed.get(object) ?? [], property]))
  }

  /** Adds a property before the others, in their layout. */
  addProperty (object: t.ObjectExpression, text: string): void {
    const { start } = rangeOf(object)
    const [first] = object.properties
    if (first === undefined) this.insert(start + 1, ` ${text} `)
    else this.insert(start + 1, `${this.spaceBefore(first)}${text},`)
  }

  /** Adds a property after another one, in its layout. */
  addAfter (property: t.Node, text: string): void {
    this.insert(rangeOf(property).end, `,${this.spaceBefore(property)}${text}`)
  }

  private spaceBefore (node: t.Node): string {
    const before = this.source.text.slice(0, rangeOf(node).start)
    return before.slice(before.trimEnd().length) || ' '
  }

  /** Has a part that changes in several places shown as one. */
  showWhole (range: Range): void {
    this.wholes.push(range)
  }

  private all (): Edit[] {
    const edits = [...this.edits, ...Array.from(this.removed).flatMap(([object, removed]) => this.removals(object, removed))]
    const stays = edits.filter(edit => !this.moves.some(({ range }) => isWithin(edit, range)))
    const moved = this.moves.map(({ range, to, before, after }) => ({ start: to, end: to, text: before + applied(this.source.text, range, edits) + after }))
    return [...stays, ...moved]
  }

  /** Properties go with their commas, and with the lines that they have for themselves. */
  private removals ({ properties }: t.ObjectExpression, removed: ReadonlySet<t.Node>): Edit[] {
    const { text } = this.source
    const lastKept = properties.findLastIndex(property => !removed.has(property))
    const edits: Edit[] = []
    let previousEnd = 0
    for (const [i, property] of properties.entries()) {
      const { start, end } = rangeOf(property)
      const isLast = lastKept >= 0 && i > lastKept
      // Behind the last one that stays, the comma goes that stands before; else the one that follows.
      const from = isLast ? previousEnd : text.slice(0, start).trimEnd().length
      const to = isLast || !/^\s*,/.test(text.slice(end)) ? end : text.indexOf(',', end) + 1
      if (removed.has(property)) edits.push({ start: from, end: to, text: '' })
      previousEnd = end
    }
    return edits
  }

  /** The text of a part of the file, changed. */
  apply (range: Range): string {
    return applied(this.source.text, range, this.all())
  }

  /** The statements that change, in the order of the file: of those that stand in each other, the innermost with all of the change. */
  changes (): Change[] {
    const statements = Array.from(walk(this.source.root)).filter(isShown).map(rangeOf)
      .filter(range => !this.wholes.some(whole => range.start > whole.start && isWithin(range, whole)))
    const found = new Map<number, Range>()
    for (const edit of this.all()) {
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

function applied (text: string, range: Range, edits: readonly Edit[]): string {
  let result = ''
  let at = range.start
  for (const edit of edits.filter(edit => isWithin(edit, range)).sort(inOrder)) {
    result += text.slice(at, edit.start) + edit.text
    at = edit.end
  }
  return result + text.slice(at, range.end)
}

/** By place; what is inserted there comes before what is replaced. */
function inOrder (a: Edit, b: Edit): number {
  return a.start - b.start || Number(a.start < a.end) - Number(b.start < b.end)
}

/** Statements that say something alone. A block, or a branch of one, does not. */
function isShown (node: t.Node): boolean {
  return SHOWN.has(node.type)
}

const SHOWN: ReadonlySet<string> = new Set([
  'ImportDeclaration', 'TSImportEqualsDeclaration', 'VariableDeclaration', 'FunctionDeclaration', 'ExpressionStatement',
  'ExportDefaultDeclaration', 'ExportNamedDeclaration', 'ReturnStatement'
])
