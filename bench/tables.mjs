import { bootCases } from './boot.mjs'
import { SUBJECT } from './subject.mjs'

const BASELINES = ['bare', 'hand-written', '@fastify/cors', 'cors, middie']

/**
 * The results as tables, each with a heading: cases against the baselines, through Fastify's router and through sockets;
 * what is compared to another of its kind; and what has a limit of its own.
 *
 * @returns rows of cells, the first being the names of the columns
 */
export function tablesOf (results) {
  const against = results.filter(({ ratios = [] }) => ratios.some(({ of }) => of === SUBJECT))
  const isSocket = ({ name }) => name.startsWith('sockets-')
  return [
    { heading: 'Time per request, without sockets', rows: comparison(against.filter(result => !isSocket(result) && !isBoot(result))) },
    { heading: 'Time per request, through sockets', rows: comparison(against.filter(isSocket)) },
    { heading: 'Time to boot', rows: comparison(against.filter(isBoot), 'ms') },
    { heading: 'Growth, hostile requests, and cached answers', rows: growth(results.filter(result => result.ratios !== undefined && !against.includes(result))) },
    { heading: 'A million origins', rows: figures(results.filter(result => result.figures !== undefined)) }
  ].filter(({ rows }) => rows.length > 1)
}

function isBoot ({ name }) {
  return bootCases.includes(name)
}

function comparison (results, unit = 'µs') {
  const columns = BASELINES.filter(name => results.some(({ ratios }) => ratios.some(({ to }) => to === name)))
  return [
    ['case', unit, ...columns.map(name => `÷ ${name}`)],
    ...results.map(({ title, microseconds, ratios }) => [
      title,
      (microseconds[SUBJECT].median / (unit === 'ms' ? 1000 : 1)).toFixed(2),
      ...columns.map(name => withSpread(ratios.find(({ to }) => to === name)))
    ])
  ]
}

function growth (results) {
  return [
    ['case', 'what', 'µs', 'ratio', 'to'],
    ...results.flatMap(({ title, microseconds, ratios }) => ratios.map(ratio => [
      title, ratio.of, microseconds[ratio.of].median.toFixed(2), withSpread(ratio), ratio.to
    ]))
  ]
}

function figures (results) {
  return [
    ['case', 'figure', 'value'],
    ...results.flatMap(({ title, figures }) => figures.map(figure => [title, figure.figure, withSpread(figure)]))
  ]
}

/** A median, what the middle half of the values lies between, and the limit, where there is one and it is passed. */
export function withSpread (value) {
  if (value === undefined) return '–'
  const { median, low, high, limit = null } = value
  const text = `${rounded(median)} (${rounded(low)}–${rounded(high)})`
  return limit === null ? text : `${text} ${median <= limit ? '✓' : '✗'} ${limit.toFixed(2)}`
}

function rounded (number) {
  return number >= 100 ? number.toFixed(0) : number.toFixed(2)
}

/** Tables for a terminal. */
export function asText (tables) {
  return tables.map(({ heading, rows }) => {
    const widths = rows[0].map((_cell, column) => Math.max(...rows.map(row => row[column].length)))
    return [heading, ...rows.map(row => row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd())].join('\n')
  }).join('\n\n')
}

/** Tables for a document. */
export function asMarkdown (tables) {
  return tables.map(({ heading, rows: [head, ...rows] }) =>
    [`### ${heading}`, '', line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')).join('\n\n')
}

function line (cells) {
  return `| ${cells.join(' | ')} |`
}

export const BEGIN = '<!-- results: written by "npm run bench -- --markdown" -->'
export const END = '<!-- end of results -->'

/** A text with the results between its two markers. */
export function withResults (text, results) {
  const begin = text.indexOf(BEGIN)
  const end = text.indexOf(END)
  if (begin === -1 || end < begin) throw new Error(`The text must have ${BEGIN}, and ${END} after it`)
  return `${text.slice(0, begin + BEGIN.length)}\n${results}\n${text.slice(end)}`
}
