import { withPolicy } from '../subject.mjs'

const preflight = { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type,x-trace' }
const SIZE = 15 * 1024

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
  '4,000 characters of `Access-Control-Request-Headers`': {
    method: 'OPTIONS',
    origins: ['https://app.example.com'],
    headers: { ...preflight, 'access-control-request-headers': Array.from({ length: 571 }, (_, i) => `x-${1000 + i}`).join(',') }
  },
  '4,000 commas in `Access-Control-Request-Headers`': {
    method: 'OPTIONS',
    origins: ['https://app.example.com'],
    headers: { ...preflight, 'access-control-request-headers': ','.repeat(4000) }
  },
  '64 names in `Access-Control-Request-Headers`': {
    method: 'OPTIONS',
    origins: ['https://app.example.com'],
    headers: { ...preflight, 'access-control-request-headers': Array.from({ length: 64 }, (_, i) => `x-${1000 + i}`).join(',') }
  },
  'an origin of 500 labels': { origins: [`https://${'a.'.repeat(500)}example.com`] },
  'an origin of 120 labels': { origins: [`https://${'a.'.repeat(120)}example.com`] }
}

/** Each is compared to the first: the same application answers them all. */
export const hostile = [{
  name: 'hostile',
  title: 'hostile requests',
  limit: 3,
  candidates: Object.entries(requests).map(([name, request]) => ({
    name,
    request: () => request,
    application: () => withPolicy({ origin: ['https://app.example.com', 'https://*.example.org', 'https://*.b.example.com'], credentials: true, methods: ['GET', 'PUT'] })
  }))
}]
