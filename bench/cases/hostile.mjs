import { handWritten } from '../baselines.mjs'
import { withPolicy } from '../subject.mjs'

const preflight = { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type,x-trace' }
const SIZE = 15 * 1024
const LONGEST_ECHOED = '64 names of 60 characters each there'

/** Lists of names that follow one another in no order, each list with other names: none helps with the next. */
function listsOf (count, nameOf) {
  return Array.from({ length: 50 }, (_, list) => Array.from({ length: count }, (_, i) => nameOf((i * 7919 + list * 104729) % 100_003)).join(','))
}

/** The same over and over, but for its end: none is the one before. */
function repeated (text) {
  return Array.from({ length: 50 }, (_, end) => text.repeat(4000) + end)
}

/** What strangers may send to keep a server busy; of lists and labels also as many as are still looked at. */
const requests = {
  'an ordinary preflight': { method: 'OPTIONS', origins: ['https://app.example.com'], headers: preflight },
  '15 KB of `Origin`': { origins: [`https://${'a'.repeat(SIZE)}.example.com`] },
  'the same, in a preflight': { method: 'OPTIONS', origins: [`https://${'a'.repeat(SIZE)}.example.com`], headers: preflight },
  '15 KB of `Access-Control-Request-Headers`': {
    method: 'OPTIONS',
    origins: ['https://app.example.com'],
    headers: { ...preflight, 'access-control-request-headers': 'x,'.repeat(SIZE / 2) }
  },
  '15 KB of `Access-Control-Request-Method`': {
    method: 'OPTIONS',
    origins: ['https://app.example.com'],
    headers: { ...preflight, 'access-control-request-method': ['P'.repeat(SIZE)] }
  },
  '4,000 characters of `Access-Control-Request-Headers`': {
    method: 'OPTIONS',
    origins: ['https://app.example.com'],
    headers: { ...preflight, 'access-control-request-headers': listsOf(500, i => `x-${i}`) }
  },
  '4,000 commas in `Access-Control-Request-Headers`': {
    method: 'OPTIONS',
    origins: ['https://app.example.com'],
    headers: { ...preflight, 'access-control-request-headers': ','.repeat(4000) }
  },
  '4,000 spaces in `Access-Control-Request-Headers`': {
    method: 'OPTIONS',
    origins: ['https://app.example.com'],
    headers: { ...preflight, 'access-control-request-headers': repeated(' ') }
  },
  '4,000 bytes in `Access-Control-Request-Headers` that are no ASCII': {
    method: 'OPTIONS',
    origins: ['https://app.example.com'],
    headers: { ...preflight, 'access-control-request-headers': repeated('é') }
  },
  '64 names of 20 characters each in `Access-Control-Request-Headers`': {
    method: 'OPTIONS',
    origins: ['https://app.example.com'],
    headers: { ...preflight, 'access-control-request-headers': listsOf(64, i => `x-${i}`.padEnd(20, 'y')) }
  },
  'one name of 4,000 characters there': {
    method: 'OPTIONS',
    origins: ['https://app.example.com'],
    headers: { ...preflight, 'access-control-request-headers': listsOf(1, i => `x-${i}`.padEnd(4000, 'y')) }
  },
  [LONGEST_ECHOED]: {
    method: 'OPTIONS',
    origins: ['https://app.example.com'],
    headers: { ...preflight, 'access-control-request-headers': listsOf(64, i => `x-${i}`.padEnd(60, 'y')) }
  },
  'an origin of 500 labels': { origins: [`https://${'a.'.repeat(500)}example.com`] },
  'an origin of 120 labels': { origins: [`https://${'a.'.repeat(120)}example.com`] }
}

const policy = { origin: ['https://app.example.com', 'https://*.example.org', 'https://*.b.example.com'], credentials: true, methods: ['GET', 'PUT'] }

const candidates = Object.entries(requests).map(([name, request]) => ({
  name,
  request: () => request,
  application: () => withPolicy(policy)
}))

/** What other options make of the same. */
const others = [
  {
    name: '15 KB of `Origin`, where 10,000 are listed',
    request: () => requests['15 KB of `Origin`'],
    application: () => withPolicy({ ...policy, origin: [...policy.origin, ...Array.from({ length: 10_000 }, (_, i) => `https://tenant-${i}.example`)] })
  },
  {
    name: '15 KB of `Origin`, where `enforce` refuses it',
    request: () => requests['15 KB of `Origin`'],
    application: () => withPolicy({ ...policy, enforce: 'all' })
  },
  {
    name: '64 names of 60 characters each, where the policy lists names',
    request: () => requests[LONGEST_ECHOED],
    application: () => withPolicy({ ...policy, allowedHeaders: ['content-type', 'x-trace'] })
  }
]

/** What the longest lists cost whoever echoes them, however little is done about it. */
const unread = {
  name: 'the same, sent back unread by a hand-written hook',
  request: () => requests[LONGEST_ECHOED],
  application: () => handWritten({ allows: origin => origin === 'https://app.example.com', credentials: 'true', methods: 'GET, PUT', echo: true })
}

/** Each is compared to the first. */
export const hostile = [{
  name: 'hostile',
  title: 'hostile requests',
  limit: 3,
  candidates: [...candidates.flatMap(candidate => candidate.name === LONGEST_ECHOED ? [candidate, unread] : candidate), ...others]
}]
