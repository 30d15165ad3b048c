import { isGranted, variesByOrigin, type Answer } from './answer.js'
import type { ProbeKind } from './probes.js'
import { texts, type FindingCode, type Severity } from './texts.js'

/** What an attacker may use. */
export interface Finding {
  readonly code: FindingCode
  /** `note`: worth knowing, and right for what is public anyway. */
  readonly severity: Severity
  /** The origin that was let in, or `null` where it is not about one. */
  readonly origin: string | null
  /** Whether the answer lets in cookies and HTTP authentication. */
  readonly credentials: boolean
  readonly message: string
  /** How it is used. */
  readonly attack: string
  /** What credentials make of it, or what is spared without them; empty where they have no say. */
  readonly withCredentials: string
  readonly fix: string
}

/** What it says that a probe was let in. */
const CODES: ReadonlyMap<ProbeKind, FindingCode> = new Map([
  ['stranger', 'any-origin-reflected'],
  ['null', 'null-origin'],
  ['prefix', 'name-as-prefix'],
  ['suffix', 'name-as-suffix'],
  ['dot', 'unescaped-dot'],
  ['odd-character', 'odd-character'],
  ['insecure', 'insecure-origin'],
  ['subdomain', 'any-subdomain'],
  ['preflight-stranger', 'preflight-any-origin'],
  ['preflight-null', 'preflight-null-origin']
])

/** What is no news where the other is found already. */
const IMPLIED: ReadonlyMap<FindingCode, readonly FindingCode[]> = new Map([
  ['any-origin-reflected', [
    'name-as-prefix', 'name-as-suffix', 'unescaped-dot', 'odd-character', 'insecure-origin', 'any-subdomain', 'preflight-any-origin'
  ]],
  ['null-origin', ['preflight-null-origin']],
  ['name-as-prefix', ['odd-character']],
  ['name-as-suffix', ['any-subdomain', 'unescaped-dot']],
  ['preflight-any-origin', ['preflight-null-origin']],
  ['any-origin', ['preflight-any-origin', 'preflight-null-origin']],
  ['wildcard-with-credentials', ['preflight-any-origin', 'preflight-null-origin']]
])

/** Judges the answers to the probes of one URL. */
export function findingsOf (answers: readonly Answer[]): Finding[] {
  const found = new Map<FindingCode, Finding>(wildcardFindings(answers).map(wildcard => [wildcard.code, wildcard]))
  for (const answer of answers) {
    const code = isGranted(answer) ? CODES.get(answer.probe.kind) : undefined
    if (code !== undefined && !found.has(code)) found.set(code, finding(code, answer.probe.origin, answer.credentials))
  }
  for (const implied of [...found.keys()].flatMap(code => IMPLIED.get(code) ?? [])) found.delete(implied)
  return [...found.values(), ...varyFindings(answers)]
}

function wildcardFindings (answers: readonly Answer[]): Finding[] {
  const open = answers.filter(({ probe, allowOrigin }) => probe.method === 'GET' && allowOrigin === '*')
  if (open.length === 0) return []
  const credentials = open.some(answer => answer.credentials)
  return [finding(credentials ? 'wildcard-with-credentials' : 'any-origin', '*', credentials)]
}

/** Fetch, "CORS protocol and HTTP caches": where the header depends on the origin, the answers without it have to say so too. */
function varyFindings (answers: readonly Answer[]): Finding[] {
  const actual = answers.filter(({ probe }) => probe.method === 'GET')
  const differs = new Set(actual.map(({ allowOrigin }) => allowOrigin)).size > 1
  return differs && !actual.every(variesByOrigin) ? [finding('vary-missing', null, actual.some(({ credentials }) => credentials))] : []
}

function finding (code: FindingCode, origin: string | null, credentials: boolean): Finding {
  const { severity: [without, withThem], message, attack, fix, credentials: [spared, worse] } = texts[code]
  return {
    code,
    severity: credentials ? withThem : without,
    origin,
    credentials,
    message,
    attack,
    withCredentials: credentials ? worse : spared,
    fix
  }
}
