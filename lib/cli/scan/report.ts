import type { ProbeAnswer } from './probes.js'
import type { Finding, Severity } from './findings.js'
import { foundLine, indented, lengthOf, type Style, titled } from '../style.js'
import { escapeControls } from '../../text.js'

/** The worst first. */
const ORDER: readonly Severity[] = ['high', 'medium', 'low', 'note']

/** The mark before the text of a line. */
const LABELS = { message: '    Found   ', attack: '    Attack  ', fix: '    Fix     ', more: '            ' } as const

/** A scan for people: what was granted to whom, and each finding with its risk and its fix. */
export function renderScan (url: string, answers: readonly ProbeAnswer[], findings: readonly Finding[], style: Style): string {
  const sorted = ORDER.flatMap(severity => findings.filter(finding => finding.severity === severity))
  const count = findings.filter(({ severity }) => severity !== 'note').length
  const refused = answers.find(({ probe: { kind, origin }, allowOrigin }) => kind === 'own' && allowOrigin !== origin && allowOrigin !== '*')?.probe.origin
  const [redirect] = answers.flatMap(({ status, location }) => status >= 300 && status <= 399 && location !== null ? [location] : [])
  return [
    ...indented(`Who may read ${style.bold(url)} ?`, '', style.columns),
    '',
    ...answerLines(answers, style),
    '',
    ...sorted.flatMap(finding => [...findingLines(finding, style), '']),
    ...redirect === undefined ? [] : [...warning(`It redirects to ${escapeControls(redirect)}, which was not scanned`, style), ''],
    ...refused === undefined
      ? []
      : [...warning(`${refused} itself is not let in, so that its look-alikes tell little: give an origin that is, with --origin`, style), ''],
    foundLine(count, style),
    ''
  ].join('\n')
}

function warning (text: string, { yellow, columns }: Style): string[] {
  return indented(text, '', columns).map(yellow)
}

/** A table; where it is too wide, two lines for each answer. */
function answerLines (answers: readonly ProbeAnswer[], { dim, columns, width }: Style): string[] {
  const rows = answers.map(answer => ({ ...answer, name: `${answer.probe.method.padEnd(7)} ${answer.probe.origin ?? '(no Origin)'}` }))
  const longest = Math.max(...rows.map(({ name }) => name.length)) + 2
  const pairs = rows.map(({ name, status, allowOrigin, credentials }) => {
    const granted = allowOrigin === null ? dim('–') : allowOrigin === '' ? dim('(empty)') : escapeControls(allowOrigin)
    return [`  ${name}`, `${dim(String(status))}  ${granted}${credentials ? ' with credentials' : ''}`] as const
  })
  const table = pairs.map(([name, granted]) => `${name.padEnd(longest + 2)}${granted}`)
  return table.every(line => lengthOf(line) <= width) ? table : pairs.flatMap(([name, granted]) => [name, ...indented(granted, '      ', columns)])
}

function findingLines (finding: Finding, style: Style): string[] {
  const { code, severity, origin, message, attack, withCredentials, fix } = finding
  const paint = severity === 'note' ? style.dim : severity === 'low' ? style.yellow : style.red
  const line = (label: string, text: string): string[] => indented(`${text}.`, label, style.columns)
  return [
    ...titled(paint(severity.padEnd(8)), code, origin, style),
    ...line(LABELS.message, message),
    ...line(LABELS.attack, attack),
    ...withCredentials === '' ? [] : line(LABELS.more, withCredentials),
    ...line(LABELS.fix, fix)
  ]
}
