import { resultOf } from './processes.mjs'
import { summary } from './statistics.mjs'
import { SUBJECT } from './subject.mjs'

const LIMIT = 1.15

const CANDIDATES = ['bare', '@fastify/cors', SUBJECT]

const cases = [
  { name: 'cold-start', title: 'a process from its start until Fastify is ready, without routes', script: 'cold-once.cjs', rest: [] },
  { name: 'boot', title: 'boot of 1,000 routes', script: 'boot-once.mjs', rest: ['plain'] },
  { name: 'boot-overrides', title: 'boot of 1,000 routes, each with an override', script: 'boot-once.mjs', rest: ['overrides'] }
]

/** The names of what {@link measureBoot} measures. */
export const bootCases = cases.map(({ name }) => name)

/** How long applications take to boot; processes take turns, forwards and backwards. */
export async function measureBoot (name, rounds) {
  const { title, script, rest } = cases.find(one => one.name === name)
  const times = Object.fromEntries(CANDIDATES.map(candidate => [candidate, []]))
  for (let round = 0; round < rounds; round++) {
    for (const candidate of round % 2 === 0 ? CANDIDATES : CANDIDATES.toReversed()) {
      times[candidate].push(await resultOf(script, candidate, ...rest))
    }
  }
  return {
    name,
    title,
    microseconds: Object.fromEntries(CANDIDATES.map(candidate => [candidate, summary(times[candidate].map(time => time * 1000))])),
    ratios: CANDIDATES.filter(other => other !== SUBJECT).map(to => ({
      of: SUBJECT,
      to,
      ...summary(times[SUBJECT].map((time, round) => time / times[to][round])),
      limit: to === '@fastify/cors' ? LIMIT : null
    }))
  }
}
