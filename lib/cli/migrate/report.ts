import type { Migrated } from './index.js'
import type { Remark } from './migration.js'
import { indented, type Style } from '../style.js'
import { escapeControls } from '../../text.js'

/** Renders the changes and the remarks for people. */
export function renderMigrated (file: string, { changes, remarks }: Migrated, style: Style): string {
  return [
    ...changes.flatMap(({ line, after }) => [style.dim(`${file}:${line}`), ...linesOf(after).map(text => `  ${readable(text)}`.trimEnd()), '']),
    ...remarks.flatMap(remark => [...remarkLines(file, remark, style), '']),
    remarks.length === 0
      ? style.green('✓ Nothing else has to change')
      : style.yellow(`! ${remarks.length} ${remarks.length === 1 ? 'remark' : 'remarks'}`),
    ''
  ].join('\n')
}

/** A line of the file, with its tabs, and without what else would change what a terminal shows. */
function readable (line: string): string {
  return line.split('\t').map(escapeControls).join('\t')
}

function linesOf (after: string): string[] {
  return after === '' ? ['(leave it out)'] : dedented(after)
}

/** Lines without the indent that all but the first have in common: a statement begins where its indent ends. */
function dedented (text: string): string[] {
  const [first, ...rest] = text.split('\n')
  const indents = rest.filter(line => line.trim() !== '').map(line => line.length - line.trimStart().length)
  return [String(first), ...rest.map(line => line.slice(Math.min(...indents)))]
}

function remarkLines (file: string, { code, line, message, fix }: Remark, style: Style): string[] {
  const end = /[.?]$/.test(message) ? '' : '.'
  return [
    `${style.yellow('!')} ${style.bold(code)}${style.dim(`  ${file}:${line}`)}`,
    ...indented(escapeControls(`${message}${end}`), '    ', style.columns),
    ...fix === null ? [] : indented(escapeControls(fix), '    Fix: ', style.columns)
  ]
}
