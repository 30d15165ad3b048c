import autocannon from 'autocannon'
import { comparisons } from './cases/index.mjs'
import { startScript } from './processes.mjs'
import { summary } from './statistics.mjs'
import { SUBJECT } from './subject.mjs'

const CASES = ['exact-origin', 'preflight']
const SECONDS = 1
const CONNECTIONS = 20

/** The names of what {@link measureSockets} measures. */
export const socketCases = CASES.map(name => `sockets-${name}`)

/** What users see: requests through real sockets, to a server in a process of its own; servers take turns. */
export async function measureSockets (name, rounds) {
  const { title, applications, request: { method = 'GET', origins: [origin], headers } } = comparisons.find(one => `sockets-${one.name}` === name)
  const candidates = Object.keys(applications)
  const times = Object.fromEntries(candidates.map(candidate => [candidate, []]))
  const servers = {}
  try {
    for (const candidate of candidates) servers[candidate] = await startScript('serve.mjs', name.slice('sockets-'.length), candidate)
    // The first round is for the compiler.
    for (let round = 0; round <= rounds; round++) {
      for (const candidate of round % 2 === 0 ? candidates : candidates.toReversed()) {
        const { requests, duration } = await autocannon({ url: servers[candidate].line, method, headers: { origin, ...headers }, connections: CONNECTIONS, duration: SECONDS })
        if (round > 0) times[candidate].push(duration / requests.total)
      }
    }
  } finally {
    for (const { stop } of Object.values(servers)) stop()
  }
  return {
    name,
    title: `${title}, through sockets`,
    microseconds: Object.fromEntries(candidates.map(candidate => [candidate, summary(times[candidate].map(time => time * 1e6))])),
    ratios: candidates.filter(other => other !== SUBJECT).map(to => ({
      of: SUBJECT, to, ...summary(times[SUBJECT].map((time, round) => time / times[to][round])), limit: null
    }))
  }
}
