import { resultOf } from './processes.mjs'
import { summary } from './statistics.mjs'
import { SUBJECT } from './subject.mjs'

const LIMIT = 1.15

const cases = [
  { name: 'boot', title: 'boot of 1,000 routes', overrides: 'plain', candidates: ['bare', '@fastify/cors', SUBJECT] },
  { name: 'boot-overrides', title: 'boot of 1,000 routes, each with an override', overrides: 'overrides', candidates: ['bare', '@fastify/cors', SUBJECT] }
]

/** The names of what {@link measureBoot} measures. */
export const bootCases = cases.map(({ name }) => name)

/** How long applications take to boot; processes take turns, forwards and backwards. */
export async function measureBoot (name, rounds) {
  const { title, overrides, candidates } = cases.find(one => one.name === name)
  const times = Object.fromEntries(candidates.map(candidate => [candidate, []]))
  for (let round = 0; round < rounds; round++) {
    for (const candidate of round % 2 === 0 ? candidates : candidates.toReversed()) {
      times[candidate].push(await resultOf('boot-once.mjs', candidate, overrides))
    }
  }
  return {
    name,
    title,
    microseconds: Object.fromEntries(candidates.map(candidate => [candidate, summary(times[candidate].map(time => time * 1000))])),
    ratios: candidates.filter(other => other !== SUBJECT).map(to => ({
      of: SUBJECT,
      to,
      ...summary(times[SUBJECT].map((time, round) => time / times[to][round])),
      limit: to === '@fastify/cors' ? LIMIT : null
    }))
  }
}
