import type { Migrated } from './index.js'
import type { Remark } from './remarks.js'
import { indented, type Style } from '../style.js'

/** What to write, and what changes with it, for people. */
export function renderMigrated (file: string, { changes, remarks }: Migrated, style: Style): string {
  return [
    ...changes.flatMap(({ line, after }) => [style.dim(`${file}:${line}`), ...dedented(after).map(text => `  ${text}`.trimEnd()), '']),
    ...remarks.flatMap(remark => [...remarkLines(file, remark, style), '']),
    remarks.length === 0
      ? style.green('✓ Nothing else has to change')
      : style.yellow(`! ${remarks.length} ${remarks.length === 1 ? 'remark' : 'remarks'}`),
    ''
  ].join('\n')
}

/** Lines without the indent that all but the first have in common: a statement begins where its indent ends. */
function dedented (text: string): string[] {
  const [first = '', ...rest] = text.split('\n')
  const indents = rest.filter(line => line.trim() !== '').map(line => line.length - line.trimStart().length)
  const common = Math.min(...indents)
  return [first, ...rest.map(line => line.slice(common))].map((line, i) => i > 0 && common === Infinity ? '' : line)
}

function remarkLines (file: string, { code, line, message, fix }: Remark, style: Style): string[] {
  const end = /[.?]$/.test(message) ? '' : '.'
  return [
    `${style.yellow('!')} ${style.bold(code)}${style.dim(`  ${file}:${line}`)}`,
    ...indented(`${message}${end}`, '    ', style.columns),
    ...fix === null ? [] : indented(fix, '    Fix: ', style.columns)
  ]
}
