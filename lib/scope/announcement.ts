import { requestedNames } from '../policy/requested-headers.js'
import { isPreflight } from './preflight-route.js'
import type { Routable } from './routable.js'

/** Says of a header that scripts may set whether the announced request has it; `null`: it may. */
export type Announcement = (name: string) => boolean | null

/** Of a request that may have any header. */
export const ANYTHING: Announcement = () => null
export const EVERY_HEADER: Announcement = () => true
export const NO_HEADER: Announcement = () => false

/** What a preflight says of the headers of the request that it announces; nothing is known of those that others don't announce. */
export function announcementOf (request: Routable): Announcement {
  if (!isPreflight(request)) return ANYTHING
  return name => requestedNames(request.headers['access-control-request-headers']).includes(name)
}
