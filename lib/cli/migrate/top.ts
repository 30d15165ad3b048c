import type { Edits } from './edits.js'
import { rangeOf, type Source } from './source.js'

/** Whether a file has `import` or `export`: an ES module, or TypeScript that becomes CommonJS. */
export function isWrittenAsModule ({ root }: Source): boolean {
  return root.program.body.some(({ type }) => type === 'ImportDeclaration' || type.startsWith('Export'))
}

/** Adds lines where a file loads its packages: after the last `import`, or else before the first statement. */
export function addAtTop (edits: Edits, lines: readonly string[]): void {
  const { source } = edits
  const { body } = source.root.program
  const last = body.filter(({ type }) => type === 'ImportDeclaration').at(-1)
  const [first] = body
  const semicolon = first !== undefined && source.textOf(first).endsWith(';') ? ';' : ''
  const ended = lines.map(line => line.endsWith(';') ? line : line + semicolon)
  if (last !== undefined) edits.insert(rangeOf(last).end, ended.map(line => `\n${line}`).join(''))
  else if (first !== undefined) edits.insert(rangeOf(first).start, ended.map(line => `${line}\n`).join(''))
}
