import type { SeenApplication } from './applications.js'
import type { Overview, RouteRow } from './overview.js'
import { foundLine, indented, type Style, titled } from '../style.js'
import type { PolicyDescription } from '../../introspection/description.js'
import { isMistake, placedFix } from '../../introspection/finding.js'

const HEADINGS = ['METHOD', 'URL', 'FROM', 'ORIGIN', 'METHODS', 'HEADERS', 'CREDENTIALS', 'MAX-AGE'] as const

/** More of them would make a table too wide: `--json` has all. */
const MOST_LISTED = 3

/**
 * The policies of an application for people: a table, and what is wrong.
 *
 * @param others the applications that the file makes beside it
 */
export function renderRoutes ({ registrations, hasOther, routes, findings }: Overview, others: readonly SeenApplication[], style: Style): string {
  const count = findings.filter(isMistake).length
  return [
    ...routes.length === 0 ? ['No routes.'] : tableLines(routes, style),
    '',
    ...findings.flatMap(finding => [...findingLines(finding, style), '']),
    ...others.flatMap(other => [...indented(notShown(other), '! ', style.columns).map(style.yellow), '']),
    ...registrations === 0
      ? indented(hasOther ? ON_FASTIFY_CORS : NOT_REGISTERED, '! ', style.columns).map(style.yellow)
      : [foundLine(count, style)],
    ''
  ].join('\n')
}

function notShown ({ routes }: SeenApplication): string {
  const [first] = routes.map(({ route }) => `${[route.method].flat().join(', ')} ${route.url}`)
  return `Another application of this file is not shown, that of ${first}: give a file that exports it`
}

const NOT_REGISTERED = 'The plugin is registered nowhere, so that no page of another origin can read anything: app.register(corsPlugin, options)'

const ON_FASTIFY_CORS = 'This application has @fastify/cors, whose policies can\'t be seen here. npx fastify-cors-policy migrate <file>, ' +
  'with the file that registers it, says what to write instead'

/** A table; where it is too wide, each route by itself. */
function tableLines (routes: readonly RouteRow[], style: Style): string[] {
  const cells = [HEADINGS, ...routes.map(cellsOf)]
  const columns = HEADINGS.map((_heading, column) => {
    const ofColumn = cells.map(row => row[column] ?? '')
    const longest = Math.max(...ofColumn.map(cell => cell.length))
    return ofColumn.map(cell => cell.padEnd(longest))
  })
  const lines = cells.map((_cells, row) => columns.map(column => column[row]).join('  ').trimEnd())
  return lines.every(line => line.length <= style.width)
    ? lines.map((line, row) => row === 0 ? style.dim(line) : line)
    : routes.flatMap(row => routeLines(row, style))
}

/** A route, where its policy comes from, and the other cells below, each with its name. */
function routeLines (row: RouteRow, style: Style): string[] {
  const [method, url, from, ...others] = cellsOf(row)
  const named = row.policy === false ? others : others.map((cell, index) => `${String(HEADINGS[index + 3]).toLowerCase()} ${cell}`)
  return [...titled('', `${method} ${url}`, String(from), style), ...indented(named.join('; '), '    ', style.columns)]
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
  if (list.length === 0) return 'none'
  const listed = list.slice(0, MOST_LISTED).join(', ')
  return list.length > MOST_LISTED ? `${listed} +${list.length - MOST_LISTED}` : listed
}

function findingLines (finding: Overview['findings'][number], style: Style): string[] {
  const { code, route, message, fix, where } = finding
  return [
    ...titled(isMistake(finding) ? style.yellow('! ') : style.dim('· '), route ?? 'everywhere', code, style),
    ...indented(`${message}.`, '    ', style.columns),
    ...fix === null ? [] : indented(placedFix(fix, where === 'route' ? '' : null), '    Fix: ', style.columns)
  ]
}
