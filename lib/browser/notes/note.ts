/** What a note is about. */
export type CorsNoteCode =
  'origin-refused' | 'authentication-first' | 'preflight-not-handled' | 'server-error' | 'redirect' | 'rate-limited' |
  'too-large' | 'answered-twice' | 'origin-near-miss' | 'method-case' | 'null-origin' | 'mixed-content' |
  'blocked-port' | 'handler-not-run' | 'local-network' | 'headers-not-exposed' | 'cookie-not-kept' | 'resource-policy' | 'vary-missing'

/** What the protocol's reason does not say, but a person has to know. */
export interface CorsNote {
  code: CorsNoteCode
  message: string
  /** What to do, in sentences; `null` where the message alone can tell. */
  fix: string | null
  /** Where the fix goes. */
  where: 'registration' | 'route' | 'delegator' | 'page' | 'server'
}

const noMatterOfCors: ReadonlySet<CorsNoteCode> = new Set<CorsNoteCode>([
  'server-error', 'redirect', 'rate-limited', 'too-large', 'mixed-content', 'blocked-port', 'method-case', 'null-origin'
])

/** Whether a cause is to be mended by something else than CORS headers. */
export function isNoMatterOfCors ({ code }: CorsNote): boolean {
  return noMatterOfCors.has(code)
}
