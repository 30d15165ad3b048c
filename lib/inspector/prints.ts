import type { CorsExchange, CorsVerdict, Engine } from '../browser/index.js'
import { fill } from '../browser/failure-text.js'
import { failureTexts } from '../browser/reasons.js'
import type { Judgement } from './wire.js'

/** The lines that browsers print to their consoles about a verdict, as far as they are known. */
export function printsOf ({ reason, parameter }: Pick<CorsVerdict, 'reason' | 'parameter'>, exchanges: readonly CorsExchange[]): Judgement['prints'] {
  const last = exchanges.at(-1)
  if (reason === null || last === undefined) return null
  const { request, response } = last
  const announced = request.headers['access-control-request-method']
  const values = {
    origin: String(request.headers.origin),
    status: String(response.status),
    value: String(parameter),
    method: announced ?? request.method,
    header: String(parameter),
    location: request.url
  }
  const { chromium, firefox, webkit }: Readonly<Record<Engine, string | null>> = failureTexts[reason].prints
  return { chromium: chromium && fill(chromium, values), firefox: firefox && fill(firefox, values), webkit: webkit && fill(webkit, values) }
}
