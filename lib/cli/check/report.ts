import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { exchangesLines, statusLine } from './exchange.js'
import type { WrittenRemedy } from './remedy.js'
import { indented, type Style } from '../style.js'
import type { Judged } from '../../browser/check-cors.js'
import { type Departure, departureTexts } from '../../browser/departures.js'
import { adviceText, type Explained } from '../../browser/explain.js'
import { capitalised } from '../../browser/failure-text.js'
import type { CorsPage, CorsVerdict } from '../../browser/index.js'
import { isForbiddenRequestHeader } from '../../http/header-names.js'
import { escapeControls } from '../../text.js'

/** The width of the labels. */
const LABEL_WIDTH = 12

/** Writes a verdict for people: every exchange, the outcome, the reason, and the fix. */
export function renderVerdict (page: Required<CorsPage>, judged: Judged, remedy: WrittenRemedy | null, style: Style): string {
  const { verdict } = judged
  const { origin, url, method, credentials, upload } = page
  const how = [...credentials === 'include' ? ['with credentials'] : [], ...upload ? ['following the upload'] : []].join(', ')
  return [
    ...indented(`A page of ${style.bold(origin)} calls ${style.bold(method)} ${style.bold(url)}${how === '' ? '' : ` ${how}`}`, '', style.columns),
    '',
    ...exchangesLines(verdict, origin, style),
    ...judged.explained === null ? allowedLines(page, judged, style) : blockedLines(page, judged, judged.explained, style),
    ...remedy === null ? [] : remedyLines(remedy, style),
    ''
  ].join('\n')
}

function allowedLines (page: Required<CorsPage>, judged: Judged, style: Style): string[] {
  const { verdict } = judged
  const { exchanges, readableHeaders, maxAge, notes } = verdict
  const isSameOrigin = exchanges.every(({ request }) => new URL(request.url).origin === page.origin)
  return [
    ...outcome(`✓ Allowed${isSameOrigin ? ': the page calls its own origin, where CORS has no say' : ''}${failureOf(verdict)}`, style.green, style),
    '',
    ...section('Readable', [readableHeaders.length === 0 ? 'The status and the body, no header' : `The status, the body, ${readableHeaders.join(', ')}`], style),
    ...preflightLines(verdict, maxAge === null ? [] : [`Its answer counts for ${maxAge} seconds`], style),
    ...cookieLines(page, verdict, style),
    ...leftOutLines(page, style),
    ...notesLines('But', notes, style),
    ...differsLines(judged, style)
  ]
}

/** An answer can be allowed, and say that the call has failed. */
function failureOf ({ exchanges }: CorsVerdict): string {
  const status = Number(exchanges.at(-1)?.response.status)
  return status >= 400 ? `: the page gets the answer, which is an error (${statusLine(status)})` : ''
}

function leftOutLines ({ headers }: Required<CorsPage>, style: Style): string[] {
  const names = Object.keys(headers).filter(isForbiddenRequestHeader)
  return names.length === 0 ? [] : section('Left out', [`${names.join(', ')}: browsers don't let a page set that`], style)
}

/** The command has no session: a login refuses it, whoever is logged in to the page. */
function cookieLines ({ credentials }: Required<CorsPage>, { exchanges, notes }: CorsVerdict, style: Style): string[] {
  const isRefused = notes.some(({ code }) => code === 'redirect') ||
    exchanges.some(({ kind, response: { status } }) => kind === 'actual' && (status === 401 || status === 403))
  return credentials === 'include' && isRefused
    ? section('Cookies', ['None were sent: the command has no session. A page whose user is logged in may get another answer'], style)
    : []
}

function blockedLines (page: Required<CorsPage>, judged: Judged, { name, seen, advice }: Explained, style: Style): string[] {
  const { verdict } = judged
  const { reason, parameter, notes: [cause, ...others] } = verdict
  const named = reason === null ? '' : `: ${reason}${parameter === '' || parameter === null ? '' : ` (${escapeControls(parameter)})`}`
  return [
    ...cause === undefined ? [] : [style.bold(style.yellow('Look here first')), ...textsOf(cause).flatMap(text => paragraph(text, style)), ''],
    ...outcome(`✗ Blocked${named}`, style.red, style),
    '',
    ...section('Why', [`${seen}.`], style),
    ...preflightLines(verdict, [], style),
    ...cookieLines(page, verdict, style),
    ...leftOutLines(page, style),
    ...advice === null ? [] : section('Fix', [adviceText(advice)], style),
    ...notesLines('Also', others, style),
    ...differsLines(judged, style),
    ...section('More', [`${name} in ${documentationFile('errors.md')}`], style)
  ]
}

/** The outcome, in a colour. */
function outcome (text: string, paint: Style['red'], { columns }: Style): string[] {
  return indented(text, '', columns).map(paint)
}

function preflightLines ({ preflightBecause }: CorsVerdict, more: readonly string[], style: Style): string[] {
  return preflightBecause.length === 0 ? [] : section('Preflight', [`Sent because ${preflightBecause.join('; ')}`, ...more], style)
}

function notesLines (label: string, notes: CorsVerdict['notes'], style: Style): string[] {
  return notes.flatMap(note => section(label, textsOf(note), style))
}

function textsOf ({ message, fix }: CorsVerdict['notes'][number]): string[] {
  return [message, fix].filter(text => text !== null)
}

function differsLines ({ verdict: { differs, allowed }, departures }: Judged, style: Style): string[] {
  const verb = allowed ? 'would block' : 'would allow'
  return differs.length === 0
    ? []
    : section('Differs', [`${differs.join(' and ')} ${verb} it, against the Fetch Standard`, ...Array.from(departures, departureLine)], style)
}

/** One way in which engines depart, as a sentence: the words are those of docs/errors.md. */
function departureLine (departure: Departure): string {
  const { when, standard, otherwise, why } = departureTexts[departure]
  return `${capitalised(when)} ${standard}. ${capitalised(otherwise)}: ${why}`.replaceAll('`', '')
}

/** The remedy stands at the margin and is never broken, so that it can be copied as it is. */
function remedyLines ({ for: framework, isGuess, text, registration }: WrittenRemedy, style: Style): string[] {
  const guess = isGuess ? ', guessed from the answer; --for names another' : ''
  const title = framework === 'headers' ? 'What to send (--for writes it for a framework)' : `For ${framework}${guess}`
  return [
    '',
    ...indented(`${title}:`, '', style.columns).map(style.bold),
    '',
    ...text.trimEnd().split('\n').map(escapeControls),
    ...framework === 'fastify-cors-policy'
      ? []
      : ['', ...indented('With fastify-cors-policy (npm install fastify-cors-policy):', '', style.columns).map(style.bold), '', registration]
  ]
}

/** A page of the documentation, as a file on this machine: `npx` has put it there, too. */
function documentationFile (name: string): string {
  // The package by its own name: that holds wherever this file ends up in a build.
  return join(dirname(createRequire(__filename).resolve('fastify-cors-policy/package.json')), 'docs', name)
}

function paragraph (text: string, { columns }: Style): string[] {
  return indented(escapeControls(text), '  ', columns)
}

/** A label, and lines beside it. */
function section (label: string, texts: readonly string[], { bold, columns }: Style): string[] {
  const [first, ...others] = texts.flatMap((text, index) =>
    indented(escapeControls(text), `  ${(index === 0 ? label : '').padEnd(LABEL_WIDTH)}`, columns))
  return [String(first).replace(label, bold(label)), ...others]
}
