import type { IncomingMessage } from 'node:http'
import type { FastifyReply } from 'fastify'

/**
 * Whether Node has handed the connection of a request over for an upgrade, as it does where somebody listens for those:
 * an `Upgrade` header alone does not make one.
 */
export function isUpgrade (request: IncomingMessage): boolean {
  return 'upgrade' in request && request.upgrade === true
}

/**
 * Closes the connection of a request that asks for an upgrade, and gets an ordinary answer instead, once that is
 * finished (E1). No HTTP parser owns it any more, so that nobody else would, whatever `Connection` says.
 */
export function closeUpgrade ({ request, raw }: FastifyReply): void {
  if (!isUpgrade(request.raw)) return
  raw.once('finish', () => { request.raw.socket.destroySoon() })
}
