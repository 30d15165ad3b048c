import { STATUS_CODES } from 'node:http'
import { indented, type Style } from '../style.js'
import type { CorsExchange, CorsReason, CorsVerdict } from '../../browser/index.js'
import { decidingHeader, type DecidingHeader } from '../../browser/reasons.js'
import { titleCased } from '../../http/header-names.js'
import { escapeControls } from '../../text.js'

/** The header lines of an answer that a browser decides by. */
const TELLING = /^(?:access-control-.*|vary|location)$/i

/** A part of an answer: its status, or a header by its name in lower case. */
type Part = 'status' | DecidingHeader

/** The part of the last answer that decided; the reason is `null` where the request was allowed, or it is no CORS failure. */
function decidingPart (reason: CorsReason | null, allowed: boolean): Part {
  if (allowed) return 'access-control-allow-origin'
  return (reason === null ? null : decidingHeader(reason)) ?? 'status'
}

/** The exchanges of a verdict, each with a line of space after it; the line that decided is marked. */
export function exchangesLines ({ exchanges, reason, allowed }: CorsVerdict, pageOrigin: string, style: Style): string[] {
  const part = decidingPart(reason, allowed)
  return exchanges.flatMap((exchange, index) => {
    const isLast = index === exchanges.length - 1
    // The answers of its own server are a page's to read.
    const hasSay = !allowed || new URL(exchange.request.url).origin !== pageOrigin
    return [...requestLines(exchange, style), ...answerLines(exchange, isLast && hasSay ? part : null, allowed, style), '']
  })
}

function requestLines ({ kind, request }: CorsExchange, style: Style): string[] {
  const { accept, ...sent } = request.headers
  const shown = accept === '*/*' ? sent : request.headers
  return [
    ...indented(`${request.method} ${request.url}${kind === 'preflight' ? `  ${style.dim('preflight')}` : ''}`, `${style.dim('→')} `, style.columns),
    ...Object.entries(shown).flatMap(([name, value]) => headerLines(titleCased(name), value, MARGIN, style))
  ]
}

const MARGIN = '    '
const MARKED_MARGIN = '  ▸ '

function answerLines ({ response: { status, headers } }: CorsExchange, decided: Part | null, allowed: boolean, style: Style): string[] {
  const paint = allowed ? style.green : style.red
  const shown = headers.filter(([name]) => TELLING.test(name))
  const isMissing = decided !== null && decided !== 'status' && !shown.some(([name]) => name.toLowerCase() === decided)
  const first = `← ${statusLine(status)}`
  return [
    decided === 'status' ? paint(`${first}  ◂`) : first.replace('←', style.dim('←')),
    ...shown.flatMap(([name, value]) => name.toLowerCase() === decided
      ? headerLines(name, value, MARKED_MARGIN, style).map(paint)
      : headerLines(name, value, MARGIN, style)),
    ...shown.length === 0 && !isMissing ? [style.dim(`${MARGIN}no CORS header`)] : [],
    ...isMissing ? [paint(`${MARKED_MARGIN}${shown.length === 0 ? 'no CORS header' : `no ${titleCased(decided)}`}`)] : []
  ]
}

/** A status with its name, if it has one. */
export function statusLine (status: number): string {
  return `${status} ${STATUS_CODES[status] ?? ''}`.trim()
}

function headerLines (name: string, value: string, margin: string, { dim, columns }: Style): string[] {
  const [first = '', ...others] = indented(escapeControls(value), `${margin}${name}: `, columns)
  return [margin === MARGIN ? first.replace(`${name}:`, dim(`${name}:`)) : first, ...others]
}
