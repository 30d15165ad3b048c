import type { IncomingMessage } from 'node:http'
import type { FastifyReply } from 'fastify'

/**
 * True if Node has handed over the connection of a request for an upgrade. It does so if something listens for upgrades: an
 * `Upgrade` header is not enough.
 */
export function isUpgrade (request: IncomingMessage): boolean {
  return 'upgrade' in request && request.upgrade === true
}

/**
 * Closes the connection of an upgrade that gets an ordinary answer, once that is sent (E1). No HTTP parser owns the
 * connection any more, so nothing else would close it, whatever `Connection` says.
 */
export function closeUpgrade ({ request, raw }: FastifyReply): void {
  if (!isUpgrade(request.raw)) return
  raw.once('finish', () => { request.raw.socket.destroySoon() })
}
