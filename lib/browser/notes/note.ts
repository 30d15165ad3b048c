/** The subject of a note. */
export type CorsNoteCode =
  'origin-refused' | 'authentication-first' | 'preflight-not-handled' | 'server-error' | 'redirect' | 'rate-limited' |
  'too-large' | 'answered-twice' | 'origin-near-miss' | 'method-case' | 'null-origin' | 'mixed-content' |
  'blocked-port' | 'handler-not-run' | 'header-misplaced' | 'local-network' | 'headers-not-exposed' | 'cookie-not-kept' | 'resource-policy' | 'vary-missing'

/** A fact that the protocol's reason does not tell, but people have to know. */
export interface CorsNote {
  code: CorsNoteCode
  message: string
  /** The advice, in sentences; `null` if the message says all. */
  fix: string | null
  /** The place of the fix. */
  where: 'registration' | 'route' | 'delegator' | 'page' | 'server'
}

const noMatterOfCors: ReadonlySet<CorsNoteCode> = new Set<CorsNoteCode>([
  'server-error', 'redirect', 'rate-limited', 'too-large', 'mixed-content', 'blocked-port', 'method-case', 'null-origin',
  'answered-twice'
])

/** True for a cause that CORS headers don't help against. */
export function isNoMatterOfCors ({ code }: CorsNote): boolean {
  return noMatterOfCors.has(code)
}
