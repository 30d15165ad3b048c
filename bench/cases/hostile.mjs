import { withPolicy } from '../subject.mjs'

const preflight = { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type,x-trace' }
const SIZE = 15 * 1024

/** As many names as are still sent back; they follow one another in no order, and each list has others. */
const longestEchoed = Array.from({ length: 50 }, (_, list) =>
  Array.from({ length: 64 }, (_, i) => `x-${(i * 7919 + list * 104729) % 100_003}`.padEnd(15, 'y')).join(','))

/** What strangers may send to keep a server busy. */
const requests = {
  'an ordinary preflight': { method: 'OPTIONS', origins: ['https://app.example.com'], headers: preflight },
  '15 KB of `Origin`': { origins: [`https://${'a'.repeat(SIZE)}.example.com`] },
  '15 KB of `Access-Control-Request-Headers`': {
    method: 'OPTIONS',
    origins: ['https://app.example.com'],
    headers: { ...preflight, 'access-control-request-headers': 'x,'.repeat(SIZE / 2) }
  },
  '64 names of 15 characters each in `Access-Control-Request-Headers`': {
    method: 'OPTIONS',
    origins: ['https://app.example.com'],
    headers: { ...preflight, 'access-control-request-headers': longestEchoed }
  },
  'an origin of 120 labels': { origins: [`https://${'a.'.repeat(120)}example.com`] }
}

const policy = { origin: ['https://app.example.com', 'https://*.example.org', 'https://*.b.example.com'], credentials: true, methods: ['GET', 'PUT'] }

/** Each is compared to the first, without a limit: Node alone takes longer over a long header. */
export const hostile = [{
  name: 'hostile',
  title: 'hostile requests',
  limit: null,
  candidates: Object.entries(requests).map(([name, request]) => ({ name, request: () => request, application: () => withPolicy(policy) }))
}]
