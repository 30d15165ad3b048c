import { type FindingCode, findingsOf } from '../scan/findings.js'
import { answerOf, type Probe, type ProbeAnswer, probesFor } from '../scan/probes.js'
import type { CorsFinding } from '../../introspection/finding.js'
import type { CorsController } from '../../introspection/controller.js'

/** A route whose origins a function decides. */
export interface DecidedByFunction {
  readonly controller: CorsController
  readonly method: string
  readonly url: string
  /** Where the function is. */
  readonly where: CorsFinding['where']
}

/** A finding of a scan, in the form of the audit's. */
export type FunctionFinding = Omit<CorsFinding, 'code'> & { readonly code: FindingCode | 'function-failed' }

/** Functions compare with few origins; each is tried with some fifteen requests. */
const MOST_ORIGINS = 16

const FAILED = 'The function failed for every origin that was tried: the answer is an error of the server. Where that is how it refuses, let it return false'

/**
 * Tries on functions what a scan tries on a running server: in process, and without running a handler.
 *
 * @param source the text of the program, which names the origins that its functions compare with
 */
export async function functionFindings (functions: readonly DecidedByFunction[], source: string): Promise<FunctionFinding[]> {
  const probes = new Map(knownOrigins(source).flatMap(probesFor).map(probe => [`${probe.method} ${probe.origin}`, probe]))
  const findings: FunctionFinding[] = []
  for (const decided of functions) {
    const answers: ProbeAnswer[] = []
    for (const probe of probes.values()) {
      if (probe.origin !== null) answers.push(...await ask(probe, probe.origin, decided))
    }
    const route = `${decided.method} ${decided.url}`
    if (answers.some(({ status }) => status >= 500) && answers.every(({ allowOrigin }) => allowOrigin === null)) findings.push({ code: 'function-failed', route, message: FAILED, fix: null, where: decided.where })
    for (const { code, origin, message, attack, withCredentials, fix, severity } of findingsOf(answers)) {
      if (severity === 'note') continue
      // Advice is no fix: which origins the function was meant for, nobody can know.
      const texts = [`${message} (${origin})`, attack, withCredentials, fix].filter(text => text !== '')
      findings.push({ code, route, message: texts.join('. '), fix: null, where: decided.where })
    }
  }
  return findings
}

/** The answer that `explain` gets to the request of a page at the origin, or to its preflight. */
async function ask (probe: Probe, origin: string, { controller, method, url }: DecidedByFunction): Promise<ProbeAnswer[]> {
  const isPreflight = probe.method === 'OPTIONS'
  const { exchanges } = await controller.explain({ origin, url, method, headers: isPreflight ? { authorization: 'x' } : {} })
  const asked = isPreflight ? exchanges.slice(0, 1) : exchanges.slice(-1)
  return asked.map(({ response }) => answerOf(probe, response))
}

/** The origins in a program, and those that the names in it stand for, such as `.example.com` or `localhost`. */
function knownOrigins (source: string): string[] {
  // An expression escapes dots and slashes.
  const text = source.replace(/\\([./])/g, '$1')
  const whole = text.match(/\bhttps?:\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::[0-9]+)?/g) ?? []
  const names = Array.from(text.matchAll(/['"`/.^@]((?:[a-z0-9-]+\.)+[a-z]{2,}|localhost)(?=['"`/$:])/g), ([, name = '']) => name)
  const origins = names.map(name => name === 'localhost' ? 'http://localhost:3000' : `https://${name}`)
  const known = new Set([...whole, ...origins].flatMap(origin => URL.canParse(origin) ? [new URL(origin).origin] : []))
  return [...known, 'https://app.example.com'].slice(0, MOST_ORIGINS)
}
