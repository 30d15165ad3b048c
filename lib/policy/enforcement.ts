/** What of a request tells whether it may do harm. */
export interface Harm {
  readonly method: string
  /** Whether the server has handed its connection over, for another protocol than HTTP. */
  readonly handedOver: boolean
  /** `Upgrade` */
  readonly upgrade: string | undefined
  /** `Sec-Fetch-Mode` (Fetch Metadata) */
  readonly mode: string | undefined
  /** `Sec-Fetch-Dest` (Fetch Metadata) */
  readonly destination: string | undefined
}

/** `websocket`, alone or in a list (RFC 9110 section 7.8). */
const WEBSOCKET = /(?:^|,)[ \t]*websocket[ \t]*(?:$|,)/i

/**
 * Whether a request is of the kind that enforcement keeps strangers from sending (E1). WebSockets are, whatever the
 * method, since browsers send them without asking and hand over what they answer.
 */
export function isEnforced (enforce: 'unsafe' | 'all', { method, handedOver, upgrade, mode, destination }: Harm): boolean {
  if (method === 'OPTIONS') return false
  if (method !== 'GET' && method !== 'HEAD') return true
  if (handedOver || (upgrade !== undefined && WEBSOCKET.test(upgrade))) return true
  // A link to a page, or the way back from a login, is no call.
  return enforce === 'all' && !(mode === 'navigate' && destination === 'document')
}
