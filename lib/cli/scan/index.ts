import { type ProbeAnswer, ask, isTelling, probesFor } from './probes.js'
import { findingsOf } from './findings.js'
import { renderScan } from './report.js'
import { type Arguments, type Command, CommandError, type Result } from '../command.js'
import { sender, TIMEOUT, TIMEOUT_OPTION } from '../send.js'
import { readOrigin, readUrl } from '../urls.js'

/** Tries on one URL what attackers try. */
export const scan: Command = {
  name: 'scan',
  summary: 'Sends the origins that attackers try to one URL, at most 15 requests one after the other, and reports what the server grants them',
  operand: { name: '<url>', meaning: 'the URL to scan, of a server of yours' },
  options: {
    origin: { value: '<origin>', meaning: 'an origin that the server allows, whose look-alikes are tried (default: that of the URL)' },
    timeout: TIMEOUT_OPTION
  },
  exits: ['nothing found (notes do not count)', 'findings'],
  examples: [
    'http://localhost:3000/users',
    'https://api.example.com/users --origin https://app.example.com'
  ],
  run
}

async function run (given: Arguments): Promise<Result> {
  const url = readUrl(given.operand)
  url.hash = ''
  const known = readOrigin(given.text('origin') ?? url.origin)
  const send = sender(given.milliseconds('timeout', TIMEOUT))
  const answers: ProbeAnswer[] = []
  for (const probe of probesFor(known)) answers.push(await ask(probe, url.href, send))
  if (!answers.some(isTelling)) throw untested(url, answers)
  const findings = findingsOf(answers)
  const probes = answers.map(({ probe, ...answer }) => ({ ...probe, ...answer }))
  return {
    isGood: findings.every(({ severity }) => severity === 'note'),
    json: { url: url.href, findings, probes },
    text: style => renderScan(url.href, answers, findings, style)
  }
}

/** No finding in such answers would be no good news. */
function untested ({ href }: URL, answers: readonly ProbeAnswer[]): CommandError {
  const statuses = [...new Set(answers.filter(({ probe }) => probe.method === 'GET').map(({ status }) => status))].join(' or ')
  const location = answers.find(answer => answer.location !== null)?.location
  const advice = location === undefined ? 'Scan a URL that answers GET without a login' : `It redirects to ${location}: scan that`
  return new CommandError('untested', `Nothing could be tested: every answer to GET ${href} was ${statuses}, without a CORS header. ${advice}`)
}
