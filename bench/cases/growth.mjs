import { withPolicy } from '../subject.mjs'
import { patterns, tenants } from './tenants.mjs'

/** Entries from all over a list, of which requests carry one after the other. */
function spread (entries, count) {
  return Array.from({ length: count }, (_, i) => entries[Math.floor(i * entries.length / count)])
}

function exactOrigins (sizes, asked) {
  return sizes.map(size => ({
    name: size.toLocaleString('en'),
    request: () => ({ origins: spread(tenants(size), asked) }),
    application: () => withPolicy({ origin: tenants(size) })
  }))
}

/**
 * How the time per request grows with what is configured: each candidate is compared to the first. What is configured
 * is all that grows; requests carry as many different origins whatever the size.
 */
export const growth = [
  {
    name: 'exact-growth',
    title: 'exact origins, 10 of them calling',
    limit: 1.10,
    candidates: exactOrigins([10, 1_000, 10_000, 100_000, 1_000_000], 10)
  },
  {
    // No limit: what grows here is what the processor has to fetch from memory, since its caches hold a short list only.
    name: 'exact-growth-uncached',
    title: 'exact origins, 1,000 of them calling in turn',
    limit: null,
    candidates: exactOrigins([1_000, 1_000_000], 1_000)
  },
  {
    name: 'pattern-growth',
    title: 'patterns',
    limit: 1.10,
    candidates: [1, 100, 10_000].map(size => ({
      name: size.toLocaleString('en'),
      request: () => ({ origins: spread(patterns(size), 1).map(pattern => pattern.replace('*', 'eu')) }),
      application: () => withPolicy({ origin: patterns(size) })
    }))
  }
]
