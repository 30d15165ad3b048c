import { STATUS_CODES } from 'node:http'
import { neededFor, type Needed } from './needed.js'
import { indented, type Style } from '../style.js'
import type { CorsExchange, CorsPage, CorsVerdict } from '../../browser/index.js'
import { escapeControls } from '../../text.js'

/** The lines of an answer that have a say. */
const TELLING = /^(?:access-control-.*|vary|location)$/i

/** What stands beside the text of a section. */
const LABEL_WIDTH = 12

/** A verdict for people: every exchange, what came of it, why, and how to fix it. */
export function renderVerdict (page: Required<CorsPage>, verdict: CorsVerdict, style: Style): string {
  const { url, method } = page
  return [
    `A page of ${style.bold(page.origin)} calls ${style.bold(`${method} ${url}`)}${page.credentials === 'include' ? ' with credentials' : ''}`,
    '',
    ...verdict.exchanges.flatMap(exchange => [...exchangeLines(exchange, style), '']),
    ...verdict.allowed ? allowedLines(page, verdict, style) : blockedLines(page, verdict, style),
    ''
  ].join('\n')
}

function exchangeLines ({ kind, request, response }: CorsExchange, style: Style): string[] {
  const { accept, ...sent } = request.headers
  const shown = accept === '*/*' ? sent : request.headers
  const received = response.headers.filter(([name]) => TELLING.test(name))
  return [
    `${style.dim('→')} ${request.method} ${request.url}${kind === 'preflight' ? style.dim('  preflight') : ''}`,
    ...Object.entries(shown).map(([name, value]) => headerLine(titleCase(name), value, style)),
    `${style.dim('←')} ${`${response.status} ${STATUS_CODES[response.status] ?? ''}`.trim()}`,
    ...received.length === 0 ? [style.dim('    no CORS header')] : received.map(([name, value]) => headerLine(name, value, style))
  ]
}

function headerLine (name: string, value: string, { dim }: Style): string {
  return `    ${dim(`${name}:`)} ${escapeControls(value)}`
}

/** A header name as people are used to see it. */
function titleCase (name: string): string {
  return name.replace(/(?<=^|-)[a-z]/g, letter => letter.toUpperCase())
}

function allowedLines (page: Required<CorsPage>, verdict: CorsVerdict, style: Style): string[] {
  const { exchanges, readableHeaders, maxAge } = verdict
  const isSameOrigin = exchanges.every(({ request }) => new URL(request.url).origin === page.origin)
  const leftOut = Object.keys(page.headers)
    .filter(name => exchanges.every(({ kind, request }) => kind === 'preflight' || request.headers[name] === undefined))
  return [
    style.green(isSameOrigin ? '✓ Allowed: the page calls its own origin, where CORS has no say' : '✓ Allowed'),
    '',
    ...section('Readable', [readableHeaders.length === 0 ? 'The status and the body, no header' : `The status, the body, ${readableHeaders.join(', ')}`], style),
    ...preflightLines(verdict, maxAge === null ? [] : [`Its answer counts for ${maxAge} seconds`], style),
    ...leftOut.length === 0 ? [] : section('Left out', [`${leftOut.join(', ')}: browsers don't let a page set that`], style),
    ...differsLines(verdict, style)
  ]
}

function blockedLines (page: Required<CorsPage>, verdict: CorsVerdict, style: Style): string[] {
  const { reason, parameter, explanation, fix } = verdict
  const named = reason === null ? '' : `: ${reason}${parameter === '' || parameter === null ? '' : ` (${escapeControls(parameter)})`}`
  const needed = neededFor(page, verdict)
  return [
    style.red(`✗ Blocked${named}`),
    '',
    ...section('Why', [explanation], style),
    ...preflightLines(verdict, [], style),
    ...section('Fix', [fix], style),
    ...needed === null ? [] : section('In full', neededLines(needed), style),
    ...differsLines(verdict, style)
  ]
}

function preflightLines ({ preflightBecause }: CorsVerdict, more: readonly string[], style: Style): string[] {
  return preflightBecause.length === 0 ? [] : section('Preflight', [`Sent because ${preflightBecause.join('; ')}`, ...more], style)
}

function neededLines ({ registration, answers }: Needed): string[] {
  return [
    ...registration === null ? [] : [`With fastify-cors-policy: ${registration}`],
    'From any other server:',
    ...answers.flatMap(({ request, status, headers }) => [
      `  ${request}${status === null ? '' : ` → ${status}`}`,
      ...headers.map(([name, value]) => `    ${name}: ${value}`)
    ])
  ]
}

function differsLines ({ differs, allowed }: CorsVerdict, style: Style): string[] {
  const verb = allowed ? 'would block' : 'would allow'
  return differs.length === 0
    ? []
    : section('Differs', [`${differs.join(' and ')} ${verb} it, against the Fetch Standard`], style)
}

/** A label, and lines beside it. */
function section (label: string, texts: readonly string[], { bold, columns }: Style): string[] {
  const [first, ...others] = texts.flatMap((text, index) => {
    // A line that is set in stays so where it is broken.
    const unindented = text.trimStart()
    const beginning = (index === 0 ? label : '').padEnd(LABEL_WIDTH + text.length - unindented.length)
    return indented(escapeControls(unindented), `  ${beginning}`, columns)
  })
  return [String(first).replace(label, bold(label)), ...others]
}
