import Fastify from 'fastify'
import corsPlugin, { CorsConfigError, parseCorsOptions, type CorsDecision, type RouteCorsOptions } from 'fastify-cors-policy'
import { checkCors, type CorsVerdict } from 'fastify-cors-policy/browser'
import { corsInspector } from 'fastify-cors-policy/inspector'
import { cachedOrigins } from 'fastify-cors-policy/origins'
import { boots } from './boots.cjs'

/** A look-up needs a package of its own, so that nothing calls this here. */
export const origins = () => cachedOrigins({ lookup: async origin => origin === 'https://page.example', ttl: 60 })

async function runs (): Promise<void> {
  await boots(Fastify, corsPlugin)
  const app = Fastify()
  app.register(corsPlugin, { origin: 'https://page.example', methods: ['GET', 'PUT'] })
  app.register(corsInspector)
  const override: RouteCorsOptions = { origin: 'https://partner.example' }
  app.put('/', { config: { cors: override } }, async request => {
    const decision: CorsDecision | undefined = request.cors
    return decision?.reason
  })
  await app.ready()
  const verdict: CorsVerdict = await app.cors.explain({ origin: 'https://partner.example', url: '/', method: 'PUT' })
  const other: CorsVerdict = await checkCors({ origin: 'https://page.example', url: 'https://api.example/' }, async () => ({ status: 200, headers: [] }))
  await app.close()
  if (!verdict.allowed || other.allowed) throw new Error('the verdicts are wrong')
  try {
    parseCorsOptions({ origin: 'https://page.example/' })
  } catch (error) {
    if (error instanceof CorsConfigError && error.issues.length === 1) console.log('it runs')
  }
}

runs().catch(error => {
  console.error(error)
  process.exitCode = 1
})
