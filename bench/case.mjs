// One case, in a process of its own, which index.mjs starts: what the compiler has learned from one case is not to be of
// use, or in the way, in another. The result goes to the standard output, as JSON.
import assert from 'node:assert/strict'
import { comparisons, extremes } from './cases/index.mjs'
import { compare } from './harness.mjs'
import { answerTo, describeRequest, timeOf } from './requests.mjs'
import { SUBJECT } from './subject.mjs'

const [name, rounds] = process.argv.slice(2)
const comparison = comparisons.find(one => one.name === name)
const result = comparison === undefined ? await measureExtreme() : await measureComparison(comparison)
process.stdout.write(JSON.stringify(result))

async function measureComparison ({ applications, request, expected, targets = {}, title }) {
  const described = describeRequest(request)
  const candidates = {}
  for (const [candidate, build] of Object.entries(applications)) {
    const app = await build()
    if (candidate === SUBJECT || candidate === 'hand-written') await check(candidate, app, describeRequest(request), expected)
    candidates[candidate] = count => timeOf(app.routing, described, count)
  }
  const pairs = Object.keys(candidates).filter(other => other !== SUBJECT).map(other => [SUBJECT, other])
  const { microseconds, ratios } = await compare(candidates, { pairs, rounds: Number(rounds) })
  return { name, title, microseconds, ratios: ratios.map(ratio => ({ ...ratio, limit: targets[ratio.to] ?? null })) }
}

async function measureExtreme () {
  const { title, limit, candidates } = extremes.find(one => one.name === name)
  const runs = {}
  for (const candidate of candidates) {
    const described = describeRequest(candidate.request())
    const { routing } = await candidate.application()
    runs[candidate.name] = count => timeOf(routing, described, count)
  }
  const [first, ...others] = Object.keys(runs)
  const { microseconds, ratios } = await compare(runs, { pairs: others.map(other => [other, first]), rounds: Number(rounds) })
  return { name, title, microseconds, ratios: ratios.map(ratio => ({ ...ratio, limit })) }
}

/** A wrong answer, however fast, is no result. */
async function check (candidate, app, described, expected) {
  const { status, headers } = await answerTo(app.routing, described)
  const ofCors = Object.entries(headers).filter(([field]) => field === 'vary' || field.startsWith('access-control-'))
  assert.deepEqual(
    { status, headers: withoutSpaces(Object.fromEntries(ofCors)) },
    { status: expected.status, headers: withoutSpaces(expected.headers) },
    `what ${candidate} answers in the case ${name}`)
}

/** Lists may have a space behind the comma, or none. */
function withoutSpaces (headers) {
  return Object.fromEntries(Object.entries(headers).map(([field, value]) => [field, value.replaceAll(', ', ',')]))
}
