import { withPolicy } from '../subject.mjs'

const APP = 'https://app.example.com'
const known = new Set([APP])

function candidate (name, origin) {
  return { name, request: () => ({ origins: [APP] }), application: async () => withPolicy({ origin: await origin() }) }
}

const cached = candidate('cached answer', async () => {
  const { cachedOrigins } = await import('fastify-cors-policy/origins')
  return cachedOrigins({ lookup: async origin => known.has(origin), ttl: 3600 })
})

/** An answer that `cachedOrigins` has in memory, compared to functions that need no cache. */
export const cachedAnswers = [
  {
    name: 'cached-async',
    title: '`cachedOrigins`, from memory, against `async () => true`',
    limit: 1.25,
    candidates: [candidate('async () => true', () => async () => true), cached]
  },
  {
    name: 'cached-sync',
    title: '`cachedOrigins`, from memory, against a synchronous function',
    limit: 1.25,
    candidates: [candidate('origin => known.has(origin)', () => origin => known.has(origin)), cached]
  }
]
