import { answerNotes } from './answer.js'
import { cookieNotes } from './cookies.js'
import { exposedNotes } from './exposed.js'
import { networkNotes } from './network.js'
import type { Outcome } from '../outcome.js'
import type { CorsNote } from '../verdict.js'
import { originNotes } from './origin.js'
import { pageNotes } from './page.js'
import { redirectNotes } from './redirect.js'
import { reuseNotes, staleNotes } from './reuse.js'

/** All notes on an outcome; if it is blocked, the likeliest cause first. */
export async function notesOf (outcome: Outcome): Promise<CorsNote[]> {
  const network = networkNotes(outcome)
  const redirects = redirectNotes(outcome)
  const isUnsent = network.some(({ code }) => code === 'mixed-content' || code === 'blocked-port')
  return [
    ...isUnsent ? network : [],
    ...redirects,
    // Where a redirect is at fault, the answer at its end is not the one that was asked for.
    ...redirects.length > 0 ? [] : answerNotes(outcome),
    ...staleNotes(outcome),
    ...originNotes(outcome),
    ...pageNotes(outcome),
    ...isUnsent ? [] : network,
    ...await cookieNotes(outcome),
    ...exposedNotes(outcome),
    ...await reuseNotes(outcome)
  ]
}
