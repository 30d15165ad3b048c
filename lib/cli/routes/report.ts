import type { Overview, RouteRow } from './applications.js'
import { indented, type Style } from '../style.js'
import type { PolicyDescription } from '../../introspection/description.js'

const HEADINGS = ['METHOD', 'URL', 'FROM', 'ORIGIN', 'METHODS', 'HEADERS', 'CREDENTIALS', 'MAX-AGE'] as const

/** More of them would make the table too wide: `--json` has all. */
const MOST_LISTED = 3

/** The policies of an application for people: a table, and what is wrong. */
export function renderRoutes ({ registrations, routes, findings }: Overview, isNote: (finding: Overview['findings'][number]) => boolean, style: Style): string {
  const count = findings.filter(finding => !isNote(finding)).length
  return [
    ...routes.length === 0 ? ['No routes.'] : tableLines(routes, style),
    '',
    ...findings.flatMap(finding => [...findingLines(finding, isNote(finding), style), '']),
    registrations === 0
      ? style.yellow('! The plugin is registered nowhere, so that no page of another origin may read anything: app.register(corsPlugin, options)')
      : count === 0 ? style.green('✓ Nothing found') : style.red(`✗ ${count} ${count === 1 ? 'finding' : 'findings'}`),
    ''
  ].join('\n')
}

function tableLines (routes: readonly RouteRow[], style: Style): string[] {
  const cells = [HEADINGS, ...routes.map(cellsOf)]
  const columns = HEADINGS.map((_heading, column) => {
    const ofColumn = cells.map(row => row[column] ?? '')
    const width = Math.max(...ofColumn.map(cell => cell.length))
    return ofColumn.map(cell => cell.padEnd(width))
  })
  return cells.map((_cells, row) => {
    const line = columns.map(column => column[row]).join('  ').trimEnd()
    return row === 0 ? style.dim(line) : line
  })
}

function cellsOf ({ method, url, source, policy }: RouteRow): string[] {
  if (policy === false) return [method, url, source === 'none' ? '–' : source, source === 'none' ? 'no CORS here' : 'off']
  return [
    method,
    url,
    source,
    originCell(policy),
    listCell(policy.methods),
    listCell(policy.allowedHeaders),
    policy.credentials ? 'yes' : 'no',
    policy.maxAge === null ? '–' : String(policy.maxAge)
  ]
}

function originCell ({ origin, delegator }: PolicyDescription): string {
  if (delegator) return 'delegator'
  // `false` has no policy.
  return typeof origin === 'boolean' ? 'any, reflected' : listCell(origin)
}

function listCell (list: string | readonly string[]): string {
  if (typeof list === 'string') return list
  const listed = list.slice(0, MOST_LISTED).join(', ')
  return list.length > MOST_LISTED ? `${listed} +${list.length - MOST_LISTED}` : listed
}

function findingLines ({ code, route, message, fix }: Overview['findings'][number], isNote: boolean, style: Style): string[] {
  const paint = isNote ? style.dim : style.yellow
  return [
    `${paint(isNote ? '·' : '!')} ${style.bold(route ?? 'everywhere')}${style.dim(`  ${code}`)}`,
    ...indented(`${message}.`, '    ', style.columns),
    ...fix === null ? [] : indented(fix, '    Fix: ', style.columns)
  ]
}
